import * as z from 'zod';
import { ENV } from '../shared/constants.ts';
import { parse, RunReference, type ScoreResult } from '../shared/contracts.ts';
import { reachingDatabase } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { openObjects } from '../shared/objects.ts';
import { pipelineDatabase } from '../shared/pipeline-context.ts';
import { scoreOutcomes } from './score-outcomes.ts';

const Environment = z.object({ [ENV.modelObjectsUrl]: z.string() });

export async function handler(event: unknown): Promise<ScoreResult> {
  const run = parse('run reference', RunReference, event);
  const models = openObjects(readEnvironment(Environment).MODEL_OBJECTS_URL);
  return reachingDatabase(async () => scoreOutcomes(run, await pipelineDatabase(), models));
}
