import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  type IChainable,
  JitterType,
  JsonPath,
  type RetryProps,
  Succeed,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { TrainingTask } from '../constructs/training-task.ts';
import { callFunction } from './call-function.ts';
import { RunFargateTask } from './run-task.ts';

export const RETRAINING_COMMENT =
  'Trains a model on the stored features, registers it, and promotes it if it passes the gate.';

/** Limit of an execution: training, and the retries until Fargate has capacity. */
export const RETRAINING_TIMEOUT = Duration.hours(12);

/** Limit of training. The sample takes a minute; ten thousand instruments take hours. */
const TRAINING_TIMEOUT = Duration.hours(6);

/** The function that chooses a version, registers and promotes. It measures years of predictions in memory. */
export const PROMOTER = { entry: 'infer/promote.lambda.ts', timeoutMinutes: 15, memoryMiB: 3008 } as const;

/** Retries when Fargate has no capacity or ECS does not respond. A trainer that failed would fail again. */
export const CAPACITY_RETRY: RetryProps = {
  errors: ['ECS.AmazonECSException', 'ECS.ServerException', 'AmazonECS.Unknown'],
  interval: Duration.minutes(1),
  maxAttempts: 5,
  backoffRate: 2,
  maxDelay: Duration.minutes(15),
  jitterStrategy: JitterType.FULL,
};

/** The resources that the states run. */
export interface RetrainingParts {
  /** The function of {@link PROMOTER}. */
  readonly promoter: IFunction;
  readonly training: TrainingTask;
}

/**
 * The states of retraining: choose a version, train, register, promote. An execution succeeds even if the gate refuses
 * the release. No state catches a failure, so that a redrive continues from the state that failed (docs/adr/0027).
 */
export function retrainingDefinition(scope: Construct, { promoter, training }: RetrainingParts): IChainable {
  const invoke = (state: string, comment: string, payload: object) =>
    callFunction(scope, state, {
      comment,
      lambdaFunction: promoter,
      timeoutMinutes: PROMOTER.timeoutMinutes,
      payload: TaskInput.fromObject({ ...payload }),
    });

  const choose = invoke('Choose version', 'Names the new release, and the active one to compare it with.', {
    step: 'choose',
    runId: JsonPath.stringAt('$$.Execution.Name'),
    input: JsonPath.entirePayload,
  });

  const train = new RunFargateTask(scope, 'Train', {
    comment: 'Trains on Fargate and writes the release to the model bucket.',
    cluster: training.cluster,
    taskDefinition: training.definition,
    subnets: { subnets: training.subnets },
    securityGroups: [training.securityGroup],
    assignPublicIp: true,
    containerOverrides: [
      {
        containerDefinition: training.container,
        environment: [
          { name: 'MODEL_VERSION', value: JsonPath.stringAt('$.version') },
          { name: 'RELEASE_PATH', value: JsonPath.stringAt('$.path') },
          { name: 'INCUMBENT_PATH', value: JsonPath.stringAt('$.incumbent') },
        ],
      },
    ],
    taskTimeout: Timeout.duration(TRAINING_TIMEOUT),
    resultPath: JsonPath.DISCARD,
  });
  train.addRetry(CAPACITY_RETRY);

  const register = invoke('Register', 'Verifies the release against its manifest and registers it.', {
    step: 'register',
    version: JsonPath.stringAt('$.version'),
    path: JsonPath.stringAt('$.path'),
  });
  const promote = invoke('Promote', 'Activates the version if it passes the gate.', {
    step: 'promote',
    version: JsonPath.stringAt('$.version'),
  });

  const verdict = new Choice(scope, 'Promoted?', { comment: 'The verdict of the gate.' })
    .when(
      Condition.booleanEquals('$.promoted', true),
      new Succeed(scope, 'Promoted', { comment: 'The next run uses the new version.' }),
    )
    .otherwise(
      new Succeed(scope, 'Not promoted', {
        comment: 'The active version stays; the output has the reasons of the gate.',
      }),
    );

  return choose.next(train).next(register).next(promote).next(verdict);
}
