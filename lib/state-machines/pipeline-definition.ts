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

/** What the state machine says of itself. */
export const PIPELINE_COMMENT = 'Market data in, recommendations out. An empty input is a daily run.';

/** How long a run may take; a backfill of ten thousand instruments takes most of it. */
export const PIPELINE_TIMEOUT = Duration.hours(12);

/** The mode that ends in recommendations; the others only bring the data up to date. */
const RECOMMENDING_MODE: RunMode = 'daily';

/** Errors that may be gone on the next attempt. Every step is idempotent, so one that timed out may run again. */
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

/** How those errors are tried again: five attempts in all, apart at random so that they do not come together. */
export const TRANSIENT_RETRY: RetryProps = {
  errors: TRANSIENT_ERRORS,
  interval: Duration.seconds(2),
  maxAttempts: 4,
  backoffRate: 2,
  maxDelay: Duration.minutes(1),
  jitterStrategy: JitterType.FULL,
};

/**
 * A function at the concurrency that it reserves, because another run is under way: its turn comes. Each attempt is
 * refused at once, so that they cost next to nothing; together they wait for longer than a batch takes.
 */
export const BUSY_RETRY: RetryProps = {
  errors: ['Lambda.TooManyRequestsException'],
  interval: Duration.seconds(5),
  maxAttempts: 40,
  backoffRate: 1.5,
  maxDelay: Duration.minutes(1),
  jitterStrategy: JitterType.FULL,
};

/** The identity of a run: given by Step Functions, passed on to every step. */
const EXECUTION_NAME = JsonPath.stringAt('$$.Execution.Name');

/** What the states after the map take. */
const RUN = { runId: JsonPath.stringAt('$.runId'), asOf: JsonPath.stringAt('$.asOf') };

/**
 * The states of the pipeline, defined once: AWS and the local runner take the same definition. It keeps to
 * what both understand: JSONPath, no readers, no variables.
 *
 * @param functions - the function behind each step
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
      // The half minute is for the invocation itself: the function has ended before the state gives up.
      taskTimeout: Timeout.duration(Duration.seconds(PIPELINE_STEPS[step].timeoutMinutes * 60 + 30)),
      retryOnServiceExceptions: false,
      ...(payload && { payload: TaskInput.fromObject({ ...payload }) }),
      ...(keepInput && { resultPath: JsonPath.DISCARD }),
      ...paths,
    });
    return invoke.addRetry(BUSY_RETRY).addRetry(TRANSIENT_RETRY);
  };

  const recordFailure = task(
    'finish',
    'Record failure',
    'Closes the run in the ledger, with the error that ended it.',
    { payload: { runId: EXECUTION_NAME, error: JsonPath.entirePayload }, keepInput: true },
  );
  const onFailure = <T extends Catching>(state: T): T => {
    state.addCatch(recordFailure, { errors: ['States.ALL'] });
    return state;
  };

  const plan = onFailure(
    task('plan', 'Plan', 'Opens the run in the ledger and cuts the instruments into batches.', {
      payload: { runId: EXECUTION_NAME, input: JsonPath.entirePayload },
    }),
  );

  const forEachBatch = onFailure(
    new DistributedMap(scope, 'For each batch', {
      comment: 'Works on a few batches at a time, so that neither the provider nor the database is swamped.',
      label: 'Batches',
      itemsPath: '$.batches',
      maxConcurrency: MAX_CONCURRENT_BATCHES,
      toleratedFailurePercentage: Math.round(TOLERATED_FAILURE_SHARE * 100),
      // So that what Load says can stand beside the batch.
      itemSelector: { batch: JsonPath.stringAt('$$.Map.Item.Value') },
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(batchStates(scope, task)),
  );

  const infer = onFailure(
    task('infer', 'Infer', 'Scores every instrument with the active model.', { payload: RUN }),
  );
  const publish = onFailure(
    task('publish', 'Publish', 'Replaces the active recommendations, all at once.', { keepInput: true }),
  );
  const score = onFailure(
    task('score', 'Score', 'Compares earlier recommendations whose horizon has passed with what happened.', {
      payload: RUN,
      keepInput: true,
    }),
  );
  const recordSuccess = onFailure(
    task('finish', 'Record success', 'Closes the run in the ledger.', { payload: { runId: EXECUTION_NAME } }),
  );

  const wanted = new Choice(scope, 'Recommendations wanted?', {
    comment: 'Only a daily run ends in recommendations; the others bring the data up to date.',
  })
    .when(
      Condition.stringEquals('$.mode', RECOMMENDING_MODE),
      infer.next(publish).next(score).next(recordSuccess),
    )
    .otherwise(recordSuccess);

  // Ends the run with what was caught, even if the ledger could not take note of it.
  const failed = failedStates(scope);
  recordFailure.addCatch(failed, { errors: ['States.ALL'], resultPath: JsonPath.DISCARD });
  recordFailure.next(failed);

  return plan.next(forEachBatch).next(wanted);
}

/** A state that can hand an error on. */
type Catching = State & INextable & { addCatch(handler: IChainable, props: { errors: string[] }): unknown };
