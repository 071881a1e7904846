/** A function of the pipeline: what it runs, and what it may take. */
export interface PipelineStep {
  /** The file that exports `handler`, from the folder `functions`. */
  readonly entry: string;
  readonly timeoutMinutes: number;
  readonly memoryMiB: number;
}

/**
 * The functions of the pipeline. Both the functions and the state machine take their timeouts from here, so
 * that a state never gives up on a function that may still be writing. Memory buys processor time: 1769 MiB is
 * one whole processor.
 */
export const PIPELINE_STEPS = {
  plan: { entry: 'ingest/plan.lambda.ts', timeoutMinutes: 2, memoryMiB: 512 },
  // A provider is asked for a few symbols at once, with pauses where it wants them.
  fetch: { entry: 'ingest/fetch.lambda.ts', timeoutMinutes: 14, memoryMiB: 512 },
  load: { entry: 'ingest/load.lambda.ts', timeoutMinutes: 10, memoryMiB: 1024 },
  features: { entry: 'features/features.lambda.ts', timeoutMinutes: 10, memoryMiB: 1769 },
  infer: { entry: 'infer/infer.lambda.ts', timeoutMinutes: 10, memoryMiB: 1769 },
  publish: { entry: 'infer/publish.lambda.ts', timeoutMinutes: 5, memoryMiB: 512 },
  score: { entry: 'infer/score.lambda.ts', timeoutMinutes: 5, memoryMiB: 512 },
  finish: { entry: 'ingest/finish.lambda.ts', timeoutMinutes: 1, memoryMiB: 256 },
} as const satisfies Record<string, PipelineStep>;

/** The name of one of {@link PIPELINE_STEPS}. */
export type StepName = keyof typeof PIPELINE_STEPS;

/** The names of {@link PIPELINE_STEPS}, in the order in which a run takes them. */
export const STEP_NAMES = Object.keys(PIPELINE_STEPS) as StepName[];
