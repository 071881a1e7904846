import {
  Choice,
  Condition,
  type IChainable,
  JsonPath,
  type TaskStateBase,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { StepName } from './pipeline-steps.ts';

/** Paths in the input of the map's states: the batch, and the result of Load. */
const BATCH = '$.batch';
const LOADED = '$.loaded';
const WHOLE = `${LOADED}.whole`;

/** The input of a state, and the destination of its result. */
export interface TaskPaths {
  payload?: object;
  /** Passes the input on and discards the result. */
  keepInput?: boolean;
  inputPath?: string;
  resultPath?: string;
}

/** Creates the state of a step. */
export type TaskFactory = (
  step: StepName,
  state: string,
  comment: string,
  paths?: TaskPaths,
) => TaskStateBase;

/**
 * The states of one batch. When a source has restated an instrument's history, Load reports it without storing its bars.
 * The state machine then fetches and loads the whole history before it computes features. If that fails, the old history
 * stays, the ledger records the instrument as waiting, and the rest of the batch continues.
 */
export function batchStates(scope: Construct, task: TaskFactory): IChainable {
  const fetch = task(
    'fetch',
    'Fetch',
    'Fetches bars from the provider, outside the VPC, and stores the raw records.',
    {
      inputPath: BATCH,
      keepInput: true,
    },
  );
  const load = task('load', 'Load', 'Validates the raw records and writes the bars.', {
    inputPath: BATCH,
    resultPath: LOADED,
  });
  const fetchWhole = task(
    'fetch',
    'Fetch whole history',
    'Fetches all days of the instruments with a restated history.',
    {
      inputPath: WHOLE,
      keepInput: true,
    },
  );
  const loadWhole = task(
    'load',
    'Load whole history',
    'Replaces the restated bars, and archives the previous ones.',
    {
      inputPath: WHOLE,
      keepInput: true,
    },
  );
  // Its small result replaces the batch: the map collects all outputs, within 256 KiB.
  const features = task('features', 'Features', 'Computes the features that the new bars affect.', {
    inputPath: BATCH,
  });
  for (const state of [fetchWhole, loadWhole]) {
    state.addCatch(features, { errors: ['States.ALL'], resultPath: JsonPath.DISCARD });
  }

  const restated = new Choice(scope, 'History restated?', {
    comment: 'Load lists the instruments whose stored history has another basis than the fetched bars.',
  })
    .when(Condition.isPresent(`${WHOLE}.replay`), loadWhole)
    .when(Condition.isPresent(WHOLE), fetchWhole.next(loadWhole).next(features))
    .otherwise(features);
  return new Choice(scope, 'Replay?', {
    comment: 'A replay loads the raw records of an earlier run instead of fetching.',
  })
    .when(Condition.isPresent(`${BATCH}.replay`), load)
    .otherwise(fetch.next(load).next(restated));
}
