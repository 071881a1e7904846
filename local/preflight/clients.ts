import { AccountClient } from '@aws-sdk/client-account';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { ConfigurationError } from '../../functions/shared/errors.ts';

/** AWS's clients. Only operations that read are called. */
export type Clients = ReturnType<typeof makeClients>;

/** Makes the clients of a region, with the credentials of the environment. */
export function makeClients(region: string) {
  return {
    // Account and CloudFront have one endpoint for all regions.
    account: new AccountClient({ region: 'us-east-1' }),
    cloudFormation: new CloudFormationClient({ region }),
    cloudFront: new CloudFrontClient({ region: 'us-east-1' }),
    lambda: new LambdaClient({ region }),
    quotas: new ServiceQuotasClient({ region }),
    rds: new RDSClient({ region }),
    secrets: new SecretsManagerClient({ region }),
    ses: new SESv2Client({ region }),
    ssm: new SSMClient({ region }),
    sts: new STSClient({ region }),
  };
}

/**
 * Reads the region that the credentials use.
 *
 * @throws ConfigurationError if neither the environment nor the profile names one
 */
export async function readRegion(): Promise<string> {
  try {
    return await new STSClient({}).config.region();
  } catch (error) {
    throw new ConfigurationError('no region is set: set AWS_REGION, or choose a profile with AWS_PROFILE', {
      cause: error,
    });
  }
}
