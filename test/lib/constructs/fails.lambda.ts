import { S3Client } from '@aws-sdk/client-s3';
import { DatabaseUnreachableError } from '../../../functions/shared/errors.ts';

/** A handler to bundle: it carries an SDK client, and fails with an error that the state machine retries. */
export async function handler(): Promise<never> {
  throw new DatabaseUnreachableError(`no database, but ${S3Client.name}`);
}
