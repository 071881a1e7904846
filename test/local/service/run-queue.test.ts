import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ENV } from '../../../functions/shared/constants.ts';
import { PipelineInput } from '../../../functions/shared/contracts.ts';
import { closeDatabases } from '../../../functions/shared/database.ts';
import { runPipeline } from '../../../local/pipeline/run-pipeline.ts';
import { RunQueue } from '../../../local/service/run-queue.ts';
import { useTestDatabase } from '../../support/database.ts';

const db = useTestDatabase();
const silent = { update: () => {}, line: () => {} };
beforeAll(() => {
  vi.stubEnv(ENV.pipelineDatabaseSecret, db.url('pipeline'));
  vi.stubEnv(ENV.rawObjectsUrl, pathToFileURL(`${db.objects}/`).href);
  vi.stubEnv(ENV.publicationObjectsUrl, pathToFileURL(`${db.objects}/publications/`).href);
  vi.stubEnv(ENV.provider, 'sample');
});
afterAll(async () => {
  await closeDatabases();
  vi.unstubAllEnvs();
});

test('runs in the background under the given id, and records the result in pipeline_runs', async () => {
  const queue = new RunQueue((runId, input, reporter) => runPipeline(input, reporter, runId), silent);
  await queue.start('api-1', PipelineInput.parse({ symbols: ['NONE'] }));
  await queue.start('api-2', PipelineInput.parse({ symbols: ['NONE'] }));
  await queue.settled();
  const runs = await db.sql`SELECT id, status, error FROM pipeline_runs ORDER BY id`;
  expect(runs).toEqual([
    {
      id: 'api-1',
      status: 'failed',
      error: expect.stringContaining('not among the active instruments: NONE'),
    },
    { id: 'api-2', status: 'failed', error: expect.stringContaining('NONE') },
  ]);
});

test('makes one run after another, also after a run that failed', async () => {
  const events: string[] = [];
  const queue = new RunQueue(async (runId) => {
    events.push(`${runId} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    events.push(`${runId} ends`);
    if (runId === 'a') throw new Error('broken');
    return { runId, seconds: {} };
  }, silent);
  const a = queue.run({}, 'a');
  const b = queue.run({}, 'b');
  await expect(a).rejects.toThrow('broken');
  expect(await b).toEqual({ runId: 'b', seconds: {} });
  await queue.settled();
  expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});
