import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { JitterType, type RetryProps, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, type LambdaInvokeProps } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { LAMBDA_NOT_READY } from '../../functions/shared/constants.ts';

/** Errors that a retry may resolve. Every step is idempotent, so a step that timed out may run again. */
export const TRANSIENT_ERRORS = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  // A function that ran out of time or memory.
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'States.Timeout',
  'DatabaseUnreachableError',
  'CommitOutcomeUnknownError',
  'DriverResultError',
];

/**
 * Seven attempts in total, with full jitter so that concurrent batches do not retry together. On average the waits take a
 * minute, as a failover of the database does.
 */
const TRANSIENT_RETRY: RetryProps = {
  errors: TRANSIENT_ERRORS,
  interval: Duration.seconds(2),
  maxAttempts: 6,
  backoffRate: 2,
  maxDelay: Duration.minutes(1),
  jitterStrategy: JitterType.FULL,
};

/** {@link LAMBDA_NOT_READY}, as Step Functions names the errors. */
export const NOT_READY_ERRORS = LAMBDA_NOT_READY.map((name) => `Lambda.${name}`);

/** Waits for a function that cannot run yet. In total, the waits are longer than a batch takes. */
const NOT_READY_RETRY: RetryProps = {
  errors: NOT_READY_ERRORS,
  interval: Duration.minutes(1),
  maxAttempts: 40,
  backoffRate: 1,
  jitterStrategy: JitterType.FULL,
};

/** A function that states call. */
export interface CalledFunction extends Omit<LambdaInvokeProps, 'lambdaFunction' | 'payloadResponseOnly'> {
  readonly comment: string;
  readonly lambdaFunction: IFunction;
  /** The timeout of the function. */
  readonly timeoutMinutes: number;
}

/**
 * Adds a state that calls a function, with the retries of every such state. An error that remains after the retries fails
 * the execution in this state, so that a redrive continues here.
 */
export function callFunction(scope: Construct, state: string, props: CalledFunction): LambdaInvoke {
  const { timeoutMinutes, ...rest } = props;
  const invoke = new LambdaInvoke(scope, state, {
    payloadResponseOnly: true,
    // The extra half minute covers the invocation itself, so the function ends before the state times out.
    taskTimeout: Timeout.duration(Duration.seconds(timeoutMinutes * 60 + 30)),
    // The retries below replace those of the CDK, which lack some errors.
    retryOnServiceExceptions: false,
    ...rest,
  });
  invoke.addRetry(NOT_READY_RETRY).addRetry(TRANSIENT_RETRY);
  return invoke;
}
