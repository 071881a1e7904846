import type { PipelineInput } from '../../shared/contracts.ts';

/** Starts runs of the pipeline. */
export interface RunStarter {
  /**
   * Starts a run and does not wait for its end.
   *
   * @param runId - the run's id: the name of the execution, and the key of the row in the ledger
   */
  start(runId: string, input: PipelineInput): Promise<void>;
}
