import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { handler as features } from '../../../functions/features/features.lambda.ts';
import { handler as infer } from '../../../functions/infer/infer.lambda.ts';
import { predictionsKey, writePredictions } from '../../../functions/infer/predictions.ts';
import { handler as publish } from '../../../functions/infer/publish.lambda.ts';
import { handler as score } from '../../../functions/infer/score.lambda.ts';
import { handler as finish } from '../../../functions/ingest/finish.lambda.ts';
import { handler as load } from '../../../functions/ingest/load.lambda.ts';
import { handler as plan } from '../../../functions/ingest/plan.lambda.ts';
import { closeDatabases } from '../../../functions/shared/database.ts';
import { DatabaseUnreachableError } from '../../../functions/shared/errors.ts';
import { openObjects } from '../../../functions/shared/objects.ts';

const RUN = { runId: 'run-1', asOf: '2026-03-02' };
const BATCH = { ...RUN, batch: 0, interval: 'daily', from: '2026-02-02', symbols: ['IBM'] };
const INFERRED = {
  ...RUN,
  modelVersion: 'v1.0.0',
  scores: predictionsKey(RUN.runId),
  instruments: 1,
  failed: 0,
};
const STEPS = {
  plan: () => plan({ runId: RUN.runId, input: {} }),
  load: () => load(BATCH),
  features: () => features(BATCH),
  infer: () => infer(RUN),
  publish: () => publish(INFERRED),
  score: () => score(RUN),
  finish: () => finish({ runId: RUN.runId }),
};

/** A server that accepts connections and never answers, as an overloaded one does. */
const sockets = new Set<Socket>();
const silent = createServer((socket) => sockets.add(socket));
let folder: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-silent-'));
  const secret = join(folder, 'secret.json');
  const login = { username: 'someone', password: 'hunter2', dbname: 'nowhere', sslmode: 'disable' };
  await writeFile(secret, JSON.stringify({ ...login, host: '127.0.0.1', port }));
  const objects = pathToFileURL(`${folder}/`).href;
  await writePredictions(openObjects(objects), RUN.runId, {
    modelVersionId: randomUUID(),
    modelVersion: INFERRED.modelVersion,
    horizonDays: 20,
    baseRates: [0.3, 0.4, 0.3],
    instruments: [],
  });
  vi.stubEnv('PIPELINE_DATABASE_SECRET', pathToFileURL(secret).href);
  vi.stubEnv('RAW_OBJECTS_URL', objects);
  vi.stubEnv('MODEL_OBJECTS_URL', objects);
  vi.stubEnv('PUBLICATION_OBJECTS_URL', objects);
  vi.stubEnv('PROVIDER', 'sample');
  // Each step opens a connection of its own, so that all wait at the same time.
  vi.stubEnv('DATABASE_CONNECTIONS', '20');
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  silent.close();
  await closeDatabases();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test('every step throws the retried error when the server accepts a connection and stays silent', {
  timeout: 40_000,
}, async () => {
  const failures = Object.entries(STEPS).map(async ([name, step]) => {
    const error = await step().catch((thrown: unknown) => thrown);
    return [name, error instanceof DatabaseUnreachableError ? 'retried' : String(error)];
  });
  expect(Object.fromEntries(await Promise.all(failures))).toEqual(
    Object.fromEntries(Object.keys(STEPS).map((name) => [name, 'retried'])),
  );
});
