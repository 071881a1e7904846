import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, TimeZone } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ENV } from '../../functions/shared/constants.ts';
import {
  PROMOTER,
  RETRAINING_COMMENT,
  RETRAINING_TIMEOUT,
  retrainingDefinition,
} from '../constructs/retraining-definition.ts';
import { alarmOnFailedRuns } from '../constructs/run-alarm.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { TrainingTask } from '../constructs/training-task.ts';
import type { Size } from '../settings.ts';
import type { DataStack } from './data.ts';
import type { NetworkStack } from './network.ts';

export interface TrainingStackProps extends StackProps {
  readonly network: NetworkStack;
  readonly data: DataStack;
  /** Where alarms go. */
  readonly alarmTopic: ITopic;
  readonly size: Size;
  /** Whether the schedule runs; otherwise it is there, disabled, and an operator starts the state machine. */
  readonly weekly: boolean;
}

/**
 * Retraining: the trainer on Fargate, the function that registers and promotes, their state machine, its schedule,
 * and the alarm when it fails. No other stack needs this one.
 */
export class TrainingStack extends Stack {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: TrainingStackProps) {
    const { network, data, alarmTopic, size, weekly, ...rest } = props;
    super(scope, id, { description: 'Boursomatic: retraining', ...rest });

    const promoter = new ServiceFunction(this, 'PromoteFunction', {
      entry: PROMOTER.entry,
      timeout: Duration.minutes(PROMOTER.timeoutMinutes),
      memorySize: PROMOTER.memoryMiB,
      ...network.placement,
    })
      .useDatabaseLogin(ENV.trainingDatabaseSecret, data.secrets.training)
      .useModelObjects(data.modelObjects);
    const training = new TrainingTask(this, 'Training', { network, data, size });

    this.stateMachine = new StateMachine(this, 'Retraining', {
      comment: RETRAINING_COMMENT,
      definitionBody: DefinitionBody.fromChainable(retrainingDefinition(this, { promoter, training })),
      timeout: RETRAINING_TIMEOUT,
      tracingEnabled: true,
      logs: {
        level: LogLevel.ERROR,
        includeExecutionData: false,
        destination: new LogGroup(this, 'RetrainingLogs', {
          // The prefix keeps the account's one policy for delivered logs from growing with each log group.
          logGroupName: `/aws/vendedlogs/states/${id}`,
          retention: RetentionDays.THREE_MONTHS,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });

    new Schedule(this, 'Weekly', {
      description: 'Retraining, while the exchanges are closed',
      enabled: weekly,
      // On Saturday morning, when Friday's bars are in.
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
      }),
    });

    alarmOnFailedRuns(this, 'RetrainingFailed', {
      stateMachine: this.stateMachine,
      topic: alarmTopic,
      description:
        'Retraining failed, timed out or was aborted: see its execution. The active model is as it was.',
    });

    new CfnOutput(this, 'RetrainingStateMachineArn', { value: this.stateMachine.stateMachineArn });
  }
}
