import { chmod, mkdir, mkdtemp, readdir, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownerText } from '../../../local/installation/folder-lock.ts';
import { runCommand } from './command-support.ts';

let folder: string;
/** The data folder of an installation without a database. */
let data: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boursomatic-data-')));
  // The server's user must be able to enter it.
  await chmod(folder, 0o755);
  data = join(folder, 'data');
  await mkdir(join(data, 'secrets'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...args: string[]) => runCommand('data.ts', args);

test('moves the folder behind a symbolic link', async () => {
  await symlink(data, join(folder, 'link'));
  const { code } = await run('move', join(folder, 'new'), '--data-dir', join(folder, 'link'));
  expect(code).toBe(0);
  expect(await readdir(join(folder, 'new'))).toEqual(['secrets']);
  await expect(stat(data)).rejects.toThrow('ENOENT');
});

test('removes the folder behind a symbolic link', async () => {
  await symlink(data, join(folder, 'link'));
  const { code } = await run('remove', '--yes', '--data-dir', join(folder, 'link'));
  expect(code).toBe(0);
  expect(await readdir(folder)).toEqual(['link']);
});

test('does not remove the source of a copy that was started again', async () => {
  const copy = join(folder, 'copy');
  await mkdir(join(copy, 'secrets'), { recursive: true });
  await writeFile(join(copy, 'moved-from'), data);
  await writeFile(join(data, 'owner.pid'), await ownerText(process.pid));
  const { code, error } = await run('move', copy, '--data-dir', data);
  expect(code).toBe(1);
  expect(error).toContain(`is in use by process ${process.pid}`);
  await rm(join(data, 'owner.pid'));
  expect((await run('move', copy, '--data-dir', data)).code).toBe(0);
  expect(await readdir(folder)).toEqual(['copy']);
  expect(await readdir(copy)).toEqual(['secrets']);
});
