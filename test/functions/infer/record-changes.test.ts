import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sql } from '../../../functions/shared/database.ts';
import { useTestDatabase } from '../../support/database.ts';
import { CALLED, publishDay, readStored } from './changes-support.ts';
import { type DayBar, insertBars, restateBars } from './score-support.ts';
import { daysUpTo, seedBars, seedInstruments, seedModel, seedRun } from './support.ts';

/** Sessions before the tests' days, all with a close of 100. */
const BEFORE = daysUpTo('2026-03-02', 30);

const db = useTestDatabase();
let pipeline: Sql;
let model: string;
let aapl: string;
let msft: string;
beforeAll(() => {
  pipeline = db.client('pipeline');
});
beforeEach(async () => {
  await db.sql`TRUNCATE recommendations, model_versions, pipeline_runs, instruments, price_bars, bar_revisions,
    corporate_actions, outcome_backlog CASCADE`;
  // All calls are then of one kind, whatever today is.
  await db.sql`UPDATE data_origin SET is_sample = true`;
  model = await seedModel(db.sql);
  [aapl = '', msft = ''] = await seedInstruments(db.sql, ['AAPL', 'MSFT']);
  for (const run of ['run-1', 'run-2']) await seedRun(db.sql, run);
  for (const id of [aapl, msft])
    await seedBars(
      db.sql,
      id,
      BEFORE.map((day) => ({ day, close: 100 })),
    );
});

const publish = (asOf: string, calls: Parameters<typeof publishDay>[2], runId?: string) =>
  publishDay(pipeline, { asOf, model, ...(runId !== undefined && { runId }) }, calls);
const kinds = async (profile?: string) =>
  (await readStored(db.sql, profile)).map(({ symbol, kind, from, to, day }) =>
    [symbol, kind, from, to, day].join(' '),
  );
/** Forgets the changes of the first calls, so that a test names what follows. */
const forget = () => db.sql`TRUNCATE call_changes`;

describe('a new call', () => {
  test('is new once per stock and profile', async () => {
    await publish('2026-03-02', { [aapl]: CALLED.BUY, [msft]: CALLED.HOLD });
    expect(await kinds()).toEqual(['MSFT new  HOLD 2026-03-02', 'AAPL new  BUY 2026-03-02']);
    expect(await db.sql`SELECT DISTINCT publication_id FROM call_changes`).toEqual([{ publication_id: 1 }]);
    await publish('2026-03-03', { [aapl]: CALLED.BUY, [msft]: CALLED.HOLD });
    expect(await db.sql`SELECT count(*)::int AS n FROM call_changes`).toEqual([{ n: 6 }]);
  });

  test('changes the label if the call before has another one', async () => {
    await publish('2026-03-02', { [aapl]: CALLED.BUY, [msft]: CALLED.BUY });
    await forget();
    await publish('2026-03-03', { [aapl]: CALLED.SELL, [msft]: CALLED.BUY });
    await publish('2026-03-04', { [aapl]: CALLED.HOLD, [msft]: CALLED.BUY });
    expect(await kinds()).toEqual(['AAPL label BUY SELL 2026-03-03', 'AAPL label SELL HOLD 2026-03-04']);
    const links = await db.sql`
      SELECT n.label AS to, n.as_of = c.as_of AS same_day, p.label AS from, p.as_of < c.as_of AS earlier
      FROM call_changes c JOIN recommendations n ON n.id = c.recommendation_id JOIN recommendations p ON p.id = c.previous_id
      WHERE c.profile = 'moderate' ORDER BY c.id`;
    expect(links).toEqual([
      { to: 'SELL', same_day: true, from: 'BUY', earlier: true },
      { to: 'HOLD', same_day: true, from: 'SELL', earlier: true },
    ]);
  });

  test('changes the label in the profiles alone whose label differs', async () => {
    await publish('2026-03-02', { [aapl]: CALLED.BUY });
    await forget();
    // Among the best 4%: still a BUY for two profiles.
    await publish('2026-03-03', { [aapl]: { place: 0.04 } });
    expect(await kinds('conservative')).toEqual(['AAPL label BUY HOLD 2026-03-03']);
    expect(await kinds('moderate')).toEqual([]);
    expect(await kinds('aggressive')).toEqual([]);
  });

  test('of the same day changes the label if it replaces the call of that day', async () => {
    await publish('2026-03-02', { [aapl]: CALLED.BUY });
    await publish('2026-03-02', { [aapl]: CALLED.HOLD }, 'run-2');
    expect(await kinds()).toEqual(['AAPL new  BUY 2026-03-02', 'AAPL label BUY HOLD 2026-03-02']);
  });

  test('changes nothing if the run or its content is repeated', async () => {
    await publish('2026-03-02', { [aapl]: CALLED.BUY });
    await publish('2026-03-03', { [aapl]: CALLED.HOLD });
    const before = await db.sql`SELECT * FROM call_changes ORDER BY id`;
    await publish('2026-03-03', { [aapl]: CALLED.HOLD });
    await publish('2026-03-03', { [aapl]: CALLED.HOLD }, 'run-2');
    expect(await db.sql`SELECT * FROM call_changes ORDER BY id`).toEqual(before);
  });

  test('changes nothing as history of an earlier day', async () => {
    await publish('2026-03-02', { [aapl]: CALLED.BUY });
    const before = await kinds();
    await publish('2026-02-27', { [aapl]: CALLED.SELL, [msft]: CALLED.BUY }, 'run-2');
    expect(await kinds()).toEqual([...before, 'MSFT new  BUY 2026-02-27']);
  });

  test('is the first one after history that was never active', async () => {
    await publish('2026-03-02', { [aapl]: CALLED.BUY });
    await publish('2026-02-27', { [aapl]: CALLED.SELL }, 'run-2');
    await publish('2026-03-03', { [aapl]: CALLED.HOLD });
    expect(await kinds()).toEqual(['AAPL new  BUY 2026-03-02', 'AAPL label BUY HOLD 2026-03-03']);
  });

  test.each([
    ['hindsight', '2099-01-01'],
    ['backdated', '2020-01-01'],
  ])('changes nothing if it is %s', async (kind, dataTo) => {
    await db.sql`UPDATE data_origin SET is_sample = false`;
    await db.sql`UPDATE model_versions SET data_to = ${dataTo}`;
    await publish('2026-03-02', { [aapl]: CALLED.BUY });
    await publish('2026-03-03', { [aapl]: CALLED.HOLD });
    expect(await db.sql`SELECT DISTINCT kind FROM recommendations`).toEqual([{ kind }]);
    expect(await kinds()).toEqual([]);
  });

  test('is a change if it is live', async () => {
    await db.sql`UPDATE data_origin SET is_sample = false`;
    await db.sql`UPDATE model_versions SET data_to = '2020-01-01'`;
    const [yesterday = '', today = ''] = daysUpTo(new Date().toISOString().slice(0, 10), 2);
    await publish(yesterday, { [aapl]: CALLED.BUY });
    await publish(today, { [aapl]: CALLED.HOLD });
    expect(await kinds()).toEqual([`AAPL new  BUY ${yesterday}`, `AAPL label BUY HOLD ${today}`]);
  });
});

