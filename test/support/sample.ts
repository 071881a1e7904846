import { fileURLToPath, pathToFileURL } from 'node:url';
import { computeBatch } from '../../functions/features/features.ts';
import { fetchBatch } from '../../functions/ingest/fetch.ts';
import { registerInstruments } from '../../functions/ingest/instruments.ts';
import { loadBatch } from '../../functions/ingest/load/load.ts';
import { planRun } from '../../functions/ingest/plan/plan.ts';
import { openSampleProvider } from '../../functions/ingest/providers/sample/sample-provider.ts';
import { openObjects } from '../../functions/shared/objects.ts';
import { type TestDatabase, testDatabase } from './database.ts';

export const SAMPLE_FILE = fileURLToPath(new URL('../../local/sample/stocks.csv.gz', import.meta.url));

/** The last day of the bundled sample. */
export const SAMPLE_DAY = '2013-03-01';

/** Sets up a database with the bars of the bundled sample and their features, made by the pipeline's steps. */
export async function sampleDatabase(runId = 'sample-run'): Promise<TestDatabase> {
  const database = await testDatabase();
  const sql = database.client('pipeline');
  const provider = await openSampleProvider(SAMPLE_FILE);
  await registerInstruments(sql, provider.listings());
  const objects = openObjects(pathToFileURL(`${database.objects}/`).href);
  const context = { provider: 'sample', now: new Date(`${SAMPLE_DAY}T23:59:59Z`) };
  const plan = await planRun({ runId, input: {} }, sql, context);
  for (const batch of plan.batches) {
    await fetchBatch(batch, provider, objects);
    await loadBatch(batch, sql, objects);
    await computeBatch(batch, sql);
  }
  await database.sql`ANALYZE`;
  return database;
}
