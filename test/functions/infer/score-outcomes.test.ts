import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sql } from '../../../functions/shared/database.ts';
import { useTestDatabase } from '../../support/database.ts';
import { scoreUpTo, seedCall } from './score-support.ts';
import { seedBars, seedInstruments, seedModel, seedRun } from './support.ts';

/** Trading days around a weekend and a holiday, so that bars and days differ. */
const DAYS = ['2025-12-30', '2025-12-31', '2026-01-02', '2026-01-05', '2026-01-06', '2026-01-07'];
const CLOSES = [100, 110, 105, 120, 90, 130];

const db = useTestDatabase();
let pipeline: Sql;
let instrument: string;
beforeAll(() => {
  pipeline = db.client('pipeline');
});
beforeEach(async () => {
  await db.sql`TRUNCATE recommendations, model_versions, pipeline_runs, instruments, price_bars CASCADE`;
  [instrument = ''] = await seedInstruments(db.sql, ['AAPL']);
  await seedModel(db.sql);
  await seedRun(db.sql, 'run-1');
  await seedBars(
    db.sql,
    instrument,
    DAYS.map((day, i) => ({ day, close: CLOSES[i] as number })),
  );
});

const recommend = (asOf: string, horizon: number, isActive = true) =>
  seedCall(db.sql, { instrument, asOf, horizon, isActive });

/** Marks the instrument as Load does when it changes a bar. */
const mark = (day: string) => db.sql`INSERT INTO outcome_backlog VALUES (${instrument}, ${day})`;
const marks = () => db.sql`SELECT to_char(changed_from, 'YYYY-MM-DD') AS day FROM outcome_backlog`;

const scoredUpTo = (asOf: string) => scoreUpTo(asOf, pipeline);

async function outcomes(table = 'recommendation_outcomes') {
  const rows = await db.sql<{ day: string; entry_close: number; exit_close: number; pct: number }[]>`
    SELECT to_char(exit_ts, 'YYYY-MM-DD') AS day, entry_close, exit_close, realised_return_pct AS pct
    FROM ${db.sql(table)} ORDER BY scored_at, exit_ts`;
  return rows.map(({ day, entry_close, exit_close, pct }) => [
    day,
    entry_close,
    exit_close,
    Number(pct.toFixed(9)),
  ]);
}

