import { S3Client } from '@aws-sdk/client-s3';
import { DatabaseUnreachableError } from '../../../functions/shared/errors.ts';

/** A handler for bundling tests: it uses an SDK client, and throws an error that the state machine retries. */
export async function handler(): Promise<never> {
  throw new DatabaseUnreachableError(`no database, but ${S3Client.name}`);
}
