import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginLog, lastError, readLog, saysDiskFull } from '../../../local/installation/postgres-log.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-log-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a start writes behind the log of earlier ones, and renames a long one', async () => {
  const path = join(folder, 'server.log');
  expect(await beginLog(path)).toBe(0);
  await writeFile(path, 'earlier\n');
  const from = await beginLog(path);
  await writeFile(path, 'now\n', { flag: 'a' });
  expect(await readLog(path, from)).toBe('now\n');
  await writeFile(path, Buffer.alloc(10 * 2 ** 20 + 1));
  expect(await beginLog(path)).toBe(0);
  expect(await readdir(folder)).toEqual(['server.log.1']);
});

test('names the last error of a log, and a full disk', () => {
  const log = [
    'LOG:  starting PostgreSQL',
    'FATAL:  could not write to file "pg_wal/xlogtemp.1": No space left on device',
    'LOG:  database system is shut down',
  ].join('\n');
  expect(lastError(log)).toMatch(/^LOG: {2}starting PostgreSQL \| FATAL: .* No space left on device$/);
  expect(saysDiskFull(log)).toBe(true);
  expect(saysDiskFull('FATAL:  could not create lock file: Permission denied')).toBe(false);
  expect(lastError('a\nb\nc\nd\n')).toBe('b | c | d');
});
