import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sql } from '../../../functions/shared/database.ts';
import { useTestDatabase } from '../../support/database.ts';
import { type CallSeed, type DayBar, insertBars, restateBars, scoreUpTo, seedCall } from './score-support.ts';
import { daysUpTo, seedBars, seedInstruments, seedModel, seedRun } from './support.ts';

/** Twelve sessions up to the as-of, all with a close of 100, and the four after it. */
const BEFORE = daysUpTo('2026-01-12', 12);
const AS_OF = '2026-01-12';
const AFTER: DayBar[] = [
  ['2026-01-13', 101, 104, 100, 103],
  ['2026-01-14', 103, 106, 102, 105],
  ['2026-01-15', 105, 109, 104, 108],
  ['2026-01-16', 108, 109, 107, 108],
];
const LAST = '2026-01-16';

const db = useTestDatabase();
let pipeline: Sql;
let instrument: string;
beforeAll(() => {
  pipeline = db.client('pipeline');
});
beforeEach(async () => {
  await db.sql`TRUNCATE recommendations, model_versions, pipeline_runs, instruments, price_bars, bar_revisions,
    outcome_backlog, market_return_backlog, track_record_market_returns CASCADE`;
  [instrument = ''] = await seedInstruments(db.sql, ['AAPL']);
  await seedModel(db.sql);
  await seedRun(db.sql, 'run-1');
  await seedBars(
    db.sql,
    instrument,
    BEFORE.map((day) => ({ day, close: 100 })),
  );
});

const call = (seed: Partial<CallSeed> = {}) =>
  seedCall(db.sql, { instrument, asOf: AS_OF, horizon: 3, close: 100, ...seed });
const restate = (from: string, to: string, factor: number) =>
  restateBars(db.sql, instrument, { from, to, factor });
const score = () => scoreUpTo(LAST, pipeline);

/** The outcomes without their keys and times, with prices and returns rounded. */
async function outcomes(table = 'recommendation_outcomes') {
  const rows = await db.sql<Record<string, unknown>[]>`SELECT * FROM ${db.sql(table)} ORDER BY scored_at`;
  return rows.map(({ recommendation_id, exit_ts, scored_at, revision, ...row }) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'number' ? Number(value.toFixed(6)) : value,
      ]),
    ),
  );
}

const FIRST = {
  entry_close: 100,
  exit_close: 108,
  realised_return_pct: 8,
  entry_open: 101,
  open_return_pct: Number(((108 / 101 - 1) * 100).toFixed(6)),
  first_hit: 'neither',
  first_hit_after: null,
};

