import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate, migrationStatus, rollback } from '../../../functions/migration/migrate.ts';
import { DENIED, outcomeOf, useTestDatabase } from '../../support/database.ts';
import { emptyStore, seedModelAndRun, seedRecommendation } from '../api/recommendations/support.ts';

/** The migration that protects the record, and the one that tells live calls apart. */
const APPEND_ONLY = 202611301400;
const KINDS = 202611301401;

const db = useTestDatabase();
const stored = async () => ({
  calls: await db.sql`SELECT * FROM recommendations ORDER BY id`,
  outcomes: await db.sql`SELECT * FROM recommendation_outcomes ORDER BY recommendation_id`,
  days: await db.sql`SELECT * FROM track_record_days ORDER BY as_of, label`,
});

/** Rolls back a migration and all newer ones. */
async function goBackBefore(first: number): Promise<number> {
  const newer = (await migrationStatus(db.sql)).filter(({ version, applied }) => applied && version >= first);
  await rollback(db.sql, newer.length);
  return newer.length;
}

/** Applies the pending migrations up to one of them. */
async function migrateTo(last: number): Promise<void> {
  await migrate(db.sql);
  await goBackBefore(last + 1);
}

beforeEach(() => emptyStore(db.sql));
afterEach(() => migrate(db.sql));

test('keeps every row of an older installation, and from then on every figure', async () => {
  await goBackBefore(APPEND_ONLY);
  await seedModelAndRun(db.sql);
  // As their ids say, so that the later migration need not correct it.
  const generatedAt = new Date().toISOString();
  const archived = { isActive: false, archivedAt: '2026-01-06T22:00:00Z', generatedAt };
  const scored = await seedRecommendation(db.sql, { symbol: 'AAPL', asOf: '2026-01-05', ...archived });
  await seedRecommendation(db.sql, { symbol: 'AAPL', asOf: '2026-01-06', generatedAt });
  // Calls of the first versions were archived without a time.
  await seedRecommendation(db.sql, { symbol: 'MSFT', asOf: '2026-01-05', isActive: false, generatedAt });
  const pipeline = db.client('pipeline');
  const outcome = { recommendation_id: scored, exit_ts: '2026-02-03', entry_close: 100 };
  await pipeline`
    INSERT INTO recommendation_outcomes ${pipeline({ ...outcome, exit_close: 96, realised_return_pct: -4 })}`;
  const before = await stored();
  expect([before.calls.length, before.outcomes.length, before.days.length]).toEqual([3, 1, 1]);
  const improve = 'UPDATE recommendation_outcomes SET realised_return_pct = 40';
  expect(await outcomeOf(pipeline, improve)).toBe('done');
  expect(await stored()).not.toEqual(before);
  await db.sql`UPDATE recommendation_outcomes SET realised_return_pct = -4`;

  await migrateTo(APPEND_ONLY);
  expect(await stored()).toEqual(before);
  expect(await outcomeOf(pipeline, improve)).toBe(DENIED);
  await pipeline`
    INSERT INTO outcome_revisions ${pipeline({ ...outcome, revision: 1, exit_close: 90, realised_return_pct: -10 })}`;
  await pipeline`UPDATE recommendations SET is_active = false, archived_at = now() WHERE is_active`;
  expect((await stored()).outcomes).toEqual(before.outcomes);
});

test('dates and tells apart the calls of an older installation', async () => {
  const undone = await goBackBefore(KINDS);
  await seedModelAndRun(db.sql);
  const hash = 'b5c95fe5dd3f621fcca4be8ab9ccc74af17d1bfe227503cf51936b2634c16b1f';
  await db.sql`
    INSERT INTO model_versions (version, trained_at, params_hash, metrics_json, model_path)
    VALUES ('v0.1.0', '2026-01-20', ${hash}, '{}', 'x'), ('v0.2.0', '2026-01-20', 'of another training', '{}', 'x')`;
  /** A call and its outcome as an earlier version stored them: the id has the time, and generated_at the run's clock. */
  const seed = async (symbol: string, modelVersion: string, published: string, generatedAt = published) => {
    const made = await seedRecommendation(db.sql, { symbol, modelVersion, asOf: '2026-01-05', generatedAt });
    const [row] = await db.sql<[{ id: string }]>`
      UPDATE recommendations SET id = uuidv7(${published}::text::timestamptz - now()) WHERE id = ${made} RETURNING id`;
    await db.sql`INSERT INTO recommendation_outcomes VALUES (${row.id}, '2026-02-03', 100, 110, 10)`;
  };
  const evening = '2026-01-05T22:00:00Z';
  await seed('LIVE', 'v1.2.3', evening);
  await seed('KNOWN', 'v0.1.0', evening);
  await seed('UNKNOWN', 'v1.1.0', evening);
  await seed('OTHER', 'v0.2.0', evening);
  await seed('LATE', 'v1.2.3', '2026-11-30T12:00:00Z', evening);
  expect(await db.sql`SELECT sum(scored)::int AS n FROM track_record_days`).toEqual([{ n: 5 }]);

  expect(await migrate(db.sql)).toHaveLength(undone);
  const calls = await db.sql<{ symbol: string; kind: string; at: string }[]>`
    SELECT i.symbol, r.kind, to_char(r.generated_at, 'YYYY-MM-DD HH24:MI') AS at
    FROM recommendations r JOIN instruments i ON i.id = r.instrument_id ORDER BY i.symbol`;
  expect(calls.map(({ symbol, kind, at }) => [symbol, kind, at])).toEqual([
    ['KNOWN', 'live', '2026-01-05 22:00'],
    ['LATE', 'backdated', '2026-11-30 12:00'],
    ['LIVE', 'live', '2026-01-05 22:00'],
    ['OTHER', 'hindsight', '2026-01-05 22:00'],
    ['UNKNOWN', 'hindsight', '2026-01-05 22:00'],
  ]);
  expect(await db.sql`SELECT sum(scored)::int AS n FROM track_record_days WHERE kind = 'live'`).toEqual([
    { n: 2 },
  ]);
});

test('can be rolled back to the earlier schema, and applied again', async () => {
  const undone = await goBackBefore(APPEND_ONLY);
  expect(await migrate(db.sql)).toHaveLength(undone);
});
