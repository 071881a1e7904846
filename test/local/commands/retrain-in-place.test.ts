import { basename } from 'node:path';
import { beforeAll, expect, inject, test } from 'vitest';
import { readLastRetraining } from '../../../local/training/last-retraining.ts';
import { seedFeatures } from '../../functions/infer/infer-support.ts';
import { seedBars, seedInstruments } from '../../functions/infer/support.ts';
import { useTestDatabase } from '../../support/database.ts';
import { refused, runCommand } from './command-support.ts';

const db = useTestDatabase();
beforeAll(async () => {
  for (const id of await seedInstruments(db.sql, ['AAPL', 'MC.PA'])) {
    await seedBars(
      db.sql,
      id,
      ['2020-01-02', '2026-01-02'].map((day) => ({ day, close: 10 })),
    );
    await seedFeatures(db.sql, id, '2026-01-02');
  }
});

/** Retrains this test file's database in the shared server, which the command must not stop. */
const here = (...args: string[]) =>
  runCommand('retrain.ts', [...args, '--data-dir', inject('dataDir'), '--database', basename(db.objects)]);

const lastRetraining = () => readLastRetraining(db);

test('refuses an installation with too few bars, says what to do, and records the attempt', async () => {
  const began = new Date();
  expect(await here()).toEqual(
    refused(
      'retraining needs 200 instruments with 3 years of daily bars each; the database has 2 instruments with features, ' +
        '2 of them with 3 years. Take the S&P 500 as the reference (npm start -- --reference sp500; on AWS, the setting ' +
        '"reference": "sp500"), follow more stocks, or add older bars',
    ),
  );
  const { startedAt, endedAt, promoted, reason } = (await lastRetraining()) ?? {};
  expect(startedAt?.getTime()).toBeGreaterThanOrEqual(began.getTime());
  expect(endedAt?.getTime()).toBeGreaterThanOrEqual(startedAt?.getTime() ?? Number.POSITIVE_INFINITY);
  expect([promoted, reason]).toEqual([undefined, expect.stringContaining('needs 200 instruments')]);
  // The release in models/ is registered, as with npm start.
  expect(await db.sql`SELECT is_active FROM model_versions`).toEqual([{ is_active: true }]);
});

test('refuses to retrain while another process does', async () => {
  await db.client('training')`SELECT pg_advisory_lock(hashtext('retraining'))`;
  const before = await lastRetraining();
  expect(await here()).toEqual({
    code: 1,
    out: '',
    error: 'boursomatic: another process retrains this database: wait until it has ended\n',
  });
  expect(await lastRetraining()).toEqual(before);
});
