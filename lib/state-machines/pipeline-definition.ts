import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  DistributedMap,
  type IChainable,
  type INextable,
  JitterType,
  JsonPath,
  type RetryProps,
  type State,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import {
  MAX_CONCURRENT_BATCHES,
  type RunMode,
  TOLERATED_FAILURE_SHARE,
} from '../../functions/shared/constants.ts';
import { batchStates, type TaskPaths } from './batch-states.ts';
import { failedStates } from './failed-states.ts';
import { PIPELINE_STEPS, type StepName } from './pipeline-steps.ts';

export const PIPELINE_COMMENT =
  'Fetches bars and publishes recommendations. An empty input starts a daily run.';

/** Limit of a run. A backfill of ten thousand instruments takes most of it. */
export const PIPELINE_TIMEOUT = Duration.hours(12);

/** The mode that publishes recommendations; the others only update the data. */
const RECOMMENDING_MODE: RunMode = 'daily';

/** Errors that a retry may resolve. Every step is idempotent, so a step that timed out may run again. */
export const TRANSIENT_ERRORS = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  // A function that ran out of time or memory.
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'States.Timeout',
  'DatabaseUnreachableError',
  'CommitOutcomeUnknownError',
  'DriverResultError',
];

/** Five attempts in total, with full jitter so that concurrent batches do not retry together. */
export const TRANSIENT_RETRY: RetryProps = {
  errors: TRANSIENT_ERRORS,
  interval: Duration.seconds(2),
  maxAttempts: 4,
  backoffRate: 2,
  maxDelay: Duration.minutes(1),
  jitterStrategy: JitterType.FULL,
};

/**
 * Waits for a function whose reserved concurrency another run uses. Lambda throttles each attempt immediately, so the
 * attempts cost almost nothing. Together they wait longer than a batch takes.
 */
const BUSY_RETRY: RetryProps = {
  errors: ['Lambda.TooManyRequestsException'],
  interval: Duration.seconds(5),
  maxAttempts: 40,
  backoffRate: 1.5,
  maxDelay: Duration.minutes(1),
  jitterStrategy: JitterType.FULL,
};

/** The id of a run: the name of its execution. */
const EXECUTION_NAME = JsonPath.stringAt('$$.Execution.Name');

/** The payload of the states after the map. */
const RUN = { runId: JsonPath.stringAt('$.runId'), asOf: JsonPath.stringAt('$.asOf') };

/**
 * The states of the pipeline. AWS and the local runner execute the same definition, so it uses only what both support:
 * JSONPath, no readers, no variables.
 *
 * @param functions - the function of each step
 */
export function pipelineDefinition(scope: Construct, functions: Record<StepName, IFunction>): IChainable {
  const task = (
    step: StepName,
    state: string,
    comment: string,
    { payload, keepInput, ...paths }: TaskPaths = {},
  ) => {
    const invoke = new LambdaInvoke(scope, state, {
      comment,
      lambdaFunction: functions[step],
      payloadResponseOnly: true,
      // The extra half minute covers the invocation itself, so the function ends before the state times out.
      taskTimeout: Timeout.duration(Duration.seconds(PIPELINE_STEPS[step].timeoutMinutes * 60 + 30)),
      retryOnServiceExceptions: false,
      ...(payload && { payload: TaskInput.fromObject({ ...payload }) }),
      ...(keepInput && { resultPath: JsonPath.DISCARD }),
      ...paths,
    });
    return invoke.addRetry(BUSY_RETRY).addRetry(TRANSIENT_RETRY);
  };

  const recordFailure = task('finish', 'Record failure', 'Closes the run in the ledger with its error.', {
    payload: { runId: EXECUTION_NAME, error: JsonPath.entirePayload },
    keepInput: true,
  });
  const onFailure = <T extends Catching>(state: T): T => {
    state.addCatch(recordFailure, { errors: ['States.ALL'] });
    return state;
  };

  const plan = onFailure(
    task('plan', 'Plan', 'Opens the run in the ledger and divides the instruments into batches.', {
      payload: { runId: EXECUTION_NAME, input: JsonPath.entirePayload },
    }),
  );

  const forEachBatch = onFailure(
    new DistributedMap(scope, 'For each batch', {
      comment: 'Processes a few batches at a time, to limit the load on the provider and the database.',
      label: 'Batches',
      itemsPath: '$.batches',
      maxConcurrency: MAX_CONCURRENT_BATCHES,
      toleratedFailurePercentage: Math.round(TOLERATED_FAILURE_SHARE * 100),
      // Nests the batch, so that the result of Load can be stored next to it.
      itemSelector: { batch: JsonPath.stringAt('$$.Map.Item.Value') },
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(batchStates(scope, task)),
  );

  const infer = onFailure(
    task('infer', 'Infer', 'Predicts every instrument with the active model.', { payload: RUN }),
  );
  const publish = onFailure(
    task('publish', 'Publish', 'Replaces the active recommendations in one transaction.', {
      keepInput: true,
    }),
  );
  const score = onFailure(
    task('score', 'Score', 'Compares earlier recommendations whose horizon has passed with the outcome.', {
      payload: RUN,
      keepInput: true,
    }),
  );
  const recordSuccess = onFailure(
    task('finish', 'Record success', 'Closes the run in the ledger.', { payload: { runId: EXECUTION_NAME } }),
  );

  const byMode = new Choice(scope, 'Daily run?', {
    comment: 'Only a daily run publishes recommendations; the other modes update the data.',
  })
    .when(
      Condition.stringEquals('$.mode', RECOMMENDING_MODE),
      infer.next(publish).next(score).next(recordSuccess),
    )
    .otherwise(recordSuccess);

  // Fails the run with the caught error, even if the ledger cannot record it.
  const failed = failedStates(scope);
  recordFailure.addCatch(failed, { errors: ['States.ALL'], resultPath: JsonPath.DISCARD });
  recordFailure.next(failed);

  return plan.next(forEachBatch).next(byMode);
}

/** A state that can catch errors. */
type Catching = State & INextable & { addCatch(handler: IChainable, props: { errors: string[] }): unknown };
