import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { ENV } from '../shared/constants.ts';
import { readEnvironment } from '../shared/environment.ts';
import { log } from '../shared/telemetry.ts';
import { uploadPage } from './upload.ts';

const Environment = z.object({ [ENV.pageBucket]: z.string(), [ENV.pageFolder]: z.string() });

const client = new S3Client();

/** Uploads the page that this function's package contains. */
export async function handler(): Promise<{ files: number }> {
  const environment = readEnvironment(Environment);
  const keys = await uploadPage(environment.PAGE_FOLDER, environment.PAGE_BUCKET, client);
  log('info', 'page', { files: keys.length });
  return { files: keys.length };
}
