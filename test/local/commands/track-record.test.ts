import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Answer, lastLine, newDatabase, refused, runCommand } from './command-support.ts';

let database: string;
let folder: string;
beforeAll(async () => {
  database = await newDatabase();
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-track-record-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the command in this test file's database of the shared server, which it must not stop. */
function here(...args: string[]): Promise<Answer> {
  const where = ['--data-dir', inject('dataDir'), '--database', database];
  return runCommand('track-record.ts', [...args, ...where], { cwd: folder });
}

test('says that no call has a result, as text, JSON and CSV', async () => {
  const { code, out, error } = await here('--json');
  expect({ code, error }).toEqual({ code: 0, error: '' });
  expect(out).toMatch(/^No live call of this selection has a result yet\. A call gets its result when/);
  expect(lastLine(out)).toMatchObject({ kind: 'live', calls: 0, groups: [] });
  const csv = await here('--csv');
  expect(csv).toMatchObject({ code: 0, error: '' });
  expect(csv.out).toMatch(/^kind,profile,label,calls,days,hitRate,[\w.,]+\r\n$/);
});

test.each<[string[], string]>([
  [['--from', '2026-02-30'], '--from "2026-02-30" must be a day such as 2026-03-02'],
  [['--kind', 'all'], '--kind "all" must be one of live, backdated, hindsight, sample'],
  [['--profile', 'bold'], '--profile "bold" must be one of conservative, moderate, aggressive'],
  [['--model', '1'], '--model "1" is not a version such as v1.2.3'],
  [['--csv', '--json'], '--csv does not go with --json'],
  [
    ['--from', '2026-02-01', '--to', '2026-01-01'],
    'from (2026-02-01) must not be later than to (2026-01-01).',
  ],
  [['--model', 'v9.9.9'], 'There is no model version v9.9.9.'],
])('refuses %j with one line and exit code 2', async (args, message) => {
  expect(await here(...args)).toEqual(refused(message));
});
