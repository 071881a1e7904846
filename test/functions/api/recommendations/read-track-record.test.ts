import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readTrackRecord, TrackRecord } from '../../../../functions/api/recommendations/read-track-record.ts';
import { scoreOutcomes } from '../../../../functions/infer/score-outcomes.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { MemoryObjects } from '../../infer/support.ts';
import { clientView, seedDailyBars, seedInstrument } from '../market/support.ts';
import { emptyStore, seedModelAndRun, seedRecommendation } from './support.ts';

const db = useTestDatabase();
let api: Sql;
let pipeline: Sql;
beforeAll(() => {
  api = db.client('api');
  pipeline = db.client('pipeline');
});
beforeEach(async () => {
  await emptyStore(db.sql);
  await seedModelAndRun(db.sql);
});

const read = async () => clientView(TrackRecord, await readTrackRecord(api, { notice: 'Sample data.' }));

test('returns an empty record before anything is scored', async () => {
  await seedRecommendation(db.sql, { symbol: 'AAPL' });
  expect(await read()).toEqual({ from: null, to: null, calls: [], models: [], notice: 'Sample data.' });
});

const DAYS = ['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08', '2026-01-09'];
const CLOSES: Record<string, number[]> = {
  UP: [100, 110, 121, 133.1, 146.41],
  FLAT: [100, 100, 100, 100, 100],
  DOWN: [100, 90, 81, 72.9, 65.61],
};
const LABELS: Record<string, string[]> = {
  UP: ['BUY', 'BUY', 'HOLD', 'BUY'],
  FLAT: ['HOLD', 'BUY', 'SELL', 'HOLD'],
  DOWN: ['SELL', 'BUY', 'SELL', 'HOLD'],
};

/** Stores daily calls for three instruments and two profiles, from one model on the first two days and another after. */
async function seedCalls(): Promise<void> {
  await db.sql`UPDATE model_versions SET data_to = '2014-12-31' WHERE version = 'v1.1.0'`;
  for (const [symbol, closes] of Object.entries(CLOSES)) {
    const id = await seedInstrument(db.sql, symbol);
    await seedDailyBars(db.sql, id, Object.fromEntries(DAYS.map((day, i) => [day, closes[i] as number])));
    for (const [i, label] of (LABELS[symbol] ?? []).entries()) {
      for (const profile of ['moderate', 'aggressive'] as const) {
        if (profile === 'aggressive' && symbol === 'FLAT') continue;
        const asOf = DAYS[i] as string;
        const modelVersion = i < 2 ? 'v1.1.0' : 'v1.2.3';
        await seedRecommendation(db.sql, {
          symbol,
          asOf,
          label,
          profile,
          modelVersion,
          horizonDays: 1,
          isActive: false,
        });
      }
    }
  }
}

/** Computes the same record from the individual outcomes. */
async function byHand(model?: string) {
  const rows = await db.sql`
    SELECT r.profile, r.label, r.as_of::text, r.instrument_id, o.realised_return_pct AS pct, m.version
    FROM recommendations r JOIN recommendation_outcomes o ON o.recommendation_id = r.id
    JOIN model_versions m ON m.id = r.model_version_id`;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const market = (day: string) => {
    const ofDay = rows.filter((row) => row.as_of === day);
    return mean([...new Map(ofDay.map((row) => [row.instrument_id, row.pct as number])).values()]);
  };
  const groups = Map.groupBy(
    rows.filter((row) => !model || row.version === model),
    (row) => `${row.profile} ${row.label}`,
  );
  return Object.fromEntries(
    [...groups].map(([key, members]) => {
      const right = members.filter(({ label, pct, as_of }) =>
        label === 'BUY' ? pct > market(as_of) : pct < market(as_of),
      ).length;
      const isHold = key.endsWith('HOLD');
      return [
        key,
        {
          scored: members.length,
          right: isHold ? null : right,
          shareRight: isHold ? null : right / members.length,
          averageReturnPct: expect.closeTo(mean(members.map(({ pct }) => pct)), 9),
          averageMarketReturnPct: expect.closeTo(mean(members.map(({ as_of }) => market(as_of))), 9),
        },
      ];
    }),
  );
}

const byKey = (calls: TrackRecord['calls']) =>
  Object.fromEntries(calls.map(({ profile, label, ...rest }) => [`${profile} ${label}`, rest]));

