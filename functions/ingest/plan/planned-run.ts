import type { RunMode } from '../../shared/constants.ts';
import type { PipelineInput } from '../../shared/contracts.ts';
import type { Failure } from '../../shared/ledger.ts';
import type { PlannedBatch } from './batches.ts';

/** What a run will do. */
export interface PlannedRun {
  mode: RunMode;
  asOf: string;
  provider: string;
  batches: PlannedBatch[];
  /** The instruments that wait for a later run, because the provider's allowance does not cover them. */
  deferred: Failure[];
  /** The input as the ledger records it. */
  input: PipelineInput;
}
