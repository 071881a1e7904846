/** A function of the pipeline: its entry point and its limits. */
export interface PipelineStep {
  /** The file that exports `handler`, from the folder `functions`. */
  readonly entry: string;
  readonly timeoutMinutes: number;
  readonly memoryMiB: number;
  /** It reads descriptors of providers and opens none, so its bundle leaves out their clients. */
  readonly withoutProviderClients?: boolean;
}

/**
 * The functions of the pipeline. Functions and state machine both use these timeouts, so a state never times out while
 * its function may still write. CPU is proportional to memory: 1769 MiB is one vCPU.
 */
export const PIPELINE_STEPS = {
  plan: {
    entry: 'ingest/plan.lambda.ts',
    timeoutMinutes: 2,
    memoryMiB: 512,
    withoutProviderClients: true,
  },
  // Fetch requests a few symbols at once, at the provider's pace.
  fetch: { entry: 'ingest/fetch.lambda.ts', timeoutMinutes: 14, memoryMiB: 512 },
  load: { entry: 'ingest/load.lambda.ts', timeoutMinutes: 10, memoryMiB: 1024 },
  features: { entry: 'features/features.lambda.ts', timeoutMinutes: 10, memoryMiB: 1769 },
  infer: { entry: 'infer/infer.lambda.ts', timeoutMinutes: 10, memoryMiB: 1769 },
  publish: { entry: 'infer/publish.lambda.ts', timeoutMinutes: 5, memoryMiB: 512 },
  score: { entry: 'infer/score.lambda.ts', timeoutMinutes: 5, memoryMiB: 512 },
  finish: { entry: 'ingest/finish.lambda.ts', timeoutMinutes: 1, memoryMiB: 256 },
} as const satisfies Record<string, PipelineStep>;

export type StepName = keyof typeof PIPELINE_STEPS;

/** The names of {@link PIPELINE_STEPS}, in the order of a run. */
export const STEP_NAMES = Object.keys(PIPELINE_STEPS) as StepName[];
