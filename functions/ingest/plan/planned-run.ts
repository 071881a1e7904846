import type { RunMode } from '../../shared/constants.ts';
import type { PipelineInput } from '../../shared/contracts.ts';
import type { PlannedBatch } from './batches.ts';

/** What a run will do. */
export interface PlannedRun {
  mode: RunMode;
  asOf: string;
  provider: string;
  batches: PlannedBatch[];
  /** The input as the ledger records it. */
  input: PipelineInput;
}
