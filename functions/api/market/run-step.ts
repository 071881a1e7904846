import * as z from 'zod';

/** How a run stands. */
export const RUN_STATUSES = ['running', 'succeeded', 'failed'] as const;

/** The pipeline's steps, as a reader follows them. */
export const RUN_STEPS = ['plan', 'ingest', 'features', 'infer', 'publish'] as const;

/** How far a run is. */
export const RunStep = z
  .enum(RUN_STEPS)
  .describe('The last step from which it has written anything; `publish` for one that succeeded.');
export type RunStep = z.output<typeof RunStep>;

/** What the ledger knows of a run's way, and adds to batch by batch. */
export interface RunTraces {
  status: (typeof RUN_STATUSES)[number];
  bars: number;
  features: number;
  recommendations: number;
  hasModel: boolean;
}

/**
 * The last step from which a run has written anything. One that found nothing new to write passes over steps: what
 * comes later counts.
 */
export function reachedStep({ status, bars, features, recommendations, hasModel }: RunTraces): RunStep {
  if (status === 'succeeded' || recommendations > 0) return 'publish';
  if (hasModel) return 'infer';
  if (features > 0) return 'features';
  return bars > 0 ? 'ingest' : 'plan';
}
