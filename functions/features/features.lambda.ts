import { Batch, type FeaturesResult, parse } from '../shared/contracts.ts';
import { reachingDatabase } from '../shared/database.ts';
import { pipelineDatabase } from '../shared/pipeline-context.ts';
import { computeBatch } from './features.ts';

export async function handler(event: unknown): Promise<FeaturesResult> {
  const batch = parse('batch', Batch, event);
  return reachingDatabase(async () => computeBatch(batch, await pipelineDatabase()));
}
