import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, inject, test } from 'vitest';
import { retrainApart } from '../../../local/training/retrain-apart.ts';
import { useTestDatabase } from '../../support/database.ts';

const db = useTestDatabase();
let args: string[];
beforeAll(() => {
  args = ['--data-dir', inject('dataDir'), '--database', basename(db.objects)];
});

/** The priorities of this process's retrainings. */
function priorities(): number[] {
  const children = execFileSync('ps', ['-e', '-o', 'ppid=,ni=,args='], { encoding: 'utf8' }).split('\n');
  return children
    .filter((line) => line.includes('commands/retrain.ts') && line.includes(args.join(' ')))
    .map((line) => Number(line.trim().split(/\s+/)[1]));
}

test('fails with the reason of the command', async () => {
  await expect(retrainApart(args, new AbortController().signal)).rejects.toMatchObject({
    code: 'retraining',
    message: expect.stringMatching(/^retraining needs 200 instruments .* the database has 0 instruments/),
  });
});

test('runs with the lowest priority, and stops when the signal aborts', async () => {
  const stopping = new AbortController();
  const retraining = retrainApart(args, stopping.signal);
  expect(priorities()).toEqual([19]);
  stopping.abort(new Error('the service stops'));
  await expect(retraining).rejects.toThrow('the service stops');
  for (let i = 0; i < 100 && priorities().length > 0; i++) await setTimeout(50);
  expect(priorities()).toEqual([]);
});
