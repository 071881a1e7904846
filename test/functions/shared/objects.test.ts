import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConfigurationError } from '../../../functions/shared/errors.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import type { ObjectStore, WriteOnceStore } from '../../../functions/shared/object-store.ts';
import { openFirstVersions, openObjects } from '../../../functions/shared/objects.ts';
import { useMockClient } from '../../support/mock-client.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array | undefined) => body && new TextDecoder().decode(body);

describe('a folder', () => {
  let folder: string;
  let objects: ObjectStore & WriteOnceStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'boursomatic-objects-'));
    objects = openObjects(pathToFileURL(join(folder, 'made later')).href);
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('returns an object byte for byte', async () => {
    const body = Uint8Array.from({ length: 256 }, (_, i) => i);
    await objects.put('raw/run-1/AAPL.json.gz', body);
    expect(new Uint8Array(defined(await objects.get('raw/run-1/AAPL.json.gz'), 'object'))).toEqual(body);
  });

  test('returns undefined for a missing key', async () => {
    expect(await objects.get('raw/run-1/AAPL.json.gz')).toBeUndefined();
  });

  test('shows a reader the old object or the new one, never a part', async () => {
    const [old, young] = ['o'.repeat(4_000_000), 'y'.repeat(4_000_000)];
    await objects.put('key', bytes(old));
    let writing = true;
    const write = objects.put('key', bytes(young)).finally(() => {
      writing = false;
    });
    const seen = new Set<string | undefined>();
    while (writing) seen.add(text(await objects.get('key')));
    await write;
    seen.add(text(await objects.get('key')));
    expect([...seen].filter((body) => body !== old)).toEqual([young]);
  });

  test('accepts concurrent writers of one key without leaving partial files', async () => {
    const bodies = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000));
    await Promise.all(bodies.map((body) => objects.put('raw/key', bytes(body))));
    expect(bodies).toContain(text(await objects.get('raw/key')));
    expect(await readdir(join(folder, 'made later', 'raw'))).toEqual(['key']);
  });

  test('creates an object once, and never replaces it', async () => {
    const bodies = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000));
    const created = await Promise.all(bodies.map((body) => objects.create('copies/1.json', bytes(body))));
    expect(created.filter(Boolean)).toHaveLength(1);
    const winner = text(await objects.get('copies/1.json'));
    expect(winner).toBe(bodies[created.indexOf(true)]);
    expect(await objects.create('copies/1.json', bytes('later'))).toBe(false);
    expect(text(await objects.get('copies/1.json'))).toBe(winner);
    expect(await readdir(join(folder, 'made later', 'copies'))).toEqual(['1.json']);
  });

  test('throws errors other than a missing file', async () => {
    await objects.put('raw/key', bytes('a'));
    await expect(objects.get('raw')).rejects.toThrow('EISDIR');
  });
});

describe('a bucket', () => {
  const s3 = useMockClient(S3Client);
  beforeEach(() => {
    s3.reset();
    vi.stubEnv('AWS_REGION', 'eu-west-3');
  });
  afterEach(() => vi.unstubAllEnvs());

  test('creates an object only if its key is free', async () => {
    const objects = openObjects('s3://boursomatic-copies');
    s3.on(PutObjectCommand).resolves({});
    expect(await objects.create('1.json', bytes('body'))).toBe(true);
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({ IfNoneMatch: '*' });
    const refusal = (name: string) =>
      new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: 412 } });
    s3.on(PutObjectCommand).rejects(refusal('PreconditionFailed'));
    expect(await objects.create('1.json', bytes('body'))).toBe(false);
    s3.on(PutObjectCommand).rejects(refusal('AccessDenied'));
    await expect(objects.create('1.json', bytes('body'))).rejects.toThrow();
  });

  test('reads the first version of an object, whatever covers it', async () => {
    const objects = openFirstVersions('s3://boursomatic-copies');
    const first = Object.assign(Readable.from([]), { transformToByteArray: async () => bytes('first') });
    s3.on(ListObjectVersionsCommand).callsFake(({ KeyMarker }) =>
      KeyMarker
        ? {
            Versions: [
              { Key: '1.json', VersionId: 'a' },
              { Key: '1.json.other', VersionId: 'z' },
            ],
          }
        : { Versions: [{ Key: '1.json', VersionId: 'b' }], IsTruncated: true, NextKeyMarker: '1.json' },
    );
    s3.on(GetObjectCommand, { Key: '1.json', VersionId: 'a' }).resolves({ Body: first as never });
    expect(text(await objects.get('1.json'))).toBe('first');
    s3.on(ListObjectVersionsCommand).resolves({});
    expect(await objects.get('1.json')).toBeUndefined();
  });

  test('writes and reads an object by key', async () => {
    const objects = openObjects('s3://boursomatic-raw');
    s3.on(PutObjectCommand).resolves({});
    await objects.put('raw/run-1/AAPL.json.gz', bytes('body'));
    expect(s3.commandCalls(PutObjectCommand).map((call) => call.args[0].input)).toEqual([
      { Bucket: 'boursomatic-raw', Key: 'raw/run-1/AAPL.json.gz', Body: bytes('body') },
    ]);

    const body = Object.assign(Readable.from([]), { transformToByteArray: async () => bytes('stored') });
    s3.on(GetObjectCommand, { Bucket: 'boursomatic-raw', Key: 'scores/run-1' }).resolves({
      Body: body as never,
    });
    expect(text(await objects.get('scores/run-1'))).toBe('stored');
  });

  test('returns undefined where S3 has no such key', async () => {
    s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'no such key', $metadata: {} }));
    expect(await openObjects('s3://bucket').get('key')).toBeUndefined();
  });

  test('throws when S3 refuses a request', async () => {
    s3.on(GetObjectCommand).rejects(Object.assign(new Error('Access Denied'), { name: 'AccessDenied' }));
    s3.on(PutObjectCommand).rejects(Object.assign(new Error('Access Denied'), { name: 'AccessDenied' }));
    await expect(openObjects('s3://bucket').get('key')).rejects.toThrow('Access Denied');
    await expect(openObjects('s3://bucket').put('key', bytes(''))).rejects.toThrow('Access Denied');
  });
});

test.each(['https://example.test/bucket', '/tmp/objects', ''])('rejects %j as an object store', (url) => {
  expect(() => openObjects(url)).toThrow(ConfigurationError);
});
