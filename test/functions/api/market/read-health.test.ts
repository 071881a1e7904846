import { beforeEach, expect, test } from 'vitest';
import { Health, readHealth } from '../../../../functions/api/market/read-health.ts';
import { DatabaseUnreachableError } from '../../../../functions/shared/errors.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { seedModelAndRun, seedRecommendation } from '../recommendations/support.ts';
import { clientView } from './support.ts';

const db = useTestDatabase();
beforeEach(() => db.sql`TRUNCATE model_versions, pipeline_runs, instruments CASCADE`);

test('reports an empty database as healthy', async () => {
  expect(clientView(Health, await readHealth(async () => db.client('api'), { notice: null }))).toEqual({
    status: 'ok',
    database: 'ok',
    asOf: null,
    lastRun: null,
    modelVersion: null,
    updates: null,
    notice: null,
  });
});

test('returns the newest day, the last run and the active model', async () => {
  await seedModelAndRun(db.sql);
  await seedRecommendation(db.sql, { symbol: 'AAPL', asOf: '2026-02-26' });
  await seedRecommendation(db.sql, { symbol: 'MSFT', asOf: '2026-02-27' });
  await seedRecommendation(db.sql, { symbol: 'IBM', asOf: '2026-02-28', isActive: false });
  const open = async () => db.client('api');
  const health = await readHealth(open, { notice: 'Sample data.' });
  expect(clientView(Health, health)).toEqual({
    status: 'ok',
    database: 'ok',
    asOf: '2026-02-27',
    lastRun: { id: 'run-1', status: 'succeeded', step: 'publish', finishedAt: '2026-03-01T22:05:00.000Z' },
    modelVersion: 'v1.2.3',
    updates: null,
    notice: 'Sample data.',
  });

  await db.sql`INSERT INTO pipeline_runs (id, input, started_at) VALUES ('run-2', '{}', '2026-03-02T22:00:00Z')`;
  const { lastRun } = clientView(Health, await readHealth(open, { notice: null }));
  expect(lastRun).toEqual({ id: 'run-2', status: 'running', step: 'plan', finishedAt: null });
  await db.sql`UPDATE pipeline_runs SET bars = 250 WHERE id = 'run-2'`;
  expect((await readHealth(open, { notice: null })).lastRun?.step).toBe('ingest');
});

test('says since when updates fail, why, and when the next one begins', async () => {
  const updates = {
    failingSince: new Date('2026-03-02T23:30:00Z'),
    reason: 'The provider refused 5 of 5 instruments.',
    next: new Date('2026-03-03T00:01:00Z'),
  };
  const health = await readHealth(async () => db.client('api'), { notice: null, updates });
  expect(clientView(Health, health).updates).toEqual({
    failingSince: '2026-03-02T23:30:00.000Z',
    reason: 'The provider refused 5 of 5 instruments.',
    nextAt: '2026-03-03T00:01:00.000Z',
  });
});

test('fails if the database does not answer in time', async () => {
  const silent = () => new Promise<never>(() => {});
  const started = Date.now();
  const health = readHealth(silent, { notice: null, timeoutMs: 50 });
  await expect(health).rejects.toThrow(DatabaseUnreachableError);
  expect(Date.now() - started).toBeLessThan(3_000);
});
