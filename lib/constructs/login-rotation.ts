import { Duration } from 'aws-cdk-lib';
import { type ISecret, RotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IDependable } from 'constructs';
import type { VpcPlacement } from './placement.ts';
import { ServiceFunction } from './service-function.ts';

/** Days that a password lives. */
const ROTATION_DAYS = 30;

/**
 * Gives every login a new password each month. One function does all of them: it is invoked by Secrets Manager, a
 * secret at a time, and reaches the database from within the VPC.
 *
 * @param logins - the secrets, by a name
 * @param after - what has to have been done: the roles that log in must be there
 */
export function rotateLogins(
  scope: Construct,
  placement: VpcPlacement,
  logins: Record<string, ISecret>,
  after: IDependable,
): void {
  const rotator = new ServiceFunction(scope, 'RotateFunction', {
    entry: 'migration/rotate.lambda.ts',
    timeout: Duration.minutes(1),
    memorySize: 256,
    // Two logins may be due at the same hour.
    reservedConcurrentExecutions: 2,
    ...placement,
  }).trustDatabase();
  for (const [name, secret] of Object.entries(logins)) {
    const schedule = new RotationSchedule(scope, `${name}Rotation`, {
      secret,
      rotationLambda: rotator,
      automaticallyAfter: Duration.days(ROTATION_DAYS),
      // The password that the migration has just set serves as well as another.
      rotateImmediatelyOnUpdate: false,
    });
    schedule.node.addDependency(after);
  }
}
