import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, TimeZone } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ENV } from '../../functions/shared/constants.ts';
import { PIPELINE_COMMENT, PIPELINE_TIMEOUT, pipelineDefinition } from '../constructs/pipeline-definition.ts';
import { PIPELINE_STEPS, type StepName } from '../constructs/pipeline-steps.ts';
import { alarmOnFailedRuns } from '../constructs/run-alarm.ts';
import { ServiceFunction, type ServiceFunctionProps } from '../constructs/service-function.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data.ts';
import type { NetworkStack } from './network.ts';

export interface PipelineStackProps extends StackProps, Pick<Settings, 'provider' | 'stooqKeySecret'> {
  readonly network: NetworkStack;
  readonly data: DataStack;
}

/** The daily run: its functions, its state machine, its schedule, and the alarm when it fails. */
export class PipelineStack extends Stack {
  readonly stateMachine: StateMachine;
  /** Where alarms go; an operator subscribes to it. */
  readonly alarmTopic: Topic;

  constructor(
    scope: Construct,
    id: string,
    { network, data, provider, stooqKeySecret, ...props }: PipelineStackProps,
  ) {
    super(scope, id, { description: 'Boursomatic: the daily pipeline', ...props });

    const functions = this.#functions({ network, data, provider, ...(stooqKeySecret && { stooqKeySecret }) });
    this.stateMachine = new StateMachine(this, 'Pipeline', {
      comment: PIPELINE_COMMENT,
      definitionBody: DefinitionBody.fromChainable(pipelineDefinition(this, functions)),
      timeout: PIPELINE_TIMEOUT,
      tracingEnabled: true,
      logs: {
        level: LogLevel.ERROR,
        includeExecutionData: false,
        destination: new LogGroup(this, 'PipelineLogs', {
          // The prefix keeps the account's one policy for delivered logs from growing with each log group.
          logGroupName: `/aws/vendedlogs/states/${id}`,
          retention: RetentionDays.THREE_MONTHS,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });

    new Schedule(this, 'Daily', {
      description: 'A daily run of all active instruments, after the close of the US exchanges',
      // Two and a half hours after the close, when late prints are in, and still the same day in UTC.
      schedule: ScheduleExpression.cron({
        minute: '30',
        hour: '18',
        weekDay: 'MON-FRI',
        timeZone: TimeZone.AMERICA_NEW_YORK,
      }),
      target: new StepFunctionsStartExecution(this.stateMachine, {
        input: ScheduleTargetInput.fromObject({}),
        retryAttempts: 10,
        maxEventAge: Duration.hours(2),
      }),
    });

    this.alarmTopic = new Topic(this, 'Alarms', { enforceSSL: true });
    alarmOnFailedRuns(this, 'RunFailed', {
      stateMachine: this.stateMachine,
      topic: this.alarmTopic,
      description:
        'A run of the pipeline failed, timed out or was aborted: see its execution and its ledger row.',
    });

    new CfnOutput(this, 'StateMachineArn', { value: this.stateMachine.stateMachineArn });
    new CfnOutput(this, 'AlarmTopicArn', { value: this.alarmTopic.topicArn });
  }

  /** The function of each step, with what it may reach and no more. */
  #functions({
    network,
    data,
    provider,
    stooqKeySecret,
  }: PipelineStackProps): Record<StepName, ServiceFunction> {
    const outside = (step: StepName, id: string, props: Partial<ServiceFunctionProps> = {}) => {
      const { entry, timeoutMinutes, memoryMiB } = PIPELINE_STEPS[step];
      const timeout = Duration.minutes(timeoutMinutes);
      return new ServiceFunction(this, id, { entry, timeout, memorySize: memoryMiB, ...props });
    };
    const inside = (step: StepName, id: string, props: Partial<ServiceFunctionProps> = {}) =>
      outside(step, id, { ...network.placement, ...props }).useDatabaseLogin(
        ENV.pipelineDatabaseSecret,
        data.secrets.pipeline,
      );
    const asked = { environment: { [ENV.provider]: provider } };
    // The one step that needs the internet, and so the one outside the VPC: it never sees the database. A second try
    // reads what the first one wrote, and asks for the rest.
    const fetch = outside('fetch', 'FetchFunction', asked)
      .useRawObjects(data.rawObjects, 'write')
      .useRawObjects(data.rawObjects, 'read');
    if (stooqKeySecret) {
      fetch.useSecret(ENV.stooqKeySecret, Secret.fromSecretNameV2(this, 'StooqKey', stooqKeySecret));
    }

    return {
      plan: inside('plan', 'PlanFunction', asked),
      fetch,
      load: inside('load', 'LoadFunction').useRawObjects(data.rawObjects, 'read'),
      features: inside('features', 'FeaturesFunction'),
      infer: inside('infer', 'InferFunction', { onnxruntime: true })
        .useRawObjects(data.rawObjects, 'write')
        .useModelObjects(data.modelObjects),
      publish: inside('publish', 'PublishFunction').useRawObjects(data.rawObjects, 'read'),
      score: inside('score', 'ScoreFunction'),
      finish: inside('finish', 'FinishFunction'),
    };
  }
}
