import { beforeAll, expect, test } from 'vitest';
import { analyseAfterBackfill } from '../../../functions/infer/statistics.ts';
import { useTestDatabase } from '../../support/database.ts';
import { seedFeatures } from './infer-support.ts';
import { seedBars, seedInstruments, seedRun } from './support.ts';

const db = useTestDatabase();
beforeAll(async () => {
  await seedRun(db.sql, 'run-1', { instruments: 1 });
  const [id = ''] = await seedInstruments(db.sql, ['IBM']);
  await seedBars(db.sql, id, [{ day: '2026-03-02', close: 50 }]);
  await seedFeatures(db.sql, id, '2026-03-02');
});

/** The rows that the planner expects in the whole table; -1 before the first analysis. */
async function expectedRows(): Promise<number> {
  const [row] = await db.sql<[{ rows: number }]>`
    SELECT reltuples::float8 AS rows FROM pg_class WHERE oid = 'features'::regclass`;
  return row.rows;
}

test('analyses the partitioned tables after a large run alone', async () => {
  const pipeline = db.client('pipeline');
  await db.sql`UPDATE pipeline_runs SET features = 99999 WHERE id = 'run-1'`;
  await analyseAfterBackfill(pipeline, 'run-1');
  expect(await expectedRows()).toBe(-1);
  await db.sql`UPDATE pipeline_runs SET features = 100000 WHERE id = 'run-1'`;
  await analyseAfterBackfill(pipeline, 'run-1');
  expect(await expectedRows()).toBe(1);
});
