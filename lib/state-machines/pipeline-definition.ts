import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  DistributedMap,
  type IChainable,
  JsonPath,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import {
  MAX_CONCURRENT_BATCHES,
  RUN_LIMIT_HOURS,
  type RunMode,
  SYSTEMATIC_ABOVE_SHARE,
} from '../../functions/shared/constants.ts';
import { batchStates, type TaskPaths } from './batch-states.ts';
import { callFunction } from './call-function.ts';
import { PIPELINE_STEPS, type StepName } from './pipeline-steps.ts';

export const PIPELINE_COMMENT =
  'Fetches bars and publishes recommendations. An empty input starts a daily run.';

export const PIPELINE_TIMEOUT = Duration.hours(RUN_LIMIT_HOURS);

/** The mode that publishes recommendations; the others only update the data. */
const RECOMMENDING_MODE: RunMode = 'daily';

/** The id of a run: the name of its execution. */
const EXECUTION_NAME = JsonPath.stringAt('$$.Execution.Name');

/** The payload of the states after the map. */
const RUN = { runId: JsonPath.stringAt('$.runId'), asOf: JsonPath.stringAt('$.asOf') };

/**
 * The states of the pipeline. AWS and the local runner execute the same definition, so it uses only what both support:
 * JSONPath, no readers, no variables. No state catches the failure of a run: a redrive continues only from a state that
 * has not exited (docs/adr/0027). An event records the failure in the ledger.
 *
 * @param functions - the function of each step
 */
export function pipelineDefinition(scope: Construct, functions: Record<StepName, IFunction>): IChainable {
  const task = (
    step: StepName,
    state: string,
    comment: string,
    { payload, keepInput, ...paths }: TaskPaths = {},
  ) =>
    callFunction(scope, state, {
      comment,
      lambdaFunction: functions[step],
      timeoutMinutes: PIPELINE_STEPS[step].timeoutMinutes,
      ...(payload && { payload: TaskInput.fromObject({ ...payload }) }),
      ...(keepInput && { resultPath: JsonPath.DISCARD }),
      ...paths,
    });

  const plan = task('plan', 'Plan', 'Opens the run in the ledger and divides the instruments into batches.', {
    payload: { runId: EXECUTION_NAME, input: JsonPath.entirePayload },
  });

  const forEachBatch = new DistributedMap(scope, 'For each batch', {
    comment: 'Processes a few batches at a time, to limit the load on the provider and the database.',
    label: 'Batches',
    itemsPath: '$.batches',
    maxConcurrency: MAX_CONCURRENT_BATCHES,
    // The other batches continue, and Infer records the instruments of a failed one. If most fail, the run fails here,
    // where a redrive repeats them.
    toleratedFailurePercentage: SYSTEMATIC_ABOVE_SHARE * 100,
    // Nests the batch, so that the result of Load can be stored next to it.
    itemSelector: { batch: JsonPath.stringAt('$$.Map.Item.Value') },
    resultPath: JsonPath.DISCARD,
  }).itemProcessor(batchStates(scope, task));

  const infer = task('infer', 'Infer', 'Predicts every instrument with the active model.', { payload: RUN });
  const publish = task('publish', 'Publish', 'Replaces the active recommendations in one transaction.', {
    keepInput: true,
  });
  const score = task(
    'score',
    'Score',
    'Compares earlier recommendations whose horizon has passed with the outcome.',
    { payload: RUN, keepInput: true },
  );
  const recordSuccess = task('finish', 'Record success', 'Closes the run in the ledger.', {
    payload: { runId: EXECUTION_NAME },
  });

  const byMode = new Choice(scope, 'Daily run?', {
    comment: 'Only a daily run publishes recommendations; the other modes update the data.',
  })
    .when(
      Condition.stringEquals('$.mode', RECOMMENDING_MODE),
      infer.next(publish).next(score).next(recordSuccess),
    )
    .otherwise(recordSuccess);

  return plan.next(forEachBatch).next(byMode);
}
