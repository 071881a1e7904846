import * as z from 'zod';

export const RUN_STATUSES = ['running', 'succeeded', 'failed'] as const;

/** The pipeline steps that the API reports. */
const RUN_STEPS = ['plan', 'ingest', 'features', 'infer', 'publish'] as const;

/** The furthest step of a run. */
export const RunStep = z
  .enum(RUN_STEPS)
  .describe('The last step that has written anything; `publish` once the run has succeeded.');
export type RunStep = z.output<typeof RunStep>;

/** The progress of a run in the ledger, which each batch updates. */
export interface RunTraces {
  status: (typeof RUN_STATUSES)[number];
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
  if (status === 'succeeded' || recommendations > 0) return 'publish';
  if (hasModel) return 'infer';
  if (features > 0) return 'features';
  return bars > 0 ? 'ingest' : 'plan';
}
