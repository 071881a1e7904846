import { beforeAll, expect, test } from 'vitest';
import { migrate, migrationStatus, rollback } from '../../../functions/migration/migrate.ts';
import { DENIED, outcomeOf, useTestDatabase } from '../../support/database.ts';
import { seedModelAndRun, seedRecommendation } from '../api/recommendations/support.ts';

/** The first migration that protects the record. */
const APPEND_ONLY = 202611301400;

const db = useTestDatabase();
const stored = async () => ({
  calls: await db.sql`SELECT * FROM recommendations ORDER BY id`,
  outcomes: await db.sql`SELECT * FROM recommendation_outcomes ORDER BY recommendation_id`,
  days: await db.sql`SELECT * FROM track_record_days ORDER BY as_of, label`,
});

beforeAll(async () => {
  const newer = (await migrationStatus(db.sql)).filter(({ version }) => version >= APPEND_ONLY);
  await rollback(db.sql, newer.length);
});

test('keeps every row of an older installation, and from then on every figure', async () => {
  await seedModelAndRun(db.sql);
  const archived = { isActive: false, archivedAt: '2026-01-06T22:00:00Z' };
  const scored = await seedRecommendation(db.sql, { symbol: 'AAPL', asOf: '2026-01-05', ...archived });
  await seedRecommendation(db.sql, { symbol: 'AAPL', asOf: '2026-01-06' });
  // Calls of the first versions were archived without a time.
  await seedRecommendation(db.sql, { symbol: 'MSFT', asOf: '2026-01-05', isActive: false });
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

  await migrate(db.sql);
  expect(await stored()).toEqual(before);
  expect(await outcomeOf(pipeline, improve)).toBe(DENIED);
  await pipeline`
    INSERT INTO outcome_revisions ${pipeline({ ...outcome, revision: 1, exit_close: 90, realised_return_pct: -10 })}`;
  await pipeline`UPDATE recommendations SET is_active = false, archived_at = now() WHERE is_active`;
  expect((await stored()).outcomes).toEqual(before.outcomes);
});

test('can be rolled back to the earlier schema, and applied again', async () => {
  const newer = (await migrationStatus(db.sql)).filter(({ version }) => version >= APPEND_ONLY);
  expect(newer.every(({ applied }) => applied)).toBe(true);
  await rollback(db.sql, newer.length);
  expect(await migrate(db.sql)).toHaveLength(newer.length);
});
