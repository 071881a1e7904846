import { Duration } from 'aws-cdk-lib';
import { type ISecret, RotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IDependable } from 'constructs';
import type { VpcPlacement } from './placement.ts';
import { ServiceFunction } from './service-function.ts';

/** Lifetime of a password, in days. */
const ROTATION_DAYS = 30;

/**
 * Gives every login a new password each month. Secrets Manager invokes one function for all logins, one secret at a
 * time. The function reaches the database from within the VPC.
 *
 * @param logins - the secrets, by name
 * @param after - the migration, which creates the roles
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
    // Two logins may rotate in the same hour.
    reservedConcurrentExecutions: 2,
    ...placement,
  }).trustDatabase();
  for (const [name, secret] of Object.entries(logins)) {
    const schedule = new RotationSchedule(scope, `${name}Rotation`, {
      secret,
      rotationLambda: rotator,
      automaticallyAfter: Duration.days(ROTATION_DAYS),
      // The migration has just set a new password.
      rotateImmediatelyOnUpdate: false,
    });
    schedule.node.addDependency(after);
  }
}
