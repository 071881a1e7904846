import { randomUUID } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { defined } from '../../../functions/shared/invariant.ts';
import { DAY, useSimulatedRun } from '../../functions/infer/replay-support.ts';
import { type Answer, lastLine, refused, runCommand } from './command-support.ts';

const { db } = useSimulatedRun(50);
let database: string;
let id: string;
let stop: number;
beforeAll(async () => {
  const [row] = await db.sql<{ name: string; id: string; stop_loss: number }[]>`
    SELECT current_database() AS name, r.id, r.stop_loss FROM recommendations r
    JOIN instruments i ON i.id = r.instrument_id WHERE i.symbol = 'S00007' AND profile = 'moderate'`;
  ({ name: database, id, stop_loss: stop } = defined(row, 'call'));
});

/** Runs the command in the database of the shared server, which it must not stop. */
const here = (...args: string[]): Promise<Answer> =>
  runCommand('replay.ts', [...args, '--data-dir', inject('dataDir'), '--database', database]);

describe('npm run replay -- ID', () => {
  test('says that a call is equal, and follows from its bars', async () => {
    const { code, out, error } = await here(id, '--json');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(
      /^S00007, moderate, (BUY|HOLD|SELL) as of 2026-03-03, published on .* UTC by model v1\.0\.0\n/,
    );
    expect(out).toContain('\nReplay: equal. The snapshot leads to every published value, to the bit.\n');
    expect(out).toMatch(
      /\nBars: the snapshot follows from 262 bars as they were when the call was\s+published\.\n/,
    );
    expect(out).toContain('\nRanks: equal to those of the features that are stored today.\n');
    expect(lastLine(out)).toMatchObject({ id, isEqual: true, snapshot: { follows: true } });
  });

  test('exits 1 and shows both values if one differs', async () => {
    await db.sql`UPDATE recommendations SET stop_loss = 1.5 WHERE id = ${id}`;
    const { code, out, error } = await here(id);
    await db.sql`UPDATE recommendations SET stop_loss = ${stop} WHERE id = ${id}`;
    expect({ code, error }).toEqual({ code: 1, error: '' });
    expect(out).toContain('Replay: different in 1 value.');
    expect(out).toMatch(new RegExp(`stopLoss +│ +1.5 +│ +${stop} `));
  });

  test('exits 1 if the snapshot does not follow from the bars', async () => {
    await db.sql`
      UPDATE price_bars SET c = c * 1.001 WHERE ts = ${DAY}
        AND instrument_id = (SELECT instrument_id FROM recommendations WHERE id = ${id})`;
    const { code, out } = await here(id);
    await db.sql`
      UPDATE price_bars SET c = c / 1.001 WHERE ts = ${DAY}
        AND instrument_id = (SELECT instrument_id FROM recommendations WHERE id = ${id})`;
    expect(code).toBe(1);
    expect(out).toContain('Replay: equal.');
    expect(out).toContain('Bars: the snapshot does not follow from 262 bars');
    expect(out).toMatch(/close_price +│/);
  });

  test('exits 1 with one line if the release is gone', async () => {
    const folder = join(db.objects, 'models', 'v1.0.0');
    await rename(folder, `${folder}-gone`);
    const answer = await here(id);
    const all = await here('--all');
    await rename(`${folder}-gone`, folder);
    expect(answer).toEqual({
      code: 1,
      out: '',
      error: 'boursomatic: the call cannot be replayed: model v1.0.0/manifest.json: is missing\n',
    });
    expect(all.code).toBe(1);
    expect(all.out).toMatch(/^150 calls: 0 equal, 0 different, 150 not replayable\./);
    expect(all.out).toContain('release_missing: model v1.0.0/manifest.json: is missing');
  });

  test('exits 2 for an unknown id', async () => {
    const unknown = randomUUID();
    expect(await here(unknown)).toEqual(refused(`replay: there is no call ${unknown}`));
  });
});

describe('npm run replay -- --all', () => {
  test('counts the equal calls', async () => {
    const { code, out, error } = await here('--all', '--day', DAY, '--json');
    expect({ code, out: out.split('\n')[0] }).toEqual({
      code: 0,
      out: '150 calls: 150 equal, 0 different, 0 not replayable.',
    });
    expect(error).toMatch(/Replayed 150 calls in \d+\.\d s\.\n$/);
    expect(lastLine(out)).toEqual({ calls: 150, equal: 150, recorded: 0, different: 0, notReplayable: {} });
  });

  test('exits 1 and lists the different ones', async () => {
    await db.sql`UPDATE recommendations SET stop_loss = 1.5 WHERE id = ${id}`;
    const { code, out } = await here('--all');
    await db.sql`UPDATE recommendations SET stop_loss = ${stop} WHERE id = ${id}`;
    expect(code).toBe(1);
    expect(out).toMatch(/^150 calls: 149 equal, 1 different, 0 not replayable\./);
    expect(out).toMatch(new RegExp(`${id} +│ +S00007 +│ +moderate +│ +stopLoss`));
  });
});

test.each<[string[], string]>([
  [[], 'replay needs the ID of a call, or --all'],
  [['AAPL'], 'replay: "AAPL" is not the id of a call, which is a UUID'],
  [['--all', 'AAPL'], 'replay: give an ID or --all, not both'],
  [['a', 'b'], 'replay: unexpected argument "b"'],
  [[randomUUID(), '--day', DAY], '--day goes only with --all'],
  [['--all', '--day', '1'], '--day "1" is not a date such as 2024-02-29'],
])('%s is refused with exit 2', async (args, message) => {
  expect(await runCommand('replay.ts', args)).toEqual(refused(message));
});
