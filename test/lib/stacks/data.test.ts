import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { SigningKeys } from '../../../functions/api/auth/signing-keys.ts';
import { connectionLimits } from '../../../functions/migration/connection-limits.ts';
import { DATABASE_ROLES } from '../../../functions/shared/constants.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { addStacks } from '../../../lib/application.ts';
import { CONNECTIONS } from '../../../lib/constructs/connections.ts';
import { DEFAULT_SETTINGS } from '../../../lib/settings.ts';
import { newApp, resource, resources, synthesise } from '../app.ts';

const { data } = synthesise();

describe('the database', () => {
  test('uses the smallest Postgres 18 on gp3, encrypted and private', () => {
    data.hasResourceProperties('AWS::RDS::DBInstance', {
      Engine: 'postgres',
      EngineVersion: '18',
      DBInstanceClass: 'db.t4g.micro',
      StorageType: 'gp3',
      StorageEncrypted: true,
      PubliclyAccessible: false,
      MultiAZ: false,
    });
  });

  test('has backups, and leaves a snapshot', () => {
    data.hasResource('AWS::RDS::DBInstance', {
      Properties: { BackupRetentionPeriod: 7 },
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
    });
  });

  test('keeps backups for the days of the setting', () => {
    synthesise({ backupDays: 1 }).data.hasResourceProperties('AWS::RDS::DBInstance', {
      BackupRetentionPeriod: 1,
    });
  });

  test('copies its backups to another region, encrypted with the key there', () => {
    const keyArn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd';
    const backupCopy = { region: 'eu-central-1', keyArn };
    const copying = synthesise({ size: 'scale', backupDays: 14, backupCopy }).data;
    copying.hasResourceProperties('AWS::RDS::DBInstance', {
      AutomaticBackupReplicationRegion: 'eu-central-1',
      AutomaticBackupReplicationKmsKeyId: keyArn,
      AutomaticBackupReplicationRetentionPeriod: 14,
    });
    data.hasResourceProperties('AWS::RDS::DBInstance', {
      AutomaticBackupReplicationRegion: Match.absent(),
    });
  });

  test.each([
    ['dev', false],
    ['staging', true],
    ['prod', true],
  ] as const)('in stage %s, has deletion protection: %s', (stage, DeletionProtection) => {
    synthesise({ stage }).data.hasResourceProperties('AWS::RDS::DBInstance', { DeletionProtection });
  });

  test('can be replaced, because no other stack imports its identity', () => {
    const exported = Object.values(data.findOutputs('*')).filter(({ Export }) => Export);
    expect(exported.length).toBeGreaterThan(5);
    for (const { Value } of exported)
      expect(JSON.stringify(Value)).not.toMatch(/"DatabaseInstance[0-9A-F]{8}"/);
  });

  test('reads its master password from a generated secret', () => {
    data.hasResourceProperties('AWS::RDS::DBInstance', {
      MasterUserPassword: { 'Fn::Join': ['', Match.arrayWith(['{{resolve:secretsmanager:'])] },
    });
  });

  test('uses a larger instance in two zones in size scale', () => {
    synthesise({ stage: 'prod', size: 'scale' }).data.hasResourceProperties('AWS::RDS::DBInstance', {
      DBInstanceClass: 'db.m7g.large',
      MultiAZ: true,
      BackupRetentionPeriod: 30,
    });
  });
});

describe('the database parameters', () => {
  test.each(['small', 'scale'] as const)('allow the connections of size %s, over TLS only', (size) => {
    synthesise({ size }).data.hasResourceProperties('AWS::RDS::DBParameterGroup', {
      Family: 'postgres18',
      Parameters: { max_connections: String(CONNECTIONS[size].max), 'rds.force_ssl': '1' },
    });
  });
});

