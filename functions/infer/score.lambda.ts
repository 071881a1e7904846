import { parse, RunReference, type ScoreResult } from '../shared/contracts.ts';
import { reachingDatabase } from '../shared/database.ts';
import { pipelineDatabase } from '../shared/pipeline-context.ts';
import { scoreOutcomes } from './score-outcomes.ts';

export async function handler(event: unknown): Promise<ScoreResult> {
  const run = parse('run reference', RunReference, event);
  return reachingDatabase(async () => scoreOutcomes(run, await pipelineDatabase()));
}
