import { Match, Template } from 'aws-cdk-lib/assertions';
import type { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, test } from 'vitest';
import { defined } from '../../../functions/shared/invariant.ts';
import { type Application, addStacks } from '../../../lib/application.ts';
import { DEFAULT_SETTINGS } from '../../../lib/settings.ts';
import { newApp, resource, resources, synthesise } from '../app.ts';

const { migration } = synthesise();
const policyOf = (name: string) =>
  JSON.stringify(resource(migration, 'AWS::IAM::Policy', `${name}ServiceRole`).Properties);

describe('MigrationStack', () => {
  test('migrates and then installs the release during the deployment', () => {
    const triggers = resources(migration, 'Custom::Trigger') as Record<string, { DependsOn?: string[] }>;
    const [migrate] = Object.keys(triggers).filter((id) => id.startsWith('Migrate'));
    const [install] = Object.keys(triggers).filter((id) => id.startsWith('Install'));
    expect(Object.keys(triggers)).toHaveLength(2);
    expect(triggers[defined(install, 'trigger of the installation')]?.DependsOn).toContain(migrate);
  });

  test('runs both again when their code or files change', () => {
    for (const { Properties } of Object.values(resources(migration, 'Custom::Trigger')))
      expect(Properties.HandlerArn).toEqual({ Ref: expect.stringMatching(/CurrentVersion/) });
  });

  test('runs both again when the database or a login is defined anew', () => {
    const versionsOf = (change: (app: Application) => void) => {
      const app = addStacks(newApp(), DEFAULT_SETTINGS);
      change(app);
      return Object.values(resources(Template.fromStack(app.migration), 'Custom::Trigger')).map(
        ({ Properties }) => Properties.HandlerArn,
      );
    };
    const before = versionsOf(() => {});
    expect(versionsOf(() => {})).toEqual(before);
    const replaced = versionsOf(({ data }) => {
      (data.node.findChild('Database').node.findChild('Instance').node.defaultChild as CfnDBInstance).dbName =
        'other';
    });
    const renewed = versionsOf(({ data }) => {
      (data.secrets.api.node.defaultChild as CfnSecret).description = 'another login';
    });
    for (const after of [replaced, renewed])
      for (const [index, version] of after.entries()) expect(version).not.toEqual(before[index]);
  });

  test('waits for a migration as long as Lambda allows', () => {
    const { Properties } = resource(migration, 'AWS::Lambda::Function', 'MigrateFunction');
    expect(Properties).toMatchObject({ Timeout: 900, ReservedConcurrentExecutions: 1 });
    migration.hasResourceProperties('Custom::Trigger', { Timeout: '900000' });
  });

  test('lets only the migration read the master login', () => {
    expect(policyOf('MigrateFunction')).toMatch(/DatabaseInstanceSecret/);
    for (const name of ['InstallFunction', 'OperateFunction'])
      expect(policyOf(name)).not.toMatch(/DatabaseInstanceSecret|MigratorLogin/);
  });

  test('lets only the installation write releases', () => {
    expect(policyOf('InstallFunction')).toContain('s3:PutObject');
    expect(policyOf('OperateFunction')).not.toContain('s3:PutObject');
  });

  test('rotates every login each month, after the migration', () => {
    const schedules = Object.values(
      resources(migration, 'AWS::SecretsManager::RotationSchedule'),
    ) as unknown as {
      Properties: object;
      DependsOn: string[];
    }[];
    expect(schedules).toHaveLength(5);
    for (const { Properties, DependsOn } of schedules) {
      expect(Properties).toMatchObject({
        RotateImmediatelyOnUpdate: false,
        RotationRules: { ScheduleExpression: 'rate(30 days)' },
      });
      expect(DependsOn).toContainEqual(expect.stringMatching(/^Migrate/));
    }
    migration.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'secretsmanager.amazonaws.com',
      FunctionName: { 'Fn::GetAtt': [Match.stringLikeRegexp('^RotateFunction'), 'Arn'] },
    });
  });
});
