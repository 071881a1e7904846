import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { uploadPage } from '../../../functions/web/upload.ts';
import { useMockClient } from '../../support/mock-client.ts';

const s3 = useMockClient(S3Client);
let folder: string;
beforeEach(async () => {
  s3.reset();
  s3.on(PutObjectCommand).resolves({});
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-page-'));
  await mkdir(join(folder, 'assets'));
  await mkdir(join(folder, '.vite'));
  await writeFile(join(folder, '.vite/manifest.json'), '{}');
  await writeFile(join(folder, 'index.html'), '<html></html>');
  await writeFile(join(folder, 'assets/app-1a2b.js'), 'x');
  await writeFile(join(folder, 'favicon.svg'), '<svg/>');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const upload = () => uploadPage(folder, 'bucket', new S3Client({ region: 'us-east-1' }));
const sent = () => s3.commandCalls(PutObjectCommand).map(({ args }) => args[0].input);

test('uploads documents last, after the assets that they load', async () => {
  expect(await upload()).toEqual(['assets/app-1a2b.js', 'favicon.svg', 'index.html']);
  expect(sent().map(({ Key }) => Key)).toEqual(['assets/app-1a2b.js', 'favicon.svg', 'index.html']);
});

test('lets browsers cache only files with a hash in their names', async () => {
  await upload();
  expect(sent().map(({ ContentType, CacheControl }) => [ContentType, CacheControl])).toEqual([
    ['text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['image/svg+xml', 'no-cache'],
    ['text/html; charset=utf-8', 'no-cache'],
  ]);
});

test('does not upload hidden files of the build', async () => {
  await writeFile(join(folder, '.env'), 'SECRET=1');
  await writeFile(join(folder, 'assets/.DS_Store'), 'x');
  expect(await upload()).toEqual(['assets/app-1a2b.js', 'favicon.svg', 'index.html']);
});

test('refuses a file without a content type before it uploads anything', async () => {
  await writeFile(join(folder, 'assets/app-1a2b.js.map'), '{}');
  await expect(upload()).rejects.toThrow('page: no content type for assets/app-1a2b.js.map');
  expect(sent()).toEqual([]);
});

test('expects hashed names only directly in the assets folder', async () => {
  await mkdir(join(folder, 'other/assets'), { recursive: true });
  await writeFile(join(folder, 'other/assets/plain.css'), 'x');
  await upload();
  expect(sent().find(({ Key }) => Key === 'other/assets/plain.css')?.CacheControl).toBe('no-cache');
});