describe('a call that is not renewed', () => {
  beforeEach(async () => {
    await publish('2026-03-02', { [aapl]: CALLED.BUY, [msft]: CALLED.HOLD });
    await forget();
  });

  test('is withheld once, when its data are more than seven days old', async () => {
    await publish('2026-03-09', { [msft]: CALLED.HOLD });
    expect(await kinds()).toEqual([]);
    await publish('2026-03-10', { [msft]: CALLED.HOLD });
    await publish('2026-03-11', { [msft]: CALLED.HOLD });
    expect(await kinds()).toEqual(['AAPL withheld BUY  2026-03-10']);
    expect((await readStored(db.sql))[0]?.detail).toEqual({ reason: 'too_old' });
  });

  test('is withheld by a run that publishes nothing', async () => {
    await publish('2026-03-10', {});
    expect(await kinds()).toEqual(['MSFT withheld HOLD  2026-03-10', 'AAPL withheld BUY  2026-03-10']);
    expect(await db.sql`SELECT DISTINCT publication_id FROM call_changes`).toEqual([
      { publication_id: null },
    ]);
  });

  test('is not withheld by a run of other stocks', async () => {
    await db.sql`UPDATE pipeline_runs SET input = '{"symbols": ["MSFT"]}' WHERE id = 'run-2'`;
    await publish('2026-03-10', { [msft]: CALLED.HOLD }, 'run-2');
    expect(await kinds()).toEqual([]);
  });

  test.each(['BUY', 'SELL'] as const)('is back with the next call, here %s', async (label) => {
    await publish('2026-03-10', { [msft]: CALLED.HOLD });
    await publish('2026-03-11', { [aapl]: CALLED[label], [msft]: CALLED.HOLD });
    await publish('2026-03-12', { [aapl]: CALLED[label], [msft]: CALLED.HOLD });
    expect(await kinds()).toEqual(['AAPL withheld BUY  2026-03-10', `AAPL back BUY ${label} 2026-03-11`]);
  });

  test('changes its label, and is not back, if no run withheld it', async () => {
    await publish('2026-03-20', { [aapl]: CALLED.SELL, [msft]: CALLED.HOLD });
    expect(await kinds()).toEqual(['AAPL label BUY SELL 2026-03-20']);
  });

  test('is withheld when its stock leaves, and back when it returns', async () => {
    await db.sql`UPDATE instruments SET is_active = false WHERE id = ${aapl}`;
    await publish('2026-03-03', { [msft]: CALLED.HOLD });
    expect((await readStored(db.sql)).map(({ kind, detail }) => [kind, detail])).toEqual([
      ['withheld', { reason: 'not_covered' }],
    ]);
    await db.sql`UPDATE instruments SET is_active = true WHERE id = ${aapl}`;
    await publish('2026-03-04', { [aapl]: CALLED.BUY, [msft]: CALLED.HOLD });
    expect(await kinds()).toEqual(['AAPL withheld BUY  2026-03-03', 'AAPL back BUY BUY 2026-03-04']);
  });
});

