import { fileURLToPath } from 'node:url';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ConfigurationError } from './errors.ts';
import { Folder } from './folder.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * Opens the store at a URL.
 *
 * @param url - `s3://bucket`, or a `file:` URL of a folder, which the first write creates
 * @throws ConfigurationError for any other URL
 */
export function openObjects(url: string): ObjectStore {
  if (url.startsWith('s3://')) return new Bucket(url.slice('s3://'.length));
  if (url.startsWith('file:')) return new Folder(fileURLToPath(url));
  throw new ConfigurationError(`objects: neither an s3:// nor a file: URL: ${url}`);
}

class Bucket implements ObjectStore {
  readonly #bucket: string;
  readonly #client = new S3Client();
  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body }));
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    try {
      const answer = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      return await answer.Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }
}
