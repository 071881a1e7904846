import type { RunStarter } from '../../functions/api/admin/run-starter.ts';
import { log } from '../../functions/shared/telemetry.ts';
import { Progress } from '../terminal/progress.ts';
import { runPipeline } from './run-pipeline.ts';

/** Starts runs in this process, where a deployment has a state machine. */
export interface LocalRunStarter extends RunStarter {
  /** Waits for the runs that are under way. */
  settled(): Promise<void>;
}

/**
 * A starter whose runs are those of `npm start`. What becomes of a run stands in the ledger.
 *
 * @param progress - told of each step
 */
export function localRunStarter(progress: Progress = new Progress()): LocalRunStarter {
  const underWay = new Set<Promise<unknown>>();
  return {
    start: async (runId, input) => {
      const run = runPipeline(input, progress, runId)
        .catch((error: unknown) => {
          log('error', 'run failed', { runId, error: error instanceof Error ? error.message : typeof error });
        })
        .finally(() => underWay.delete(run));
      underWay.add(run);
    },
    settled: async () => {
      await Promise.all(underWay);
    },
  };
}
