import { SecretValue, Stack } from 'aws-cdk-lib';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { DATABASE_PORT } from './database-network.ts';

/** The name of the database on a managed server. */
export const DATABASE_NAME = 'boursomatic';

/** A key of {@link DATABASE_ROLES}. */
export type DatabaseRole = keyof typeof DATABASE_ROLES;

/** The fields of a login that locate the database. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number | string;
  readonly dbname: string;
  readonly sslmode?: string;
}

/** The address of a managed database. */
export const managedAddress = (host: string): DatabaseAddress => ({
  host,
  port: DATABASE_PORT,
  dbname: DATABASE_NAME,
});

/** The address of an external database. CloudFormation reads it from the secret when it deploys. */
export function externalAddress(secretId: string): DatabaseAddress {
  const field = (jsonField: string) => SecretValue.secretsManager(secretId, { jsonField }).unsafeUnwrap();
  return {
    host: field('host'),
    port: field('port'),
    dbname: field('dbname'),
    sslmode: field('sslmode'),
  };
}

/** Generates a secret for each database role, in the format of RDS. The migration creates the roles. */
export function createLogins(
  scope: Construct,
  addressOf: (role: DatabaseRole) => DatabaseAddress,
): Readonly<Record<DatabaseRole, ISecret>> {
  const login = (role: DatabaseRole, id: string): ISecret => {
    const username = DATABASE_ROLES[role];
    return new Secret(scope, id, {
      description: `Login of the database role ${username}`,
      generateSecretString: {
        secretStringTemplate: Stack.of(scope).toJsonString({
          engine: 'postgres',
          ...addressOf(role),
          username,
        }),
        generateStringKey: 'password',
        passwordLength: 40,
        excludePunctuation: true,
      },
      // Under exactOptionalPropertyTypes, CDK classes do not match their own interfaces.
    }) as ISecret;
  };
  return {
    migrator: login('migrator', 'MigratorLogin'),
    pipeline: login('pipeline', 'PipelineLogin'),
    api: login('api', 'ApiLogin'),
    training: login('training', 'TrainingLogin'),
  };
}