describe('the logins', () => {
  test.each(Object.entries(DATABASE_ROLES))(
    'include a generated secret for the role %s',
    (role, username) => {
      const id = `${role[0]?.toUpperCase()}${role.slice(1)}Login`;
      const { Properties } = resource(data, 'AWS::SecretsManager::Secret', id);
      const generated = Properties.GenerateSecretString as Record<string, unknown>;
      expect(generated).toMatchObject({ GenerateStringKey: 'password', PasswordLength: 40 });
      const template = generated.SecretStringTemplate as { 'Fn::Join': [string, unknown[]] };
      const text = template['Fn::Join'][1]
        .map((part) => (typeof part === 'string' ? part : 'the-host'))
        .join('');
      expect(JSON.parse(text)).toEqual({
        engine: 'postgres',
        host: 'the-host',
        port: 5432,
        dbname: 'boursomatic',
        username,
      });
    },
  );

  test('are five including the master, besides the signing keys', () => {
    data.resourceCountIs('AWS::SecretsManager::Secret', 6);
  });
});

describe('the signing keys', () => {
  test('start as a secret without keys', () => {
    const { Properties } = resource(data, 'AWS::SecretsManager::Secret', 'SigningKeys');
    const { SecretStringTemplate } = Properties.GenerateSecretString as Record<string, string>;
    expect(
      SigningKeys.safeParse(JSON.parse(defined(SecretStringTemplate, 'template of the secret'))).success,
    ).toBe(false);
  });

  test('share their secret with the value that CloudFront sends, which is valid in a header', () => {
    const { Properties } = resource(data, 'AWS::SecretsManager::Secret', 'SigningKeys');
    expect(Properties.GenerateSecretString).toMatchObject({
      GenerateStringKey: 'edge',
      ExcludePunctuation: true,
      PasswordLength: 43,
    });
  });
});

describe('the buckets', () => {
  const buckets = Object.entries(resources(data, 'AWS::S3::Bucket'));

  test.each(buckets)(
    'keeps %s private and encrypted, and deletes it only if its creation failed',
    (_, bucket) => {
      expect(bucket).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          BucketEncryption: expect.anything(),
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        },
      });
    },
  );

  test.each(buckets)('accepts only TLS for %s', (id) => {
    data.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: id },
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Action: 's3:*',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });

  test('expires raw records after a year, and old versions after a month', () => {
    const { Properties } = resource(data, 'AWS::S3::Bucket', 'RawObjects');
    expect(Properties.LifecycleConfiguration).toMatchObject({
      Rules: [
        {
          ExpirationInDays: 365,
          NoncurrentVersionExpiration: { NoncurrentDays: 30 },
          Status: 'Enabled',
        },
      ],
    });
  });

  const kept = buckets.filter(([id]) => !id.startsWith('DeliveryObjects'));
  test.each(kept)('keeps old versions in %s', (_, { Properties }) => {
    expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
  });

  test('notifies EventBridge of run requests without an extra function, and expires them after a day', () => {
    const { Properties } = resource(data, 'AWS::S3::Bucket', 'RunRequestObjects');
    expect(Properties).toMatchObject({
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 1 }] },
    });
    data.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test.each([
    [{}, 1],
    [{ stage: 'staging' }, 1],
    [{ stage: 'prod' }, 3653],
    [{ publicationLockDays: 30 }, 30],
  ] as const)('locks copies of publications with %j for %i days, against everybody', (settings, Days) => {
    const { Properties } = resource(synthesise(settings).data, 'AWS::S3::Bucket', 'PublicationObjects');
    expect(Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days } } },
    });
    expect(JSON.stringify(Properties.LifecycleConfiguration)).not.toContain('"ExpirationInDays"');
  });

  test('never expires a model', () => {
    const { Properties } = resource(data, 'AWS::S3::Bucket', 'ModelObjects');
    expect(JSON.stringify(Properties.LifecycleConfiguration)).not.toContain('"ExpirationInDays"');
  });
});