describe('an outcome', () => {
  beforeEach(() => call());

  test('has the close of the as-of and the open of the next session as entries', async () => {
    await insertBars(db.sql, instrument, AFTER);
    expect(await score()).toEqual({ scored: 1 });
    expect(await outcomes()).toEqual([{ ...FIRST, realised_label: null }]);
  });

  test.each([
    ['a split of 4 for 1', 0.25],
    ['a dividend of 1%', 0.99],
  ])('is in the units of the published close after %s within the horizon', async (_, factor) => {
    await insertBars(db.sql, instrument, AFTER);
    // The vendor restates the earlier bars, and states the later ones in the new units at once.
    await restate(BEFORE[0] as string, AS_OF, factor);
    await restate('2026-01-13', LAST, factor);
    await score();
    expect(await outcomes()).toEqual([{ ...FIRST, realised_label: null }]);
  });

  test('includes a dividend that the price fell by within the horizon', async () => {
    await insertBars(db.sql, instrument, AFTER);
    await restate(BEFORE[0] as string, '2026-01-13', 0.9);
    await score();
    expect(await outcomes()).toMatchObject([{ entry_close: 100, exit_close: 120, realised_return_pct: 20 }]);
  });

  test('does not exist before a bar shows the basis of the published close', async () => {
    await insertBars(db.sql, instrument, AFTER);
    await db.sql`DELETE FROM price_bars WHERE ts <= ${AS_OF}::timestamptz`;
    expect(await score()).toEqual({ scored: 0 });
  });

  describe('that is stored', () => {
    beforeEach(async () => {
      await insertBars(db.sql, instrument, AFTER);
      await score();
    });

    test.each([
      ['a split', BEFORE[0] as string, LAST, 0.25],
      ['a dividend', BEFORE[0] as string, LAST, 0.987654321],
      ['a correction of the as-of alone', AS_OF, AS_OF, 1.05],
      ['a bar that is rounded otherwise', '2026-01-15', '2026-01-15', 1.000001],
      ['a bar after the horizon', LAST, LAST, 2],
    ])('gets no revision after %s', async (_, from, to, factor) => {
      await restate(from, to, factor);
      expect(await score()).toEqual({ scored: 0 });
      expect(await outcomes('outcome_revisions')).toEqual([]);
    });

    test('gets a revision after a correction of the exit, and none after a split that follows', async () => {
      await restate('2026-01-15', '2026-01-15', 1.1);
      expect(await score()).toEqual({ scored: 1 });
      await restate(BEFORE[0] as string, LAST, 0.5);
      expect(await score()).toEqual({ scored: 0 });
      expect(await outcomes('outcome_revisions')).toMatchObject([
        { exit_close: 118.8, realised_return_pct: 18.8, first_hit: 'target', first_hit_after: 3 },
      ]);
      expect(await outcomes()).toMatchObject([FIRST]);
    });

    test.each([
      ['open', 'o', 102, { entry_open: 102, first_hit: 'neither' }],
      ['low', 'l', 89, { first_hit: 'stop', first_hit_after: 1 }],
    ])(
      'gets a revision after a correction of the %s of the next session',
      async (_, column, price, revised) => {
        await db.sql`UPDATE price_bars SET ${db.sql(column)} = ${price} WHERE ts = '2026-01-13'::timestamptz`;
        await restate('2026-01-13', '2026-01-13', 1);
        expect(await score()).toEqual({ scored: 1 });
        expect(await outcomes('outcome_revisions')).toMatchObject([revised]);
      },
    );
  });
});

test('a correction of the as-of is no dividend, though the bars before it were restated on that day', async () => {
  await restate(BEFORE[0] as string, BEFORE.at(-2) as string, 0.98);
  await call({ snapshot: { ret_1d: 100 / 98 - 1, ret_5d: 100 / 98 - 1 } });
  await restate(AS_OF, AS_OF, 1.05);
  await insertBars(db.sql, instrument, AFTER);
  await restate(BEFORE[0] as string, LAST, 0.25);
  await score();
  expect(await outcomes()).toMatchObject([
    { entry_close: 100, entry_open: 101, exit_close: 108, realised_return_pct: 8 },
  ]);
});

describe('a dividend of the as-of that the vendor told late, which restates the bars before it', () => {
  const outcome = { entry_close: 100, entry_open: 101, exit_close: 108, realised_return_pct: 8 };
  beforeEach(async () => {
    await call({ snapshot: { ret_1d: 0, ret_5d: 0 } });
    await restate(BEFORE[0] as string, BEFORE.at(-2) as string, 0.98);
    await insertBars(db.sql, instrument, AFTER);
  });

  test('changes no outcome', async () => {
    await score();
    expect(await outcomes()).toMatchObject([outcome]);
  });

  test('changes no outcome if a split follows', async () => {
    await db.sql`
      INSERT INTO corporate_actions (instrument_id, ex_date, kind, value, source, first_seen_at)
      VALUES (${instrument}, ${AS_OF}, 'dividend', 2, 'yahoo', now())`;
    await restate(BEFORE[0] as string, LAST, 0.25);
    await score();
    expect(await outcomes()).toMatchObject([outcome]);
  });
});

