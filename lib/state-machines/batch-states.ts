import {
  Choice,
  Condition,
  type IChainable,
  JsonPath,
  type TaskStateBase,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { StepName } from './pipeline-steps.ts';

/** Where the states of a batch find it, and what Load said of it. */
const BATCH = '$.batch';
const LOADED = '$.loaded';
const WHOLE = `${LOADED}.whole`;

/** Where a state takes its input from, and where its answer goes. */
export interface TaskPaths {
  payload?: object;
  /** The answer is dropped, and the input goes on. */
  keepInput?: boolean;
  inputPath?: string;
  resultPath?: string;
}

/** Makes the state of a step. */
export type TaskFactory = (
  step: StepName,
  state: string,
  comment: string,
  paths?: TaskPaths,
) => TaskStateBase;

/**
 * The states of one batch. Where a source has restated the past, Load holds instruments back and says so; their whole
 * history is then fetched and loaded before their features are computed. If that fails, their old history stays, and
 * the ledger says that they wait: the others go on.
 */
export function batchStates(scope: Construct, task: TaskFactory): IChainable {
  const fetch = task('fetch', 'Fetch', 'Asks the provider and keeps what it said, outside the VPC.', {
    inputPath: BATCH,
    keepInput: true,
  });
  const load = task('load', 'Load', 'Validates the raw record and writes the bars.', {
    inputPath: BATCH,
    resultPath: LOADED,
  });
  const fetchWhole = task(
    'fetch',
    'Fetch whole history',
    'Asks again, for all days, where the past was restated.',
    {
      inputPath: WHOLE,
      keepInput: true,
    },
  );
  const loadWhole = task(
    'load',
    'Load whole history',
    'Rewrites the restated bars, and keeps what they were.',
    {
      inputPath: WHOLE,
      keepInput: true,
    },
  );
  // Its small answer replaces the batch: the map collects the outputs, and 256 KiB is all it may hold.
  const features = task('features', 'Features', 'Computes the features that the new bars change.', {
    inputPath: BATCH,
  });
  for (const state of [fetchWhole, loadWhole]) {
    state.addCatch(features, { errors: ['States.ALL'], resultPath: JsonPath.DISCARD });
  }

  const restated = new Choice(scope, 'History restated?', {
    comment: 'Load names instruments whose stored history is on another basis than what came.',
  })
    .when(Condition.isPresent(`${WHOLE}.replay`), loadWhole)
    .when(Condition.isPresent(WHOLE), fetchWhole.next(loadWhole).next(features))
    .otherwise(features);
  return new Choice(scope, 'Replay?', {
    comment: 'A replay loads the raw records of an earlier run and asks no provider.',
  })
    .when(Condition.isPresent(`${BATCH}.replay`), load)
    .otherwise(fetch.next(load).next(restated));
}
