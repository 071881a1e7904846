import * as z from 'zod';
import { INTERVALS, RUN_MODES } from './constants.ts';
import { BadInputError } from './errors.ts';

/**
 * Every payload that passes between the states of the pipeline. States pass references and counts, never
 * data; each schema refuses keys it does not know, so that a typo is an error and not a silent default.
 */

/** A trading or calendar day, `YYYY-MM-DD`. */
export const Day = z.iso.date('is not a date such as 2024-02-29');

/** A symbol as this project writes it (Yahoo's way: BRK-B). */
export const InstrumentSymbol = z
  .string()
  .regex(/^[A-Z0-9^][A-Z0-9.^=-]{0,14}$/, 'is not a symbol such as AAPL or BRK-B');

/** The name of an execution of the state machine. */
const RunId = z.string().min(1).max(80);

/**
 * The execution's input. All optional: `{}` is a daily run of all active instruments. A replay loads the raw records
 * of an earlier run again and asks no provider; its mode and its days are those of that run.
 */
export const PipelineInput = z
  .strictObject({
    mode: z.enum(RUN_MODES).optional(),
    symbols: z
      .array(InstrumentSymbol)
      .min(1, 'is empty: leave it out to run all active instruments')
      .optional(),
    from: Day.optional(),
    to: Day.optional(),
    replay: RunId.optional(),
  })
  .refine((input) => !input.from || !input.to || input.from <= input.to, {
    message: 'from is later than to',
    path: ['from'],
  })
  .refine((input) => !input.replay || !(input.mode || input.from || input.to), {
    message: 'takes the mode and the days of that run: leave out mode, from and to',
    path: ['replay'],
  });
export type PipelineInput = z.output<typeof PipelineInput>;

/** What the Plan state receives: the execution's identity beside its input. */
export const PlanRequest = z.strictObject({
  runId: RunId,
  input: z.unknown(),
});
export type PlanRequest = z.output<typeof PlanRequest>;

/** One batch of instruments, the unit of Fetch, Load and Features. */
export const Batch = z.strictObject({
  runId: z.string(),
  /** Position of the batch in its run, from 0. */
  batch: z.int().nonnegative(),
  interval: z.enum(INTERVALS),
  /** First day to ask for, inclusive. */
  from: Day,
  /** Last day that any step may read, inclusive. */
  asOf: Day,
  symbols: z.array(InstrumentSymbol).min(1),
  /** The run whose raw records are loaded again; absent where Fetch writes this run's own. */
  replay: RunId.optional(),
});
export type Batch = z.output<typeof Batch>;

/** What Plan answers. */
export const PlanResult = z.strictObject({
  runId: z.string(),
  mode: z.enum(RUN_MODES),
  asOf: Day,
  instruments: z.int().nonnegative(),
  batches: z.array(Batch),
});
export type PlanResult = z.output<typeof PlanResult>;

/** What Fetch answers: how many instruments it got, and how many it could not. */
export const FetchResult = z.strictObject({ batch: z.int(), fetched: z.int(), failed: z.int() });
export type FetchResult = z.output<typeof FetchResult>;

/** What Load answers: bars that it wrote because they were new or different. */
export const LoadResult = z.strictObject({
  batch: z.int(),
  bars: z.int(),
  failed: z.int(),
  /** Symbols that were held back: their source has restated the past, which their own days cannot mend. */
  restated: z.array(InstrumentSymbol),
  /** What brings those their whole history; absent where there are none. */
  whole: Batch.optional(),
});
export type LoadResult = z.output<typeof LoadResult>;

/** What Features answers: rows that it wrote because they were new or different. */
export const FeaturesResult = z.strictObject({ batch: z.int(), features: z.int(), failed: z.int() });
export type FeaturesResult = z.output<typeof FeaturesResult>;

/** What the states after the map receive. */
export const RunReference = z.strictObject({ runId: z.string(), asOf: Day });
export type RunReference = z.output<typeof RunReference>;

/** What Infer answers: where the scores are. */
export const InferResult = z.strictObject({
  runId: z.string(),
  asOf: Day,
  modelVersion: z.string(),
  /** Key of the scores among the raw objects. */
  scores: z.string(),
  instruments: z.int(),
  failed: z.int(),
});
export type InferResult = z.output<typeof InferResult>;

/** What Publish answers. */
export const PublishResult = z.strictObject({
  runId: z.string(),
  asOf: Day,
  modelVersion: z.string(),
  activated: z.int(),
  archived: z.int(),
});
export type PublishResult = z.output<typeof PublishResult>;

/** What Score answers: earlier recommendations whose horizon has passed and that now have an outcome. */
export const ScoreResult = z.strictObject({ scored: z.int() });
export type ScoreResult = z.output<typeof ScoreResult>;

/** What the closing states send to the ledger. */
export const FinishRequest = z.strictObject({
  runId: z.string(),
  /** The error that Step Functions caught; absent when the run succeeded. */
  error: z.object({ Error: z.string(), Cause: z.string().optional() }).optional(),
});
export type FinishRequest = z.output<typeof FinishRequest>;

/** The row of the run as it ends. */
export const FinishResult = z.strictObject({ runId: z.string(), status: z.enum(['succeeded', 'failed']) });
export type FinishResult = z.output<typeof FinishResult>;

/**
 * Parses a payload, turning a schema's issues into one sentence that an operator can act on.
 *
 * @param what - what is being parsed, for the message ("pipeline input")
 * @throws BadInputError naming each faulty key
 */
export function parse<T extends z.ZodType>(what: string, schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) =>
    issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message,
  );
  throw new BadInputError(`${what}: ${faults.join('; ')}`);
}

/** A model's version. */
export const ModelVersionName = z.string().regex(/^v\d+\.\d+\.\d+$/, 'is not a version such as v1.2.3');

/** The input of retraining. All optional: `{}` takes the version after the highest that is registered. */
export const RetrainingInput = z.strictObject({ version: ModelVersionName.optional() });
export type RetrainingInput = z.output<typeof RetrainingInput>;

/** What the states of retraining send to their one function. */
export const RetrainingRequest = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('choose'), runId: z.string().min(1).max(80), input: z.unknown() }),
  z.strictObject({ step: z.literal('register'), version: ModelVersionName, path: z.string().min(1) }),
  z.strictObject({ step: z.literal('promote'), version: ModelVersionName }),
]);
export type RetrainingRequest = z.output<typeof RetrainingRequest>;

/** What is to be trained, where it goes, and what it is measured against. */
export const RetrainingPlan = z.strictObject({
  version: ModelVersionName,
  /** Folder of the release in the bucket of models: a run's own, so that no two runs write to one. */
  path: z.string(),
  /** Folder of the active release; empty where no model is active. */
  incumbent: z.string(),
});
export type RetrainingPlan = z.output<typeof RetrainingPlan>;

/** What registering a release came to. */
export const RegistrationResult = z.strictObject({ version: ModelVersionName, added: z.boolean() });
export type RegistrationResult = z.output<typeof RegistrationResult>;

/** What the gate said, in words that an operator can read. */
export const PromotionResult = z.strictObject({
  version: ModelVersionName,
  promoted: z.boolean(),
  reason: z.string(),
});
export type PromotionResult = z.output<typeof PromotionResult>;
