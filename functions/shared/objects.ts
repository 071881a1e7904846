import { fileURLToPath } from 'node:url';
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { ConfigurationError } from './errors.ts';
import { Folder } from './folder.ts';
import type { ObjectReader, ObjectStore, WriteOnceStore } from './object-store.ts';

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

/**
 * Opens a store in which each object is read as it was first written. The lock of a bucket protects versions, but not
 * keys: a newer version can cover a locked one.
 *
 * @param url - as for {@link openObjects}
 */
export function openFirstVersions(url: string): ObjectReader {
  return url.startsWith('s3://') ? new FirstVersions(url.slice('s3://'.length)) : openObjects(url);
}

class FirstVersions implements ObjectReader {
  readonly #bucket: string;
  readonly #client = new S3Client();
  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    let first: string | undefined;
    let page: Partial<ListObjectVersionsCommandOutput> = {};
    do {
      const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
      page = await this.#client.send(
        new ListObjectVersionsCommand({ Bucket: this.#bucket, Prefix: key, KeyMarker, VersionIdMarker }),
      );
      // S3 lists the newest version of a key first.
      first = page.Versions?.filter(({ Key }) => Key === key).at(-1)?.VersionId ?? first;
    } while (page.IsTruncated);
    if (first === undefined) return undefined;
    const answer = await this.#client.send(
      new GetObjectCommand({ Bucket: this.#bucket, Key: key, VersionId: first }),
    );
    return answer.Body?.transformToByteArray();
  }
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
