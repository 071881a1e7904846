import * as z from 'zod';
import { ENV } from '../../shared/constants.ts';
import { readEnvironment } from '../../shared/environment.ts';
import { openStore } from '../core/open-store.ts';
import type { RunStarter } from './run-starter.ts';

let selected: RunStarter | undefined;

/**
 * Selects the starter of all later runs.
 *
 * @param starter - undefined for the default: requests in the bucket that the environment names
 */
export function selectRunStarter(starter: RunStarter | undefined): void {
  selected = starter;
}

const Environment = z.object({ [ENV.runRequestsUrl]: z.string().min(1) });

/**
 * The selected starter of runs, or the default.
 *
 * @throws ConfigurationError if no starter is selected and the environment names no bucket
 */
export async function runStarter(): Promise<RunStarter> {
  if (selected) return selected;
  const { RUN_REQUESTS_URL } = readEnvironment(Environment);
  // Few requests start runs, so the code for it is loaded on first use.
  const { requestedRuns } = await import('./requested-runs.ts');
  return requestedRuns(await openStore(ENV.runRequestsUrl, RUN_REQUESTS_URL));
}