describe('scored calls', () => {
  beforeEach(seedCalls);

  test('are counted by profile and label, with the average of all instruments', async () => {
    await scoreOutcomes({ runId: 'run-1', asOf: '2026-01-09' }, pipeline, new MemoryObjects());
    const record = await read();
    expect(byKey(record.calls)).toEqual(await byHand());
    expect(byKey(record.calls)['moderate BUY']).toMatchObject({ scored: 5, right: 3, shareRight: 0.6 });
    expect(record.calls.map(({ profile, label }) => `${profile} ${label}`)).toEqual([
      'moderate SELL',
      'moderate HOLD',
      'moderate BUY',
      'aggressive SELL',
      'aggressive HOLD',
      'aggressive BUY',
    ]);
    expect(record).toMatchObject({ from: '2026-01-05', to: '2026-01-08' });
  });

  test('are counted by model, newest first', async () => {
    await scoreOutcomes({ runId: 'run-1', asOf: '2026-01-09' }, pipeline, new MemoryObjects());
    const { models } = await read();
    expect(models.map(({ modelVersion, modelDataTo }) => [modelVersion, modelDataTo])).toEqual([
      ['v1.2.3', '2015-12-31'],
      ['v1.1.0', '2014-12-31'],
    ]);
    for (const { modelVersion, calls } of models) expect(byKey(calls)).toEqual(await byHand(modelVersion));
  });

  test('accumulate over runs, and a repeated run changes nothing', async () => {
    for (const asOf of ['2026-01-06', '2026-01-07', '2026-01-07', '2026-01-08', '2026-01-09']) {
      await scoreOutcomes({ runId: 'run-1', asOf }, pipeline, new MemoryObjects());
      expect(byKey((await read()).calls)).toEqual(await byHand());
    }
    const before = await read();
    await scoreOutcomes({ runId: 'run-1', asOf: '2026-01-09' }, pipeline, new MemoryObjects());
    expect(await read()).toEqual(before);
  });

  test('keep the result that they were scored with if bars are restated', async () => {
    await scoreOutcomes({ runId: 'run-1', asOf: '2026-01-09' }, pipeline, new MemoryObjects());
    const before = await read();
    await db.sql`
      UPDATE price_bars SET c = 300, h = 300 WHERE ts = '2026-01-06'
        AND instrument_id = (SELECT id FROM instruments WHERE symbol = 'FLAT')`;
    // As Load marks an instrument whose earlier bars changed.
    await db.sql`INSERT INTO outcome_backlog SELECT id, '2026-01-06' FROM instruments WHERE symbol = 'FLAT'`;
    expect(
      await scoreOutcomes({ runId: 'run-1', asOf: '2026-01-09' }, pipeline, new MemoryObjects()),
    ).toEqual({ scored: 2 });
    expect(await db.sql`SELECT 1 FROM outcome_revisions`).toHaveLength(2);
    expect(await read()).toEqual(before);
  });

  test('of a late instrument update the average of their day', async () => {
    await scoreOutcomes({ runId: 'run-1', asOf: '2026-01-09' }, pipeline, new MemoryObjects());
    const id = await seedInstrument(db.sql, 'LATE');
    await seedDailyBars(db.sql, id, { '2026-01-05': 100, '2026-01-06': 200 });
    await seedRecommendation(db.sql, { symbol: 'LATE', asOf: '2026-01-05', horizonDays: 1, isActive: false });
    await scoreOutcomes({ runId: 'run-1', asOf: '2026-01-09' }, pipeline, new MemoryObjects());
    expect(byKey((await read()).calls)).toEqual(await byHand());
  });

  test('are all counted if two runs score at the same time', async () => {
    // All calls of this day are BUY, so that both runs update the same row.
    const score = (sql: Sql, symbol: string, pct: number, meanwhile: () => Promise<unknown>) =>
      sql.begin(async (tx) => {
        await tx`
          INSERT INTO recommendation_outcomes (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct)
          SELECT r.id, '2026-01-07', 100, ${100 + pct}, ${pct} FROM recommendations r
          JOIN instruments i ON i.id = r.instrument_id
          WHERE i.symbol = ${symbol} AND r.as_of = '2026-01-06' AND r.profile = 'moderate'`;
        await meanwhile();
      });
    let second: Promise<unknown> = Promise.resolve();
    await score(pipeline, 'UP', 10, async () => {
      second = score(db.client('pipeline'), 'DOWN', -10, async () => {});
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    await second;
    expect((await read()).calls).toMatchObject([{ scored: 2, right: 1, averageReturnPct: 0 }]);
    expect(byKey((await read()).calls)).toEqual(await byHand());
  });
});

test('counts live calls alone, and compares them with each other', async () => {
  await seedCalls();
  await scoreOutcomes({ runId: 'run-1', asOf: '2026-01-09' }, pipeline, new MemoryObjects());
  const before = await read();
  const id = await seedInstrument(db.sql, 'LATER');
  await seedDailyBars(db.sql, id, { '2026-01-05': 100, '2026-01-06': 200 });
  const call = { symbol: 'LATER', asOf: '2026-01-05', horizonDays: 1, isActive: false };
  await seedRecommendation(db.sql, { ...call, generatedAt: '2026-01-10T00:00:00Z' });
  await db.sql`UPDATE model_versions SET data_to = '2026-01-05' WHERE version = 'v1.2.3'`;
  await seedRecommendation(db.sql, call);
  expect(await scoreOutcomes({ runId: 'run-1', asOf: '2026-01-09' }, pipeline, new MemoryObjects())).toEqual({
    scored: 2,
  });
  expect((await read()).calls).toEqual(before.calls);
  // Counts every day again.
  await db.sql`UPDATE recommendation_outcomes SET scored_at = scored_at`;
  expect((await read()).calls).toEqual(before.calls);
});

test('lets no role run the count by hand', async () => {
  for (const sql of [api, pipeline]) {
    await expect(sql`SELECT count_track_record()`).rejects.toThrow(
      /permission denied|trigger functions can only/,
    );
  }
});

test('includes calls that were scored before the migration', async () => {
  await seedCalls();
  await scoreOutcomes({ runId: 'run-1', asOf: '2026-01-09' }, pipeline, new MemoryObjects());
  const before = await read();
  await db.sql`TRUNCATE track_record_days`;
  expect((await read()).calls).toEqual([]);
  // Repeats the last line of the migration.
  await db.sql`UPDATE recommendation_outcomes SET scored_at = scored_at`;
  expect(await read()).toEqual(before);
});
