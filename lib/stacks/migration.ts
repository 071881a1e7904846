import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ENV } from '../../functions/shared/constants.ts';
import { DeploymentTrigger } from '../constructs/deployment-trigger.ts';
import { rotateLogins } from '../constructs/login-rotation.ts';
import type { FunctionPlacement } from '../constructs/placement.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { PROMOTER } from '../state-machines/retraining-definition.ts';
import type { DataStack } from './data.ts';
import type { NetworkStack } from './network.ts';

/** Folders of the project that the functions' packages include. */
const MIGRATIONS = 'sql/migrations';
const RELEASE = 'models';

/** Lambda's longest timeout. */
const MIGRATION_TIMEOUT = Duration.minutes(15);

/** Functions that run a release's model and measure years of its predictions in memory. */
const MEASURING = {
  timeout: Duration.minutes(PROMOTER.timeoutMinutes),
  memorySize: PROMOTER.memoryMiB,
  onnxruntime: true,
};

export interface MigrationStackProps extends StackProps {
  readonly placement: FunctionPlacement;
  /** The network of a managed database, whose logins are rotated. */
  readonly network?: NetworkStack;
  readonly data: DataStack;
}

/**
 * Prepares the database before other stacks use it: roles, passwords, migrations and the released model. The deployment
 * runs each function when its code or files have changed, or the definition of the database or of a login. If a function fails, the deployment fails, and the dependent
 * stacks stay unchanged. Operators can invoke the same functions.
 */
export class MigrationStack extends Stack {
  constructor(scope: Construct, id: string, props: MigrationStackProps) {
    const { placement, network, data, ...rest } = props;
    super(scope, id, { description: 'Boursomatic: schema, roles and the released model', ...rest });

    const migrate = new ServiceFunction(this, 'MigrateFunction', {
      entry: 'migration/migrate.lambda.ts',
      timeout: MIGRATION_TIMEOUT,
      memorySize: 512,
      files: [MIGRATIONS],
      environment: {
        [ENV.migrationsFolder]: MIGRATIONS,
        [ENV.databaseDefinition]: data.databaseDefinition,
      },
      reservedConcurrentExecutions: 1,
      ...placement,
    })
      .useDatabaseLogin(ENV.adminDatabaseSecret, data.admin)
      .useDatabaseLogin(ENV.migratorDatabaseSecret, data.secrets.migrator)
      .useDatabaseLogin(ENV.pipelineDatabaseSecret, data.secrets.pipeline)
      .useDatabaseLogin(ENV.apiDatabaseSecret, data.secrets.api)
      .useDatabaseLogin(ENV.trainingDatabaseSecret, data.secrets.training);
    const migrated = new DeploymentTrigger(this, 'Migrate', { handler: migrate, timeout: MIGRATION_TIMEOUT });

    const install = new ServiceFunction(this, 'InstallFunction', {
      entry: 'infer/install.lambda.ts',
      ...MEASURING,
      files: [RELEASE],
      environment: { [ENV.releaseFolder]: RELEASE, [ENV.databaseDefinition]: data.databaseDefinition },
      reservedConcurrentExecutions: 1,
      ...placement,
    })
      .useDatabaseLogin(ENV.trainingDatabaseSecret, data.secrets.training)
      .useModelObjects(data.modelObjects, 'read', 'write');
    const installed = new DeploymentTrigger(this, 'Install', {
      handler: install,
      timeout: MEASURING.timeout,
    });
    installed.executeAfter(migrated);

    new ServiceFunction(this, 'OperateFunction', {
      entry: 'operate/operate.lambda.ts',
      description: 'Manages instruments, models and administrators. docs/operations.md has the test events.',
      ...MEASURING,
      reservedConcurrentExecutions: 1,
      ...placement,
    })
      .useDatabaseLogin(ENV.pipelineDatabaseSecret, data.secrets.pipeline)
      .useDatabaseLogin(ENV.trainingDatabaseSecret, data.secrets.training)
      .useDatabaseLogin(ENV.apiDatabaseSecret, data.secrets.api)
      .useModelObjects(data.modelObjects, 'read');

    if (network) rotateLogins(this, network.placement, { Admin: data.admin, ...data.secrets }, migrated);

    new CfnOutput(this, 'MigrateFunctionName', {
      value: migrate.functionName,
      description: 'Function that migrates the database, and shows or rolls back migrations',
    });
  }
}
