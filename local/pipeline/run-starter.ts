import type { RunStarter } from '../../functions/api/admin/run-starter.ts';
import { log } from '../../functions/shared/telemetry.ts';
import { Progress } from '../terminal/progress.ts';
import { runPipeline } from './run-pipeline.ts';

/** Starts runs in this process; a deployment starts its state machine instead. */
export interface LocalRunStarter extends RunStarter {
  /** Waits until all started runs have ended. */
  settled(): Promise<void>;
}

/**
 * Makes a starter that runs the pipeline as `npm start` does. The result of a run is its row in `pipeline_runs`.
 */
export function localRunStarter(progress: Progress = new Progress()): LocalRunStarter {
  const running = new Set<Promise<unknown>>();
  return {
    start: async (runId, input) => {
      const run = runPipeline(input, progress, runId)
        .catch((error: unknown) => {
          log('error', 'run failed', { runId, error: error instanceof Error ? error.message : typeof error });
        })
        .finally(() => running.delete(run));
      running.add(run);
    },
    settled: async () => {
      await Promise.all(running);
    },
  };
}
