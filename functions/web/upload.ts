import { readFile } from 'node:fs/promises';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { listPage } from './page-files.ts';

/**
 * Uploads a built page: assets first, then the documents that load them. Older files stay in the bucket, so that open
 * pages keep working.
 *
 * @param folder - the built page
 * @returns the keys in the order of the uploads
 * @throws ConfigurationError if a file has an extension without a content type; nothing is uploaded then
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
