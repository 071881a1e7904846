import * as z from 'zod';
import { INTERVALS, RUN_MODES, RUN_STATUSES } from './constants.ts';
import { BadInputError } from './errors.ts';
import { AnySymbol, Day, InstrumentSymbol, ModelVersionName, RunId } from './fields.ts';

/**
 * The payloads between the states of the pipeline. States pass references and counts, never data. Each schema rejects
 * unknown keys, so that a typo is an error instead of a silent default.
 */

/**
 * The input of an execution. Every key is optional: `{}` is a daily run of all active instruments. A replay loads the
 * raw records of an earlier run again without asking a provider; it takes the mode and days of that run.
 */
export const PipelineInput = z
  .strictObject({
    mode: z.enum(RUN_MODES).optional(),
    symbols: z
      .array(AnySymbol)
      .min(1, 'is empty: leave it out to run all active instruments')
      .transform((symbols) => [...new Set(symbols)])
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

/** The payload of Plan: the execution's name and its input. */
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
  /** First day to fetch, inclusive. */
  from: Day,
  /** Last day that any step may read, inclusive. */
  asOf: Day,
  symbols: z.array(InstrumentSymbol).min(1),
  /** Whether its instruments get no recommendations, so that nobody needs their descriptions; absent for false. */
  isReference: z.literal(true).optional(),
  /** The run whose raw records are loaded again; absent where Fetch writes records for this run. */
  replay: RunId.optional(),
});
export type Batch = z.output<typeof Batch>;

export const PlanResult = z.strictObject({
  runId: z.string(),
  mode: z.enum(RUN_MODES),
  asOf: Day,
  instruments: z.int().nonnegative(),
  batches: z.array(Batch),
});
export type PlanResult = z.output<typeof PlanResult>;

/** The result of Fetch: the numbers of instruments that it fetched and that failed. */
export const FetchResult = z.strictObject({ batch: z.int(), fetched: z.int(), failed: z.int() });
export type FetchResult = z.output<typeof FetchResult>;

/** The result of Load; `bars` counts those that were new or different. */
export const LoadResult = z.strictObject({
  batch: z.int(),
  bars: z.int(),
  failed: z.int(),
  /** Symbols that were held back: their source restated its past before the requested days. */
  restated: z.array(InstrumentSymbol),
  /** The batch that fetches the whole history of those symbols; absent where there are none. */
  whole: Batch.optional(),
});
export type LoadResult = z.output<typeof LoadResult>;

/** The result of Features; `features` counts the rows that were new or different. */
export const FeaturesResult = z.strictObject({ batch: z.int(), features: z.int(), failed: z.int() });
export type FeaturesResult = z.output<typeof FeaturesResult>;

/** The payload of the states after the map. */
export const RunReference = z.strictObject({ runId: z.string(), asOf: Day });
export type RunReference = z.output<typeof RunReference>;

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

/** The result of Publish: the numbers of recommendations that it activated and archived. */
export const PublishResult = z.strictObject({
  runId: z.string(),
  asOf: Day,
  modelVersion: z.string(),
  activated: z.int(),
  archived: z.int(),
});
export type PublishResult = z.output<typeof PublishResult>;

/** The result of Score: the number of outcomes that it stored, including revisions from restated bars. */
export const ScoreResult = z.strictObject({ scored: z.int() });
export type ScoreResult = z.output<typeof ScoreResult>;

/** The payload of the state that closes a run whose steps have ended. */
export const FinishRequest = z.strictObject({ runId: z.string() });
export type FinishRequest = z.output<typeof FinishRequest>;

/** A time as events have it: milliseconds since 1970. AWS documents one of them as a string. */
const EventTime = z.union([z.number(), z.iso.datetime({ offset: true })]).transform((time) => new Date(time));

/** What an execution's new status means for its run: a redrive starts it again, and each other status ends it. */
const ExecutionStatus = z.enum(['RUNNING', 'FAILED', 'TIMED_OUT', 'ABORTED']);

/**
 * The event of EventBridge for an execution that failed, timed out, was stopped or was redriven. AWS adds fields to
 * its events, so unknown keys are accepted. Any field about the failure may be null.
 */
export const ExecutionStatusChange = z.looseObject({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.looseObject({
    /** The name of the execution, which is the id of its run. */
    name: RunId,
    status: ExecutionStatus,
    /** The name of the error, such as `States.TaskFailed`. */
    error: z.string().nullish(),
    /** Text, or JSON with the error of a function or the description of a task. */
    cause: z.string().nullish(),
    stopDate: EventTime.nullish(),
    /** The start of the latest redrive; null for the first attempt. */
    redriveDate: EventTime.nullish(),
  }),
});
export type ExecutionStatusChange = z.output<typeof ExecutionStatusChange>;

/** Whether a function was called by the event of an execution instead of by a state. */
export function isStatusChange(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'detail-type' in event;
}

/** The status of the run in the ledger. */
export const FinishResult = z.strictObject({
  runId: z.string(),
  status: z.enum(RUN_STATUSES),
});
export type FinishResult = z.output<typeof FinishResult>;

/**
 * Parses a payload, and turns the issues of the schema into one message for an operator.
 *
 * @param what - names the payload in the message, such as "pipeline input"
 * @throws BadInputError naming each invalid key
 */
export function parse<T extends z.ZodType>(what: string, schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) =>
    issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message,
  );
  throw new BadInputError(`${what}: ${faults.join('; ')}`);
}

/** The input of retraining. Without a version, it takes the one after the highest registered version. */
export const RetrainingInput = z.strictObject({ version: ModelVersionName.optional() });
export type RetrainingInput = z.output<typeof RetrainingInput>;

/** A retraining that failed, and why. */
export const RetrainingFailure = z.strictObject({ runId: z.string(), reason: z.string() });
export type RetrainingFailure = z.output<typeof RetrainingFailure>;

/** The payloads of the retraining states, which share one function. */
export const RetrainingRequest = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('choose'), runId: z.string().min(1).max(80), input: z.unknown() }),
  z.strictObject({ step: z.literal('register'), version: ModelVersionName, path: z.string().min(1) }),
  z.strictObject({ step: z.literal('promote'), version: ModelVersionName }),
]);
export type RetrainingRequest = z.output<typeof RetrainingRequest>;

/** The version to train, where its release goes, and the release that it is compared with. */
export const RetrainingPlan = z.strictObject({
  version: ModelVersionName,
  /** Folder of the release in the bucket of models; each run has its own, so that two runs never share one. */
  path: z.string(),
  /** Folder of the active release; empty where no model is active. */
  incumbent: z.string(),
});
export type RetrainingPlan = z.output<typeof RetrainingPlan>;

/** The result of registering a release; `added` is false where it was registered before. */
export const RegistrationResult = z.strictObject({ version: ModelVersionName, added: z.boolean() });
export type RegistrationResult = z.output<typeof RegistrationResult>;

/** The verdict of the promotion gate, with its reason for an operator. */
export const PromotionResult = z.strictObject({
  version: ModelVersionName,
  promoted: z.boolean(),
  reason: z.string(),
});
export type PromotionResult = z.output<typeof PromotionResult>;
