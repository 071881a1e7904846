import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { handler as features } from '../../../functions/features/features.lambda.ts';
import { handler as fetch } from '../../../functions/ingest/fetch.lambda.ts';
import { handler as finish } from '../../../functions/ingest/finish.lambda.ts';
import { handler as load } from '../../../functions/ingest/load.lambda.ts';
import { handler as plan } from '../../../functions/ingest/plan.lambda.ts';
import { closeDatabases } from '../../../functions/shared/database.ts';
import {
  BadInputError,
  ConfigurationError,
  DatabaseUnreachableError,
} from '../../../functions/shared/errors.ts';
import { readDatabaseSecret } from '../../../functions/shared/secrets.ts';
import { useTestDatabase } from '../../support/database.ts';
import { SAMPLE_FILE } from '../../support/sample.ts';
import { batchOf, RUN, seedInstruments } from './support.ts';

const db = useTestDatabase();
beforeAll(async () => {
  await seedInstruments(db.sql, ['FB', 'IBM']);
});
beforeEach(() => {
  vi.stubEnv('PIPELINE_DATABASE_SECRET', db.url('pipeline'));
  vi.stubEnv('RAW_OBJECTS_URL', pathToFileURL(`${db.objects}/`).href);
  vi.stubEnv('PROVIDER', 'sample');
  vi.stubEnv('BARS_FILE', SAMPLE_FILE);
  vi.stubEnv('CLOCK', '2013-03-01T23:59:59Z');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await closeDatabases();
});

test('plans a run, loads real bars from a file, computes features and closes the run', async () => {
  const planned = await plan({ runId: RUN, input: { symbols: ['FB'] } });
  expect(planned).toMatchObject({ asOf: '2013-03-01', instruments: 1, batches: [{ symbols: ['FB'] }] });
  const [batch] = planned.batches;
  expect(await fetch(batch)).toEqual({ batch: 0, fetched: 1, failed: 0 });
  expect(await load(batch)).toEqual({ batch: 0, bars: 196, failed: 0, restated: [] });
  expect(await features(batch)).toEqual({ batch: 0, features: 196, failed: 0 });
  expect(await finish({ runId: RUN })).toEqual({ runId: RUN, status: 'succeeded' });
  const [run] = await db.sql`SELECT status, provider, bars, features FROM pipeline_runs WHERE id = ${RUN}`;
  expect(run).toEqual({ status: 'succeeded', provider: 'sample', bars: 196, features: 196 });
});

describe.each([
  ['plan', plan, { runId: RUN, input: {} }, ['PROVIDER', 'PIPELINE_DATABASE_SECRET']],
  ['fetch', fetch, batchOf(), ['PROVIDER', 'RAW_OBJECTS_URL', 'BARS_FILE']],
  ['load', load, batchOf(), ['RAW_OBJECTS_URL', 'PIPELINE_DATABASE_SECRET']],
  ['features', features, batchOf(), ['PIPELINE_DATABASE_SECRET']],
  ['finish', finish, { runId: RUN }, ['PIPELINE_DATABASE_SECRET']],
] as const)('%s', (_, handler, event, variables) => {
  test('rejects an unknown key', async () => {
    const refusal = await handler({ ...event, symbool: 1 }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(BadInputError);
    expect(String(refusal)).toContain('Unrecognized key: "symbool"');
  });

  test.each(variables)('names %s when the variable is missing', async (variable) => {
    vi.stubEnv(variable, undefined);
    const refusal = await handler(event).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect(String(refusal)).toContain(variable);
  });
});

test.each([
  ['plan', plan, { runId: RUN, input: {} }],
  ['load', load, batchOf()],
  ['features', features, batchOf()],
  ['finish', finish, { runId: RUN }],
] as const)('%s throws the retried error when the database is unreachable', async (_, handler, event) => {
  const secret = join(db.objects, 'secret.json');
  await mkdir(db.objects, { recursive: true });
  const login = await readDatabaseSecret(db.url('pipeline'));
  await writeFile(secret, JSON.stringify({ ...login, password: 'hunter2' }));
  vi.stubEnv('PIPELINE_DATABASE_SECRET', pathToFileURL(secret).href);
  const failure = await handler(event).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(DatabaseUnreachableError);
  expect(String(failure)).not.toContain('hunter2');
});
