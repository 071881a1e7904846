import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ConfigurationError } from '../shared/errors.ts';

/** What a browser is told that a file is. A kind that is not here is no part of a page. */
const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** A file whose name has a hash of what is in it: the builder puts those into this folder. */
const HASHED = /(^|\/)assets\//;
const FOR_EVER = 'public, max-age=31536000, immutable';
/** Asked for again each time, and answered with "not modified" where it is the same: nothing has to be invalidated. */
const ALWAYS_ASK = 'no-cache';

/**
 * Uploads a built page: first what it loads, then the documents that name it. What was there before stays, so that a
 * page that somebody has open goes on working.
 *
 * @param folder - the built page
 * @returns the keys, in the order in which they were written
 * @throws ConfigurationError if a file is of a kind that no page has, before anything is uploaded
 */
export async function uploadPage(folder: string, bucket: string, client: S3Client): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const keys = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((a, b) => Number(isDocument(a)) - Number(isDocument(b)) || (a < b ? -1 : 1));
  const unknown = keys.filter((key) => !CONTENT_TYPES[extname(key)]);
  if (unknown.length > 0) throw new ConfigurationError(`page: no content type for ${unknown.join(', ')}`);
  for (const key of keys) {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: await readFile(join(folder, key)),
        ContentType: CONTENT_TYPES[extname(key)],
        CacheControl: HASHED.test(key) ? FOR_EVER : ALWAYS_ASK,
      }),
    );
  }
  return keys;
}

const isDocument = (key: string): boolean => extname(key) === '.html';