describe('scoreOutcomes', () => {
  test('compares the close with the close exactly horizon_days bars later', async () => {
    await recommend('2025-12-30', 3);
    expect(await scoredUpTo('2026-01-07')).toEqual({ scored: 1 });
    expect(await outcomes()).toEqual([['2026-01-05', 100, 120, 20]]);
  });

  test('stores no outcome before the bar exists', async () => {
    await recommend('2025-12-30', 6);
    expect(await scoredUpTo('2026-12-31')).toEqual({ scored: 0 });
    await seedBars(db.sql, instrument, [{ day: '2026-01-08', close: 75 }]);
    expect(await scoredUpTo('2026-12-31')).toEqual({ scored: 1 });
    expect(await outcomes()).toEqual([['2026-01-08', 100, 75, -25]]);
  });

  test('reads the bar of the as-of and no later bar', async () => {
    await recommend('2025-12-30', 3);
    expect(await scoredUpTo('2026-01-04')).toEqual({ scored: 0 });
    expect(await outcomes()).toEqual([]);
    expect(await scoredUpTo('2026-01-05')).toEqual({ scored: 1 });
  });

  test('writes nothing if repeated', async () => {
    await recommend('2025-12-30', 3);
    await scoredUpTo('2026-01-07');
    const before = await db.sql`SELECT * FROM recommendation_outcomes`;
    expect(await scoredUpTo('2026-01-07')).toEqual({ scored: 0 });
    expect(await db.sql`SELECT * FROM recommendation_outcomes`).toEqual(before);
  });

  describe('if bars are restated', () => {
    const restate = async (day: string, close: number) => {
      await db.sql`
        UPDATE price_bars SET o = ${close}, h = ${close}, l = ${close}, c = ${close} WHERE ts = ${day}::timestamptz`;
      await mark(day);
      return scoredUpTo('2026-01-07');
    };
    const FIRST = [['2026-01-05', 100, 120, 20]];
    beforeEach(async () => {
      await recommend('2025-12-30', 3);
      await scoredUpTo('2026-01-07');
    });

    test.each([
      ['the first', '2025-12-30', 50, [['2026-01-05', 50, 120, 140]]],
      ['the last', '2026-01-05', 60, [['2026-01-05', 100, 60, -40]]],
    ])('keeps the first outcome and adds a revision, for %s bar', async (_, day, close, revised) => {
      expect(await restate(day, close)).toEqual({ scored: 1 });
      expect(await outcomes()).toEqual(FIRST);
      expect(await outcomes('outcome_revisions')).toEqual(revised);
    });

    test('adds a revision per restatement, also back to the first bar, and none if nothing changed', async () => {
      for (const [close, scored] of [
        [60, 1],
        [60, 0],
        [90, 1],
        [120, 1],
        [120, 0],
      ] as const)
        expect(await restate('2026-01-05', close)).toEqual({ scored });
      expect(await outcomes()).toEqual(FIRST);
      expect((await outcomes('outcome_revisions')).map(([, , close]) => close)).toEqual([60, 90, 120]);
      const numbers = await db.sql`SELECT revision FROM outcome_revisions ORDER BY scored_at`;
      expect(numbers.map(({ revision }) => revision)).toEqual([1, 2, 3]);
    });

    test('adds one revision if two runs score at the same time', async () => {
      await db.sql`UPDATE price_bars SET h = 1000, c = 1000 WHERE ts = '2026-01-05'::timestamptz`;
      await mark('2026-01-05');
      const other = db.client('pipeline');
      // As of a day before the last bar, so that the mark stays and both runs read it.
      const both = [pipeline, other].map((sql) => scoreUpTo('2026-01-06', sql));
      expect((await Promise.all(both)).map(({ scored }) => scored).sort()).toEqual([0, 1]);
      expect(await outcomes('outcome_revisions')).toEqual([['2026-01-05', 100, 1000, 900]]);
    });

    test('reads the newest revision to decide which outcomes a later change may concern', async () => {
      await db.sql`DELETE FROM price_bars WHERE ts = '2026-01-02'::timestamptz`;
      await mark('2026-01-02');
      expect(await scoredUpTo('2026-01-07')).toEqual({ scored: 1 });
      expect(await restate('2026-01-06', 60)).toEqual({ scored: 1 });
      expect(await outcomes('outcome_revisions')).toEqual([
        ['2026-01-06', 100, 90, -10],
        ['2026-01-06', 100, 60, -40],
      ]);
    });
  });

  test('leaves outcomes alone that end before the first changed bar', async () => {
    await recommend('2025-12-30', 1);
    await scoredUpTo('2026-01-07');
    await db.sql`UPDATE price_bars SET h = 1000, c = 1000 WHERE ts = '2025-12-31'::timestamptz`;
    await mark('2026-01-02');
    expect(await scoredUpTo('2026-01-07')).toEqual({ scored: 0 });
    await mark('2025-12-31');
    expect(await scoredUpTo('2026-01-07')).toEqual({ scored: 1 });
  });

  test('scores a call of more than a year ago without a mark', async () => {
    await recommend('2025-12-30', 3);
    expect(await scoredUpTo('2027-01-01')).toEqual({ scored: 1 });
  });

  test('scores a call whose bars go on after a long pause', async () => {
    await recommend('2026-01-07', 1);
    expect(await scoredUpTo('2026-12-31')).toEqual({ scored: 0 });
    await seedBars(db.sql, instrument, [{ day: '2026-12-31', close: 143 }]);
    expect(await scoredUpTo('2026-12-31')).toEqual({ scored: 1 });
    expect(await outcomes()).toEqual([['2026-12-31', 130, 143, 10]]);
  });

  test('keeps a mark until a run reads the last bar', async () => {
    await mark('2025-12-31');
    await scoredUpTo('2026-01-06');
    expect([...(await marks())]).toEqual([{ day: '2025-12-31' }]);
    await scoredUpTo('2026-01-07');
    expect(await marks()).toHaveLength(0);
  });

  test('scores archived recommendations too, each with its own horizon', async () => {
    await recommend('2025-12-30', 1, false);
    await recommend('2025-12-31', 4, true);
    expect(await scoredUpTo('2026-01-07')).toEqual({ scored: 2 });
    expect(await outcomes()).toEqual([
      ['2025-12-31', 100, 110, 10],
      ['2026-01-07', 110, 130, Number((200 / 11).toFixed(9))],
    ]);
  });

  test('ignores 15-minute bars', async () => {
    await db.sql`SELECT ensure_partitions('15m', '2025-12-30', '2026-01-07')`;
    await db.sql`
      INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval)
      VALUES (${instrument}, '2025-12-30T15:00Z', 1, 1, 1, 1, 1, '15m'), (${instrument}, '2026-01-02T00:00Z', 1, 1, 1, 1, 1, '15m')`;
    await recommend('2025-12-30', 2);
    await scoredUpTo('2026-01-07');
    expect(await outcomes()).toEqual([['2026-01-02', 100, 105, 5]]);
  });
});
