import { Duration } from 'aws-cdk-lib';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

/** How long an event waits for a function that is busy or cannot be called. */
export const EVENT_AGE = Duration.hours(6);

/** The executions whose events a rule selects. */
const SELECTIONS = {
  /** Executions that ended without success. */
  failed: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
  /** Executions that run again after a redrive. */
  redriven: { status: ['RUNNING'], redriveCount: Match.greaterThan(0) },
};

export interface ExecutionEventsProps {
  readonly description: string;
  readonly executions: keyof typeof SELECTIONS;
  readonly stateMachine: StateMachine;
  /** Receives the event as EventBridge sends it. */
  readonly handler: ServiceFunction;
  readonly deadLetters: IQueue;
}

/**
 * Sends the events of a state machine's executions to a function. The executions of its map have another ARN, so the
 * rule does not select them.
 */
export function sendExecutionEvents(scope: Construct, id: string, props: ExecutionEventsProps): void {
  const { description, executions, stateMachine, handler, deadLetters } = props;
  new Rule(scope, id, {
    description,
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [stateMachine.stateMachineArn], ...SELECTIONS[executions] },
    },
    targets: [
      new LambdaFunction(handler, {
        retryAttempts: 185,
        maxEventAge: EVENT_AGE,
        deadLetterQueue: deadLetters,
      }),
    ],
  });
}
