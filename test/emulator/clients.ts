import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';

/** Clients of the services that an operator uses. */
export type AwsClients = ReturnType<typeof awsClients>;

/**
 * Creates clients for an emulator.
 *
 * @param url - the address of the emulator
 */
export function awsClients(url: string) {
  const options = {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  return {
    // The emulator has no subdomains such as the service's `sync-`.
    states: new SFNClient({ ...options, disableHostPrefix: true }),
    scheduler: new SchedulerClient(options),
    lambda: new LambdaClient(options),
    secrets: new SecretsManagerClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
  };
}