/** Conservative levels of a BUY: 92 and 112. Of a SELL: 108 and 88. */
describe('a level', () => {
  const bars = (...rows: DayBar[]) => insertBars(db.sql, aapl, rows);
  const levels = async () =>
    (await readStored(db.sql)).map(({ kind, from, to, day, detail }) => ({ kind, from, to, day, ...detail }));

  test.each<[string, 'BUY' | 'SELL' | 'HOLD', DayBar, object | undefined]>([
    [
      'stop of a BUY by its low',
      'BUY',
      ['2026-03-03', 99, 101, 91.5, 95],
      { kind: 'stop', level: 92, price: 91.5 },
    ],
    ['stop of a BUY exactly', 'BUY', ['2026-03-03', 99, 101, 92, 95], { kind: 'stop', level: 92, price: 92 }],
    [
      'target of a BUY by its high',
      'BUY',
      ['2026-03-03', 99, 113, 98, 112],
      { kind: 'target', level: 112, price: 113 },
    ],
    [
      'stop of a SELL by its high',
      'SELL',
      ['2026-03-03', 99, 109, 98, 100],
      { kind: 'stop', level: 108, price: 109 },
    ],
    [
      'target of a SELL by its low',
      'SELL',
      ['2026-03-03', 99, 101, 87, 90],
      { kind: 'target', level: 88, price: 87 },
    ],
    [
      'stop first if one day reaches both',
      'BUY',
      ['2026-03-03', 99, 113, 91, 100],
      { kind: 'stop', level: 92, price: 91 },
    ],
    ['nothing between them', 'BUY', ['2026-03-03', 99, 111, 93, 100], undefined],
    ['nothing of a HOLD', 'HOLD', ['2026-03-03', 99, 113, 80, 100], undefined],
  ])('reaches the %s', async (_, label, bar, found) => {
    await publish('2026-03-02', { [aapl]: CALLED[label] });
    await forget();
    await bars(bar);
    await publish('2026-03-03', { [aapl]: CALLED[label] });
    expect(await levels()).toEqual(found ? [{ from: label, to: null, day: '2026-03-03', ...found }] : []);
  });

  test('is reached next to a change of the label', async () => {
    await publish('2026-03-02', { [aapl]: CALLED.BUY });
    await forget();
    await bars(['2026-03-03', 99, 101, 91, 95]);
    await publish('2026-03-03', { [aapl]: CALLED.HOLD });
    expect(await kinds()).toEqual(['AAPL stop BUY  2026-03-03', 'AAPL label BUY HOLD 2026-03-03']);
  });

  test('is reached by the first bar that does, once per call, in a run without calls too', async () => {
    await publish('2026-03-02', { [aapl]: CALLED.BUY });
    await forget();
    await bars(
      ['2026-03-03', 99, 101, 95, 99],
      ['2026-03-04', 99, 101, 91, 95],
      ['2026-03-05', 99, 115, 90, 95],
    );
    await publish('2026-03-04', {});
    await publish('2026-03-05', {});
    expect(await levels()).toEqual([
      { kind: 'stop', from: 'BUY', to: null, day: '2026-03-04', level: 92, price: 91 },
    ]);
  });

  test('is not reached by the bar of the call, a bar after the as-of, or one after the horizon', async () => {
    await bars(...daysUpTo('2026-03-22', 20).map((day): DayBar => [day, 100, 101, 99, 100]), [
      '2026-03-23',
      99,
      101,
      91,
      95,
    ]);
    await publish('2026-03-02', { [aapl]: CALLED.BUY });
    await db.sql`UPDATE price_bars SET l = 50 WHERE instrument_id = ${aapl} AND ts = '2026-03-02'`;
    await forget();
    await publish('2026-03-22', {});
    await publish('2026-03-23', {});
    expect((await readStored(db.sql)).map(({ kind }) => kind)).toEqual(['withheld']);
  });

  test('is converted to the units of the bars after a split', async () => {
    await publish('2026-03-02', { [aapl]: CALLED.BUY });
    await forget();
    await restateBars(db.sql, aapl, { from: '2026-01-01', to: '2026-03-02', factor: 0.5 });
    await bars(['2026-03-03', 50, 51, 49, 50]);
    await publish('2026-03-03', {});
    expect(await levels()).toEqual([]);
    await bars(['2026-03-04', 47, 48, 45, 46]);
    await publish('2026-03-04', {});
    expect(await levels()).toEqual([
      { kind: 'stop', from: 'BUY', to: null, day: '2026-03-04', level: 92, price: 90 },
    ]);
  });
});

