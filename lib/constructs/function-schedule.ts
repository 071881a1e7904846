import { type Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

export interface FunctionScheduleProps {
  readonly description: string;
  readonly rate: Duration;
  /** Receives an empty object. */
  readonly handler: ServiceFunction;
  /** How long a call is retried. */
  readonly maxEventAge: Duration;
  readonly deadLetters: IQueue;
}

/** Calls a function at a fixed rate. A rate without a start date begins as soon as the schedule exists. */
export function callAtRate(scope: Construct, id: string, props: FunctionScheduleProps): void {
  const { description, rate, handler, maxEventAge, deadLetters } = props;
  const role = new Role(scope, `${id}SchedulerRole`, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  });
  const schedule = new Schedule(scope, id, {
    description,
    schedule: ScheduleExpression.rate(rate),
    target: new LambdaInvoke(handler, {
      role,
      input: ScheduleTargetInput.fromObject({}),
      retryAttempts: 10,
      maxEventAge,
      deadLetterQueue: deadLetters,
    }),
  });
  handler.retryEvents(maxEventAge, deadLetters);
  // The first call would fail before both roles have their policies.
  schedule.node.addDependency(role, handler);
}
