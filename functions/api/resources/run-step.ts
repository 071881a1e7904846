import * as z from 'zod';
import type { RunStatus } from '../../shared/constants.ts';

/** The pipeline steps that the API reports. */
const RUN_STEPS = ['plan', 'ingest', 'features', 'infer', 'publish'] as const;

/** The furthest step of a run. */
export const RunStep = z
  .enum(RUN_STEPS)
  .describe(
    'The last step that has written anything; `publish` once the run has succeeded, in part or in full.',
  );
export type RunStep = z.output<typeof RunStep>;

/** The progress of a run in the ledger, which each batch updates. */
export interface RunTraces {
  status: RunStatus;
  bars: number;
  features: number;
  recommendations: number;
  hasModel: boolean;
}

/**
 * The last step that has written anything. A run may skip steps that have nothing new to write, so the latest step is
 * checked first.
 */
export function reachedStep({ status, bars, features, recommendations, hasModel }: RunTraces): RunStep {
  if (status === 'succeeded' || status === 'partial' || recommendations > 0) return 'publish';
  if (hasModel) return 'infer';
  if (features > 0) return 'features';
  return bars > 0 ? 'ingest' : 'plan';
}
