import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ConfigurationError } from './errors.ts';

/** Where raw records, scores and model releases are kept: a bucket or a folder. */
export interface ObjectStore {
  /** Writes an object whole: a reader sees the old one or the new one, never a part. */
  put(key: string, body: Uint8Array): Promise<void>;
  /** Reads an object; undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
}

/**
 * Opens the store at a URL.
 *
 * @param url - `s3://bucket` or a `file:` URL of a folder, which is made on the first write
 * @throws ConfigurationError for any other URL
 */
export function openObjects(url: string): ObjectStore {
  if (url.startsWith('s3://')) return new Bucket(url.slice('s3://'.length));
  if (url.startsWith('file:')) return new Folder(fileURLToPath(url));
  throw new ConfigurationError(`objects: neither an s3:// nor a file: URL: ${url}`);
}

class Folder implements ObjectStore {
  readonly #root: string;
  constructor(root: string) {
    this.#root = root;
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    const path = join(this.#root, key);
    await mkdir(dirname(path), { recursive: true });
    const partial = `${path}.${randomUUID()}.partial`;
    await writeFile(partial, body);
    await rename(partial, path);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#root, key));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }
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
