import { CfnOutput, Duration, Stack, type StackProps, TimeZone } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ENV } from '../../functions/shared/constants.ts';
import { DeadLetters } from '../constructs/dead-letters.ts';
import { EVENT_AGE, sendExecutionEvents } from '../constructs/execution-events.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { stateMachineLogs } from '../constructs/state-machine-logs.ts';
import { TrainingTask } from '../constructs/training-task.ts';
import type { Size } from '../settings.ts';
import {
  PROMOTER,
  RETRAINING_COMMENT,
  RETRAINING_TIMEOUT,
  retrainingDefinition,
} from '../state-machines/retraining-definition.ts';
import type { DataStack } from './data.ts';
import type { NetworkStack } from './network.ts';

export interface TrainingStackProps extends StackProps {
  readonly network: NetworkStack;
  readonly data: DataStack;
  readonly size: Size;
}

/**
 * Retraining: the trainer on Fargate, the function that registers and promotes, their state machine and its schedule.
 * No other stack depends on it.
 */
export class TrainingStack extends Stack {
  readonly stateMachine: StateMachine;
  /** Scheduled starts, and events of executions, that failed in every attempt. */
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: TrainingStackProps) {
    const { network, data, size, ...rest } = props;
    super(scope, id, { description: 'Boursomatic: retraining', ...rest });

    const promoter = new ServiceFunction(this, 'PromoteFunction', {
      entry: PROMOTER.entry,
      timeout: Duration.minutes(PROMOTER.timeoutMinutes),
      memorySize: PROMOTER.memoryMiB,
      onnxruntime: true,
      reservedConcurrentExecutions: 1,
      ...network.placement,
    })
      .useDatabaseLogin(ENV.trainingDatabaseSecret, data.secrets.training)
      .useModelObjects(data.modelObjects, 'read');
    const training = new TrainingTask(this, 'Training', {
      network,
      login: data.secrets.training,
      modelObjects: data.modelObjects,
      size,
    });

    this.stateMachine = new StateMachine(this, 'Retraining', {
      comment: RETRAINING_COMMENT,
      definitionBody: DefinitionBody.fromChainable(retrainingDefinition(this, { promoter, training })),
      timeout: RETRAINING_TIMEOUT,
      tracingEnabled: true,
      logs: stateMachineLogs(this, 'RetrainingLogs', id),
    });

    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    promoter.retryEvents(EVENT_AGE, this.deadLetters);
    sendExecutionEvents(this, 'RetrainingFailed', {
      description: 'Logs why a retraining failed',
      executions: 'failed',
      stateMachine: this.stateMachine,
      handler: promoter,
      deadLetters: this.deadLetters,
    });
    new Schedule(this, 'Weekly', {
      description: 'Starts retraining while the exchanges are closed',
      // By Saturday morning, Friday's bars are stored.
      schedule: ScheduleExpression.cron({
        minute: '0',
        hour: '6',
        weekDay: 'SAT',
        timeZone: TimeZone.AMERICA_NEW_YORK,
      }),
      target: new StepFunctionsStartExecution(this.stateMachine, {
        input: ScheduleTargetInput.fromObject({}),
        retryAttempts: 10,
        maxEventAge: Duration.hours(2),
        deadLetterQueue: this.deadLetters,
      }),
      timeWindow: TimeWindow.flexible(Duration.hours(1)),
    });

    new CfnOutput(this, 'RetrainingStateMachineArn', {
      value: this.stateMachine.stateMachineArn,
      description: 'State machine of retraining',
    });
  }
}
