import { CfnOutput, Duration, Stack, type StackProps, TimeZone } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { DAILY_RUN, ENV, MAX_CONCURRENT_BATCHES } from '../../functions/shared/constants.ts';
import type { PipelineInput } from '../../functions/shared/contracts.ts';
import { STEP_CONCURRENCY } from '../constructs/connections.ts';
import { DeadLetters } from '../constructs/dead-letters.ts';
import { EVENT_AGE, sendExecutionEvents } from '../constructs/execution-events.ts';
import type { FunctionPlacement } from '../constructs/placement.ts';
import { ServiceFunction, type ServiceFunctionProps } from '../constructs/service-function.ts';
import { stateMachineLogs } from '../constructs/state-machine-logs.ts';
import { useVendors } from '../constructs/vendor-variables.ts';
import type { Settings } from '../settings.ts';
import {
  PIPELINE_COMMENT,
  PIPELINE_TIMEOUT,
  pipelineDefinition,
} from '../state-machines/pipeline-definition.ts';
import { PIPELINE_STEPS, type PipelineStep, type StepName } from '../state-machines/pipeline-steps.ts';
import type { DataStack } from './data.ts';

export interface PipelineStackProps extends StackProps {
  readonly placement: FunctionPlacement;
  readonly data: DataStack;
  readonly settings: Settings;
}

/** A schedule of the state machine. */
interface PipelineSchedule {
  readonly id: string;
  readonly description: string;
  readonly cron: { minute: string; hour: string; weekDay: string };
  /** Length of the window in which it starts. */
  readonly minutes: number;
  readonly input: PipelineInput;
  readonly enabled: (settings: Settings) => boolean;
}

const SCHEDULES: PipelineSchedule[] = [
  {
    id: 'Daily',
    description: 'A daily run of all active instruments, after the close of the US exchanges',
    cron: { minute: DAILY_RUN.minute, hour: DAILY_RUN.hour, weekDay: DAILY_RUN.weekDay },
    minutes: 10,
    input: {},
    enabled: () => true,
  },
  {
    id: 'Intraday',
    description: '15-minute bars of all active instruments, during the session of the US exchanges',
    // From 10:02 to 16:47, two minutes after each quarter of an hour, so that the bar is complete.
    cron: { minute: '2/15', hour: '10-16', weekDay: 'MON-FRI' },
    minutes: 5,
    input: { mode: 'intraday' },
    enabled: ({ intraday }) => intraday === 'on',
  },
];

/** The pipeline: its functions, its state machine, and its schedules. */
export class PipelineStack extends Stack {
  readonly stateMachine: StateMachine;
  /** Scheduled starts, and events of executions, that failed in every attempt. */
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { placement, data, settings, ...props }: PipelineStackProps) {
    super(scope, id, { description: 'Boursomatic: the pipeline', ...props });

    const functions = this.#functions({ placement, data, settings });
    this.stateMachine = new StateMachine(this, 'Pipeline', {
      comment: PIPELINE_COMMENT,
      definitionBody: DefinitionBody.fromChainable(pipelineDefinition(this, functions)),
      timeout: PIPELINE_TIMEOUT,
      tracingEnabled: true,
      logs: stateMachineLogs(this, 'PipelineLogs', id),
    });

    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    for (const schedule of SCHEDULES) this.#schedule(schedule, settings);
    this.#recordExecutions(functions.finish);

    new CfnOutput(this, 'StateMachineArn', {
      value: this.stateMachine.stateMachineArn,
      description: 'State machine of the pipeline',
    });
  }

  #schedule({ id, description, minutes, cron, input, enabled }: PipelineSchedule, settings: Settings): void {
    new Schedule(this, id, {
      description,
      enabled: enabled(settings),
      schedule: ScheduleExpression.cron({ ...cron, timeZone: TimeZone.of(DAILY_RUN.timeZone) }),
      // A window spreads the load on the provider, which is highest on the minute.
      timeWindow: TimeWindow.flexible(Duration.minutes(minutes)),
      target: new StepFunctionsStartExecution(this.stateMachine, {
        input: ScheduleTargetInput.fromObject(input),
        retryAttempts: 10,
        maxEventAge: Duration.hours(2),
        deadLetterQueue: this.deadLetters,
      }),
    });
  }

  /**
   * Records the failures and redrives of runs. A run that was stopped or took too long has no state that could record
   * its end.
   */
  #recordExecutions(finish: ServiceFunction): void {
    const { stateMachine, deadLetters } = this;
    const recorded = { stateMachine, handler: finish, deadLetters };
    finish.retryEvents(EVENT_AGE, deadLetters);
    sendExecutionEvents(this, 'RunFailed', {
      ...recorded,
      executions: 'failed',
      description: 'Records runs that failed, timed out or were stopped',
    });
    sendExecutionEvents(this, 'RunRedriven', {
      ...recorded,
      executions: 'redriven',
      description: 'Reopens runs that an operator redrives',
    });
  }

  /** The function of each step, with the permissions that it needs. */
  #functions({ placement, data, settings }: PipelineStackProps): Record<StepName, ServiceFunction> {
    const { provider, reference, benchmark } = settings;
    const outside = (step: StepName, id: string, props: Partial<ServiceFunctionProps> = {}) => {
      const {
        entry,
        timeoutMinutes,
        memoryMiB,
        withoutProviderClients = false,
      }: PipelineStep = PIPELINE_STEPS[step];
      const timeout = Duration.minutes(timeoutMinutes);
      const reservedConcurrentExecutions = step === 'fetch' ? MAX_CONCURRENT_BATCHES : STEP_CONCURRENCY[step];
      const sizing = { timeout, memorySize: memoryMiB, reservedConcurrentExecutions };
      return new ServiceFunction(this, id, { entry, withoutProviderClients, ...sizing, ...props });
    };
    const inside = (step: StepName, id: string, props: Partial<ServiceFunctionProps> = {}) =>
      outside(step, id, { ...placement, ...props }).useDatabaseLogin(
        ENV.pipelineDatabaseSecret,
        data.secrets.pipeline,
      );
    // Fetch is the only step that needs the internet, so it runs outside the VPC, without the database. A retry reads
    // what the first attempt wrote, and fetches the rest.
    const fetch = outside('fetch', 'FetchFunction', {
      environment: { [ENV.fetchProcesses]: String(MAX_CONCURRENT_BATCHES) },
    }).useRawObjects(data.rawObjects, 'write', 'read');
    useVendors(fetch, settings);

    return {
      plan: inside('plan', 'PlanFunction', {
        environment: {
          [ENV.provider]: provider,
          [ENV.reference]: reference,
          [ENV.benchmark]: benchmark,
        },
      }),
      fetch,
      load: inside('load', 'LoadFunction').useRawObjects(data.rawObjects, 'read'),
      features: inside('features', 'FeaturesFunction'),
      infer: inside('infer', 'InferFunction', { onnxruntime: true })
        .useRawObjects(data.rawObjects, 'write')
        .useModelObjects(data.modelObjects, 'read'),
      publish: inside('publish', 'PublishFunction')
        .useRawObjects(data.rawObjects, 'read')
        .usePublicationObjects(data.publicationObjects, 'write'),
      score: inside('score', 'ScoreFunction').useModelObjects(data.modelObjects, 'read'),
      finish: inside('finish', 'FinishFunction'),
    };
  }
}