describe('a call from before closes were kept', () => {
  test('has an outcome in the units of the bars, and unknown hits', async () => {
    await call({ close: undefined });
    await insertBars(db.sql, instrument, AFTER);
    await restate(BEFORE[0] as string, LAST, 0.5);
    await score();
    expect(await outcomes()).toMatchObject([
      { entry_close: 50, exit_close: 54, realised_return_pct: 8, first_hit: null, first_hit_after: null },
    ]);
  });

  test('gets no revision if its outcome lacks what newer ones have', async () => {
    await call();
    await insertBars(db.sql, instrument, AFTER);
    await db.sql`
      INSERT INTO recommendation_outcomes (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct)
      SELECT id, '2026-01-15', 25, 27, 8 FROM recommendations`;
    await restate(BEFORE[0] as string, LAST, 0.25);
    expect(await score()).toEqual({ scored: 0 });
  });
});

describe('the level that is reached first', () => {
  const path = (...bars: [o: number, h: number, l: number, c: number][]): DayBar[] =>
    bars.map((prices, i) => [(AFTER[i] as DayBar)[0], ...prices]);
  const QUIET: [number, number, number, number] = [100, 101, 99, 100];

  test.each<[string, string, DayBar[], [string, number | null]]>([
    ['neither', 'BUY', path(QUIET, QUIET, QUIET), ['neither', null]],
    ['the stop', 'BUY', path(QUIET, [100, 101, 90, 95], QUIET), ['stop', 2]],
    ['the target', 'BUY', path([100, 110, 99, 105], QUIET, QUIET), ['target', 1]],
    ['the stop if one day reaches both', 'BUY', path(QUIET, [100, 111, 89, 100], QUIET), ['stop', 2]],
    [
      'the target if the stop follows',
      'BUY',
      path([100, 111, 99, 100], QUIET, [99, 100, 80, 85]),
      ['target', 1],
    ],
    ['the stop after a gap', 'BUY', path(QUIET, QUIET, [80, 82, 78, 81]), ['stop', 3]],
    ['the target after a gap', 'BUY', path([120, 122, 118, 121], QUIET, QUIET), ['target', 1]],
    ['the stop above a SELL', 'SELL', path(QUIET, [108, 110, 105, 106], QUIET), ['stop', 2]],
    ['the target below a SELL', 'SELL', path(QUIET, QUIET, [95, 96, 88, 90]), ['target', 3]],
    [
      'the stop of a SELL if one day reaches both',
      'SELL',
      path([100, 111, 89, 100], QUIET, QUIET),
      ['stop', 1],
    ],
    ['the stop of a HOLD', 'HOLD', path([95, 96, 89, 92], QUIET, QUIET), ['stop', 1]],
    ['neither after the horizon', 'BUY', path(QUIET, QUIET, QUIET, [80, 120, 70, 90]), ['neither', null]],
  ])('is %s', async (_, label, bars, [hit, after]) => {
    await call({ label, ...(label === 'SELL' ? { stop: 110, target: 90 } : { stop: 90, target: 110 }) });
    await insertBars(db.sql, instrument, bars);
    await score();
    expect(await outcomes()).toMatchObject([{ first_hit: hit, first_hit_after: after }]);
  });

  test('is found in the units of the published close after a split', async () => {
    await call();
    await insertBars(db.sql, instrument, path(QUIET, [100, 110, 99, 105], QUIET));
    await restate(BEFORE[0] as string, LAST, 1 / 3);
    await score();
    expect(await outcomes()).toMatchObject([{ first_hit: 'target', first_hit_after: 2 }]);
  });

  test('is that of each profile', async () => {
    await call({ profile: 'moderate' });
    await call({ profile: 'aggressive', target: 101 });
    await insertBars(db.sql, instrument, path(QUIET, QUIET, QUIET));
    await score();
    expect((await outcomes()).map(({ first_hit }) => first_hit).sort()).toEqual(['neither', 'target']);
  });
});
