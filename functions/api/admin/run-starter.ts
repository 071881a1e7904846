import * as z from 'zod';
import { ENV } from '../../shared/constants.ts';
import type { PipelineInput } from '../../shared/contracts.ts';
import { readEnvironment } from '../../shared/environment.ts';

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
 * Chooses who starts runs from now on, in place of the state machine that the environment names.
 *
 * @param starter - undefined for that state machine again
 */
export function useRunStarter(starter: RunStarter | undefined): void {
  chosen = starter;
}

/**
 * Who starts runs.
 *
 * @throws ConfigurationError if nobody was chosen and the environment names no state machine
 */
export async function runStarter(): Promise<RunStarter> {
  if (chosen) return chosen;
  const environment = readEnvironment(z.object({ [ENV.stateMachineArn]: z.string().min(1) }));
  // Runs are started rarely: the client is loaded by the first.
  const { stateMachine } = await import('./state-machine.ts');
  return stateMachine(environment[ENV.stateMachineArn] ?? '');
}
