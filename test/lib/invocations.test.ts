import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { addStacks } from '../../lib/application.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lib/settings.ts';
import { newApp, type Resource } from './app.ts';

/** Settings that together create every function, schedule, rule and state machine. */
const VARIANTS: Record<string, Partial<Settings>> = {
  small: { intraday: 'on', retraining: 'on' },
  scale: { stage: 'prod', size: 'scale', proxy: 'on', replica: 'on', retraining: 'on' },
  external: { databaseSecret: 'given' },
};

/** Errors of Lambda itself, which the next attempt usually does not meet. */
const SERVICE_ERRORS = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
];

/** Errors of a function that cannot run for a minute or so: it is busy, or Lambda prepares its interface in the VPC. */
const NOT_READY_ERRORS = [
  'Lambda.TooManyRequestsException',
  // An idle function refuses its first call with the first of these, and with the second until it is ready again.
  'Lambda.ResourceNotReadyException',
  'Lambda.ResourceConflictException',
  'Lambda.ENINotReadyException',
  'Lambda.EC2ThrottledException',
  'Lambda.EC2UnexpectedException',
];

/** Tasks that call no function. */
const OTHER_TASKS = /:states:::ecs:runTask/;

/** The ARN of a queue of the same stack or of another one, as JSON. */
const QUEUE = /DeadLetters\w*(",")?Arn/;

interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds: number;
  MaxAttempts: number;
  BackoffRate: number;
}
interface TaskState {
  Type: string;
  Resource: string;
  Retry?: Retrier[];
  ItemProcessor?: { States: Record<string, TaskState> };
  Branches?: { States: Record<string, TaskState> }[];
}
interface Found extends Resource {
  readonly stack: string;
  readonly id: string;
  readonly DependsOn?: string[];
}
interface Target {
  Arn: unknown;
  DeadLetterConfig?: { Arn: unknown };
  RetryPolicy?: { MaximumRetryAttempts: number; MaximumEventAgeInSeconds: number };
}

