import { Choice, Condition, Fail } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/**
 * Adds the states that fail an execution with the caught error. Their input is that of a catch: `Error` and optionally
 * `Cause`.
 *
 * @returns the first of these states
 */
export function failedStates(scope: Construct): Choice {
  const failed = new Fail(scope, 'Failed', {
    comment: 'Fails the execution with the caught error.',
    errorPath: '$.Error',
    causePath: '$.Cause',
  });
  // A cause is optional, and a path to a missing cause would fail with another error.
  const withoutCause = new Fail(scope, 'Failed without a cause', {
    comment: 'Fails the execution with the caught error, which has no cause.',
    errorPath: '$.Error',
  });
  return new Choice(scope, 'Cause given?', { comment: 'Not every error has a cause.' })
    .when(Condition.isPresent('$.Cause'), failed)
    .otherwise(withoutCause);
}
