import * as z from 'zod';
import { ENV } from '../shared/constants.ts';
import { Batch, type LoadResult, parse } from '../shared/contracts.ts';
import { reachingDatabase } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { openObjects } from '../shared/objects.ts';
import { pipelineDatabase } from '../shared/pipeline-context.ts';
import { loadBatch } from './load/load.ts';

const Environment = z.object({ [ENV.rawObjectsUrl]: z.string() });

export async function handler(event: unknown): Promise<LoadResult> {
  const batch = parse('batch', Batch, event);
  const { RAW_OBJECTS_URL } = readEnvironment(Environment);
  return reachingDatabase(async () =>
    loadBatch(batch, await pipelineDatabase(), openObjects(RAW_OBJECTS_URL)),
  );
}