describe.each(Object.entries(VARIANTS))('in variant %s', (_, settings) => {
  const stacks = addStacks(newApp(), { ...DEFAULT_SETTINGS, ...settings });
  const templates = Object.values(stacks).map((stack) =>
    Object.entries(Template.fromStack(stack).toJSON().Resources as Record<string, Resource>).map(
      ([id, resource]): Found => ({ ...resource, id, stack: stack.stackName }),
    ),
  );
  const all = (type: string) => templates.flat().filter(({ Type }) => Type === type);

  const tasks = all('AWS::StepFunctions::StateMachine')
    .flatMap(({ Properties }) => tasksOf(definitionOf(Properties.DefinitionString)))
    .filter(([, { Resource }]) => !OTHER_TASKS.test(Resource));
  const schedules = all('AWS::Scheduler::Schedule');
  const rules = all('AWS::Events::Rule');
  const targets = [
    ...schedules.map((schedule) => [schedule.id, schedule.Properties.Target as Target] as const),
    ...rules.flatMap((rule) =>
      (rule.Properties.Targets as Target[]).map((target) => [rule.id, target] as const),
    ),
  ];
  const events = targets.filter(([, { Arn }]) => functionOf(Arn) !== undefined);

  test.each(tasks)('"%s" retries every error of Lambda', (_, { Retry = [] }) => {
    const retrierOf = (error: string) => Retry.find(({ ErrorEquals }) => ErrorEquals.includes(error));
    for (const error of SERVICE_ERRORS)
      expect(retrierOf(error)?.MaxAttempts, error).toBeGreaterThanOrEqual(3);
    for (const error of NOT_READY_ERRORS) {
      const { IntervalSeconds, MaxAttempts } = retrierOf(error) ?? { IntervalSeconds: 0, MaxAttempts: 0 };
      expect(IntervalSeconds, error).toBeGreaterThanOrEqual(45);
      expect(IntervalSeconds, error).toBeLessThanOrEqual(90);
      // A new interface in the VPC takes a few minutes.
      expect(MaxAttempts, error).toBeGreaterThanOrEqual(10);
    }
  });

  test.each(targets)('%s retries its target, and keeps what it could not deliver', (_, target) => {
    expect(target.RetryPolicy?.MaximumRetryAttempts).toBeGreaterThanOrEqual(2);
    expect(target.RetryPolicy?.MaximumEventAgeInSeconds).toBeGreaterThanOrEqual(60);
    expect(JSON.stringify(target.DeadLetterConfig)).toMatch(QUEUE);
  });

  test.each(events)('%s calls a function that retries, and keeps the events that failed', (_, { Arn }) => {
    const configs = all('AWS::Lambda::EventInvokeConfig').filter(
      ({ Properties }) => (Properties.FunctionName as { Ref: string }).Ref === functionOf(Arn),
    );
    expect(configs.map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: expect.any(Number),
      }),
    ]);
    expect(JSON.stringify(configs[0]?.Properties.DestinationConfig)).toMatch(QUEUE);
  });

  test('every queue has an alarm', () => {
    const queues = all('AWS::SQS::Queue');
    expect(queues.length).toBeGreaterThan(1);
    const alarms = all('AWS::CloudWatch::Alarm').filter(
      ({ Properties }) => Properties.MetricName === 'ApproximateNumberOfMessagesVisible',
    );
    const watches = (alarm: Found, queue: Found) => {
      const dimension = JSON.stringify(alarm.Properties.Dimensions);
      return (
        dimension.includes(queue.id) && (alarm.stack === queue.stack || dimension.includes(`${queue.stack}:`))
      );
    };
    for (const queue of queues)
      expect(
        alarms.filter((alarm) => watches(alarm, queue)),
        `${queue.stack}: ${queue.id}`,
      ).toHaveLength(1);
  });

  test.each(schedules.filter(({ Properties }) => String(Properties.ScheduleExpression).startsWith('rate(')))(
    '$id starts only when its function and its own role have their policies',
    (schedule) => {
      const template = templates.find((resources) => resources.includes(schedule)) ?? [];
      const { Arn, RoleArn } = schedule.Properties.Target as { Arn: unknown; RoleArn: unknown };
      const called = template.find(({ id }) => id === functionOf(Arn));
      const roles = [called?.Properties.Role, RoleArn].map((role) => JSON.stringify(role));
      const policies = template.filter(
        ({ Type, Properties }) =>
          Type === 'AWS::IAM::Policy' &&
          (Properties.Roles as { Ref: string }[]).some(({ Ref }) =>
            roles.some((role) => role?.includes(Ref)),
          ),
      );
      expect(policies).toHaveLength(2);
      expect(schedule.DependsOn).toEqual(expect.arrayContaining(policies.map(({ id }) => id)));
    },
  );

  test('a deployment retries the functions that it calls for more than a minute', () => {
    const providers = templates.filter((resources) =>
      resources.some(({ Type }) => Type === 'Custom::Trigger'),
    );
    expect(providers.length).toBeGreaterThan(0);
    for (const resources of providers) {
      const provider = resources.find(
        ({ id, Type }) => Type === 'AWS::Lambda::Function' && id.startsWith('AWSCDKTrigger'),
      );
      // The SDK doubles its waits up to 20 seconds.
      expect(provider?.Properties.Environment).toEqual({ Variables: { AWS_MAX_ATTEMPTS: '15' } });
    }
  });
});

/** The logical id of the function with this ARN; undefined for other targets. */
function functionOf(arn: unknown): string | undefined {
  const { 'Fn::GetAtt': attribute } = arn as { 'Fn::GetAtt'?: [string, string] };
  return attribute?.[0].includes('Function') ? attribute[0] : undefined;
}

/** Parses a synthesised definition, with each reference as text. */
function definitionOf(definition: unknown): { States: Record<string, TaskState> } {
  const { 'Fn::Join': join } = definition as { 'Fn::Join': [string, unknown[]] };
  const parts = join[1].map((part) =>
    typeof part === 'string' ? part : JSON.stringify(part).replaceAll(/["\\]/g, ''),
  );
  return JSON.parse(parts.join(''));
}

/** The task states by name, including nested ones. */
function tasksOf({ States }: { States: Record<string, TaskState> }): [string, TaskState][] {
  return Object.entries(States).flatMap(([name, state]) => [
    ...(state.Type === 'Task' ? [[name, state] as [string, TaskState]] : []),
    ...(state.ItemProcessor ? tasksOf(state.ItemProcessor) : []),
    ...(state.Branches ?? []).flatMap(tasksOf),
  ]);
}