describe('the optional parts', () => {
  const scale = synthesise({ stage: 'prod', size: 'scale', proxy: 'on', replica: 'on' });

  test('include a proxy and a replica only if the settings enable them', () => {
    for (const type of ['AWS::RDS::DBProxy']) {
      data.resourceCountIs(type, 0);
      scale.data.resourceCountIs(type, 1);
    }
    data.resourceCountIs('AWS::RDS::DBInstance', 1);
    scale.data.resourceCountIs('AWS::RDS::DBInstance', 2);
  });

  test('let the replica grow as its primary does, with the same parameters', () => {
    const primary = resource(scale.data, 'AWS::RDS::DBInstance', 'DatabaseInstance').Properties;
    const replica = resource(scale.data, 'AWS::RDS::DBInstance', 'DatabaseReplica').Properties;
    for (const name of ['StorageType', 'MaxAllocatedStorage', 'DBInstanceClass', 'DBParameterGroupName'])
      expect(replica[name], name).toEqual(primary[name]);
    expect(replica.MaxAllocatedStorage).toBe(1000);
    // It inherits the encryption; RDS refuses the property with a source.
    expect(replica).not.toHaveProperty('StorageEncrypted');
    expect(replica.DeletionProtection).toBe(false);
  });

  test('bound the connections of the proxy by those of its roles', () => {
    const limits = connectionLimits(CONNECTIONS.scale.max);
    const { ConnectionPoolConfigurationInfo: pool } = resource(
      scale.data,
      'AWS::RDS::DBProxyTargetGroup',
      'DatabaseProxy',
    ).Properties as { ConnectionPoolConfigurationInfo: { MaxConnectionsPercent: number } };
    expect((pool.MaxConnectionsPercent / 100) * CONNECTIONS.scale.max).toBeLessThanOrEqual(
      limits[DATABASE_ROLES.api] + limits[DATABASE_ROLES.training],
    );
  });

  test('connect only the API through the proxy', () => {
    const users = Object.values(scale).flatMap((template) =>
      Object.entries(resources(template, 'AWS::Lambda::Function'))
        .filter(([, { Properties }]) => JSON.stringify(Properties).includes('DATABASE_PROXY_HOST'))
        .map(([id]) => id.replace(/[0-9A-F]{8}$/, '')),
    );
    expect(users.sort()).toEqual(
      ['Account', 'Admin', 'Auth', 'Market', 'Recommendations', 'Replay'].map((group) => `${group}Function`),
    );
    expect(JSON.stringify(resources(data, 'AWS::Lambda::Function'))).not.toContain('PROXY');
  });

  test('allow the proxy to reach the database, and the functions to reach the proxy', () => {
    const rules = Object.values(resources(scale.data, 'AWS::EC2::SecurityGroupIngress'));
    const text = JSON.stringify(rules);
    expect(text).toMatch(/GroupId.*DatabaseSecurityGroup.*ProxySecurityGroup/);
    expect(text).toMatch(/ProxySecurityGroup.*FunctionSecurityGroup/);
  });
});

describe('an external database', () => {
  const { data: external } = addStacks(newApp(), { ...DEFAULT_SETTINGS, databaseSecret: 'my/database' });
  const template = Template.fromStack(external);

  test('provides its address through the secret', () => {
    template.resourceCountIs('AWS::RDS::DBInstance', 0);
    const { Properties } = resource(template, 'AWS::SecretsManager::Secret', 'ApiLogin');
    const { SecretStringTemplate } = Properties.GenerateSecretString as { SecretStringTemplate: string };
    expect(JSON.parse(SecretStringTemplate)).toEqual({
      engine: 'postgres',
      host: '{{resolve:secretsmanager:my/database:SecretString:host::}}',
      port: '{{resolve:secretsmanager:my/database:SecretString:port::}}',
      dbname: '{{resolve:secretsmanager:my/database:SecretString:dbname::}}',
      sslmode: '{{resolve:secretsmanager:my/database:SecretString:sslmode::}}',
      username: 'boursomatic_api',
    });
  });
});
