import * as z from 'zod';
import { ENV } from '../../shared/constants.ts';
import type { PipelineInput } from '../../shared/contracts.ts';
import { readEnvironment } from '../../shared/environment.ts';
import { openStore } from './resources.ts';

/** Starts runs of the pipeline. */
export interface RunStarter {
  /**
   * Starts a run and does not wait for it.
   *
   * @param runId - the run's id: it names the execution, and the row in the ledger
   */
  start(runId: string, input: PipelineInput): Promise<void>;
}

let chosen: RunStarter | undefined;

/**
 * Chooses who starts runs from now on, in place of requests in the bucket that the environment names.
 *
 * @param starter - undefined for those requests again
 */
export function useRunStarter(starter: RunStarter | undefined): void {
  chosen = starter;
}

/**
 * Who starts runs.
 *
 * @throws ConfigurationError if nobody was chosen and the environment names no bucket
 */
export async function runStarter(): Promise<RunStarter> {
  if (chosen) return chosen;
  const environment = readEnvironment(z.object({ [ENV.runRequestsUrl]: z.string().min(1) }));
  // Runs are started rarely: what it takes is loaded by the first.
  const { requestedRuns } = await import('./requested-runs.ts');
  return requestedRuns(await openStore(ENV.runRequestsUrl, environment[ENV.runRequestsUrl] ?? ''));
}
