import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDurably, makeFolder, replaceDurably } from '../../../functions/shared/durable-files.ts';
import { StorageError } from '../../../functions/shared/errors.ts';
import { makeDisk, noDisk, type SmallDisk } from '../../support/small-disk.ts';

let disk: SmallDisk;
const disks: SmallDisk[] = [];
beforeEach(({ skip }) => skip(noDisk !== undefined, noDisk));
beforeAll(async () => {
  if (noDisk) return;
  disk = await makeDisk(16);
  disks.push(disk);
});
afterAll(async () => {
  for (const each of disks) await each.remove();
});

const on = (name: string) => join(disk.folder, name);

describe('a power cut', () => {
  test('keeps what was written durably, and loses what was not', async () => {
    await replaceDurably(on('objects/raw/one'), { body: 'old' });
    await replaceDurably(on('objects/raw/one'), { body: 'new'.repeat(10_000) });
    await createDurably(on('copies/1'), { body: 'a copy' });
    await makeFolder(on('secrets/inner'), 0o700);
    await writeFile(on('careless'), 'lost');
    const after = await disk.afterPowerCut();
    disks.push(after);
    expect(await readdir(after.folder)).toEqual(expect.arrayContaining(['copies', 'objects', 'secrets']));
    expect(await readdir(after.folder)).not.toContain('careless');
    expect(await readFile(join(after.folder, 'objects/raw/one'), 'utf8')).toBe('new'.repeat(10_000));
    expect(await readFile(join(after.folder, 'copies/1'), 'utf8')).toBe('a copy');
    expect(await readdir(join(after.folder, 'secrets'))).toEqual(['inner']);
    expect(await readdir(join(after.folder, 'objects/raw'))).toEqual(['one']);
  });
});

describe('a full disk', () => {
  test('is named with the remedy, keeps the old content, and leaves no part of the new one', async () => {
    await mkdir(on('full'));
    await replaceDurably(on('full/one'), { body: 'old' });
    await disk.fill();
    const body = 'new'.repeat(100_000);
    const error = await replaceDurably(on('full/one'), { body }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(StorageError);
    expect(error.message).toBe(`cannot write ${on('full/one')}: its disk is full: free some space`);
    await expect(createDurably(on('full/two'), { body })).rejects.toThrow(StorageError);
    expect(await readdir(on('full'))).toEqual(['one']);
    expect(await readFile(on('full/one'), 'utf8')).toBe('old');
    await disk.free();
    await replaceDurably(on('full/one'), { body });
    expect(await readFile(on('full/one'), 'utf8')).toBe(body);
  });
});

describe('a read-only disk', () => {
  test('is named with the remedy', async () => {
    disk.setReadOnly(true);
    await expect(replaceDurably(on('read-only'), { body: '' })).rejects.toThrow(
      `cannot write ${on('read-only')}: its file system is read-only: make it writable, or use another folder`,
    );
    await expect(makeFolder(on('new/folder'))).rejects.toThrow(
      `cannot write ${on('new/folder')}: its file system is read-only: make it writable, or use another folder`,
    );
    disk.setReadOnly(false);
  });
});
