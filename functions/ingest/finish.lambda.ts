import {
  ExecutionStatusChange,
  FinishRequest,
  type FinishResult,
  isStatusChange,
  parse,
} from '../shared/contracts.ts';
import { reachingDatabase } from '../shared/database.ts';
import { pipelineDatabase } from '../shared/pipeline-context.ts';
import { finishRun, recordStatusChange } from './finish.ts';

/** Records the end of a run: its last state calls this function, and so does the event of an execution that failed. */
export async function handler(event: unknown): Promise<FinishResult> {
  if (isStatusChange(event)) {
    const change = parse('execution status change', ExecutionStatusChange, event);
    return reachingDatabase(async () => recordStatusChange(change, await pipelineDatabase()));
  }
  const request = parse('finish request', FinishRequest, event);
  return reachingDatabase(async () => finishRun(request, await pipelineDatabase()));
}
