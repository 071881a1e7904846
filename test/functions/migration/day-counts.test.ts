import { expect, test } from 'vitest';
import { migrate, migrationStatus, rollback } from '../../../functions/migration/migrate.ts';
import { useTestDatabase } from '../../support/database.ts';
import { seedModelAndRun } from '../api/recommendations/support.ts';
import {
  randomCalls,
  randomMarket,
  storeCalls,
  storeMarket,
  storeOutcomes,
} from '../api/recommendations/track-record-world.ts';

const DAY_COUNTS = 202611301540;

const db = useTestDatabase();

const counts = () =>
  Promise.all([
    db.sql`SELECT * FROM track_record_days ORDER BY kind, as_of, horizon_days, model_version_id, profile, label`,
    db.sql`SELECT * FROM track_record_rank_ics ORDER BY kind, as_of, horizon_days, model_version_id`,
    db.sql`SELECT * FROM track_record_bins ORDER BY kind, as_of, horizon_days, model_version_id, label, bin`,
  ]);

test('counts the days of an older installation as the triggers do, and back', async () => {
  const calls = randomCalls(5);
  await seedModelAndRun(db.sql);
  await db.sql`UPDATE model_versions SET data_to = '2014-12-31' WHERE version = 'v1.1.0'`;
  await storeCalls(db.sql, calls);
  await storeMarket(db.client('pipeline'), randomMarket(5));
  await storeOutcomes(db.client('pipeline'), calls);
  const before = await counts();
  expect(before.map(({ length }) => length > 5)).toEqual([true, true, true]);

  const undone = (await migrationStatus(db.sql)).filter(
    ({ version, applied }) => applied && version >= DAY_COUNTS,
  );
  await rollback(db.sql, undone.length);
  const live = before[0].filter(({ kind }) => kind === 'live');
  expect(
    await db.sql`SELECT sum(scored)::int AS scored, count(*)::int AS rows FROM track_record_days`,
  ).toEqual([{ scored: live.reduce((sum, { scored }) => sum + scored, 0), rows: live.length }]);
  await migrate(db.sql);
  expect(await counts()).toEqual(before);
});
