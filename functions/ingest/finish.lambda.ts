import { FinishRequest, type FinishResult, parse } from '../shared/contracts.ts';
import { reachingDatabase } from '../shared/database.ts';
import { pipelineDatabase } from '../shared/pipeline-context.ts';
import { finishRun } from './finish.ts';

export async function handler(event: unknown): Promise<FinishResult> {
  const request = parse('finish request', FinishRequest, event);
  return reachingDatabase(async () => finishRun(request, await pipelineDatabase()));
}
