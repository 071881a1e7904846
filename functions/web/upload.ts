import { readFile } from 'node:fs/promises';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { listPage } from './page-files.ts';

/**
 * Uploads a built page: first what it loads, then the documents that name it. What was there before stays, so that a
 * page that somebody has open goes on working.
 *
 * @param folder - the built page
 * @returns the keys, in the order in which they were written
 * @throws ConfigurationError if a file is of a kind that no page has, before anything is uploaded
 */
export async function uploadPage(folder: string, bucket: string, client: S3Client): Promise<string[]> {
  const keys: string[] = [];
  for (const { path, place, contentType, cacheControl } of await listPage(folder)) {
    const key = path.slice(1);
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: await readFile(place),
        ContentType: contentType,
        CacheControl: cacheControl,
      }),
    );
    keys.push(key);
  }
  return keys;
}
