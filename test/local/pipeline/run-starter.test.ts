import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ENV } from '../../../functions/shared/constants.ts';
import { PipelineInput } from '../../../functions/shared/contracts.ts';
import { closeDatabases } from '../../../functions/shared/database.ts';
import { localRunStarter } from '../../../local/pipeline/run-starter.ts';
import { Progress } from '../../../local/terminal/progress.ts';
import { useTestDatabase } from '../../support/database.ts';

const db = useTestDatabase();
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
  const starter = localRunStarter(new Progress(new PassThrough() as unknown as NodeJS.WriteStream));
  await starter.start('api-1', PipelineInput.parse({ symbols: ['NONE'] }));
  await starter.start('api-2', PipelineInput.parse({ symbols: ['NONE'] }));
  await starter.settled();
  const runs = await db.sql`SELECT id, status, error FROM pipeline_runs ORDER BY id`;
  expect(runs).toEqual([
    {
      id: 'api-1',
      status: 'failed',
      error: expect.stringContaining('not among the active instruments: NONE'),
    },
    { id: 'api-2', status: 'failed', error: expect.stringContaining('NONE') },
  ]);
  await starter.settled();
});
