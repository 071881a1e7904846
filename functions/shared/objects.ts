import { fileURLToPath } from 'node:url';
import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { ConfigurationError } from './errors.ts';
import { Folder } from './folder.ts';
import type { ObjectStore, WriteOnceStore } from './object-store.ts';

/**
 * Opens the store at a URL.
 *
 * @param url - `s3://bucket`, or a `file:` URL of a folder, which the first write creates
 * @throws ConfigurationError for any other URL
 */
export function openObjects(url: string): ObjectStore & WriteOnceStore {
  if (url.startsWith('s3://')) return new Bucket(url.slice('s3://'.length));
  if (url.startsWith('file:')) return new Folder(fileURLToPath(url));
  throw new ConfigurationError(`objects: neither an s3:// nor a file: URL: ${url}`);
}

class Bucket implements ObjectStore, WriteOnceStore {
  readonly #bucket: string;
  readonly #client = new S3Client();
  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body }));
  }

  async create(key: string, body: Uint8Array): Promise<boolean> {
    try {
      // S3 refuses it if the key has an object. A bucket with Object Lock requires a checksum, which the client adds.
      await this.#client.send(
        new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body, IfNoneMatch: '*' }),
      );
      return true;
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return false;
      throw error;
    }
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
