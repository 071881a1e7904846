import * as z from 'zod';
import { ENV } from '../shared/constants.ts';
import { type InferResult, parse, RunReference } from '../shared/contracts.ts';
import { reachingDatabase } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { openObjects } from '../shared/objects.ts';
import { pipelineDatabase } from '../shared/pipeline-context.ts';
import { inferRun } from './infer.ts';

const Environment = z.object({ [ENV.rawObjectsUrl]: z.string(), [ENV.modelObjectsUrl]: z.string() });

export async function handler(event: unknown): Promise<InferResult> {
  const run = parse('run reference', RunReference, event);
  const { RAW_OBJECTS_URL, MODEL_OBJECTS_URL } = readEnvironment(Environment);
  const stores = { raw: openObjects(RAW_OBJECTS_URL), models: openObjects(MODEL_OBJECTS_URL) };
  return reachingDatabase(async () => inferRun(run, await pipelineDatabase(), stores));
}