test('concurrent runs store each change once, with times in the order of the ids', async () => {
  for (let run = 3; run < 7; run++) await seedRun(db.sql, `run-${run}`);
  await publish('2026-03-02', { [aapl]: CALLED.BUY, [msft]: CALLED.BUY });
  await forget();
  const runs = ['run-3', 'run-4', 'run-5', 'run-6'];
  await Promise.all(runs.map((run) => publish('2026-03-03', { [aapl]: CALLED.SELL }, run)));
  expect(await kinds()).toEqual(['AAPL label BUY SELL 2026-03-03']);
  await Promise.all(
    runs.map((run, i) => publish('2026-03-04', { [aapl]: i % 2 ? CALLED.BUY : CALLED.HOLD }, run)),
  );
  const rows = await db.sql<{ occurred_at: Date; previous_id: string; recommendation_id: string }[]>`
    SELECT occurred_at, previous_id, recommendation_id FROM call_changes WHERE profile = 'conservative' ORDER BY id`;
  const times = rows.map(({ occurred_at }) => occurred_at.getTime());
  expect(times).toEqual([...times].sort((a, b) => a - b));
  // Each change follows the one before: no run compared itself with a call that another run had replaced.
  expect(rows.slice(1).map((row) => row.previous_id)).toEqual(
    rows.slice(0, -1).map((row) => row.recommendation_id),
  );
});

test('later bars change nothing, and repeated or earlier runs add nothing', async () => {
  const days = daysUpTo('2026-04-11', 40);
  // Prices swing by up to a fifth around 100, and calls change often: both in no rhythm, and the same in each test.
  const swing = (day: number, step: number) => 100 * (1 + 0.2 * Math.sin(day * day * 1.7 + step * 2.9));
  const barOf = (day: string, n: number): DayBar => {
    const [open, close] = [swing(n, 1), swing(n, 2)];
    return [day, open, Math.max(open, close), Math.min(open, close), close];
  };
  const bars = days.map(barOf);
  const labelOf = (n: number) => (['BUY', 'SELL', 'HOLD', 'BUY'] as const)[(n * n) % 4] ?? 'HOLD';
  const callsOf = (n: number): Parameters<typeof publishDay>[2] => {
    const inputs = { close_price: bars[n]?.[4] ?? 0, atr_14: 4, vol_20d: 0.2, ret_20d: 0.08 };
    const call = { ...CALLED[labelOf(n)], inputs };
    // In some weeks, no run can renew the calls.
    return n % 20 < 11 ? { [aapl]: call, [msft]: call } : {};
  };
  await db.sql`DELETE FROM price_bars`;
  await db.sql`SELECT ensure_partitions('daily', ${days[0] ?? ''}, ${days.at(-1) ?? ''})`;
  // The bars of one stock arrive day by day. Those of the other one are all there from the first run on.
  await insertBars(db.sql, msft, bars);
  for (const [n, day] of days.entries()) {
    await insertBars(db.sql, aapl, bars.slice(n, n + 1));
    await publish(day, callsOf(n));
  }
  const all = await readStored(db.sql);
  const of = (symbol: string) =>
    all.filter((row) => row.symbol === symbol).map(({ symbol: _, ...row }) => row);
  expect(of('AAPL')).toEqual(of('MSFT'));
  expect(new Set(all.map(({ kind }) => kind))).toEqual(
    new Set(['new', 'label', 'stop', 'target', 'withheld', 'back']),
  );
  for (const [n, day] of days.entries()) await publish(day, callsOf(n));
  expect(await readStored(db.sql)).toEqual(all);
}, 60_000);
