import { Choice, Condition, Fail } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/**
 * The states that end an execution with the error that was caught. Their input is what a catch gives:
 * `Error`, and perhaps `Cause`.
 *
 * @returns the state to go to
 */
export function failedStates(scope: Construct): Choice {
  const failed = new Fail(scope, 'Failed', {
    comment: 'Ends the run with the error that was caught.',
    errorPath: '$.Error',
    causePath: '$.Cause',
  });
  // The language lets an error come without a cause, and a path to nothing would hide the error itself.
  const withoutCause = new Fail(scope, 'Failed without a cause', {
    comment: 'Ends the run with the error that was caught, which came without a cause.',
    errorPath: '$.Error',
  });
  return new Choice(scope, 'Cause given?', { comment: 'Not every error comes with a cause.' })
    .when(Condition.isPresent('$.Cause'), failed)
    .otherwise(withoutCause);
}
