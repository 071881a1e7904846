import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { SigningKeys } from '../../../functions/api/auth/signing-keys.ts';
import { DATABASE_ROLES } from '../../../functions/shared/constants.ts';
import { resource, resources, synthesise } from '../app.ts';

const { data } = synthesise();

describe('the database', () => {
  it('is the smallest Postgres 18 on gp3, encrypted, out of reach from outside', () => {
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

  it('is backed up, protected from deletion, and leaves a snapshot behind', () => {
    data.hasResource('AWS::RDS::DBInstance', {
      Properties: { BackupRetentionPeriod: 7, DeletionProtection: true },
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
    });
  });

  it('takes its master password from a generated secret', () => {
    data.hasResourceProperties('AWS::RDS::DBInstance', {
      MasterUserPassword: { 'Fn::Join': ['', Match.arrayWith(['{{resolve:secretsmanager:'])] },
    });
  });

  it('is larger, and in two zones, at scale', () => {
    synthesise({ stage: 'prod', size: 'scale', retraining: 'off' }).data.hasResourceProperties(
      'AWS::RDS::DBInstance',
      {
        DBInstanceClass: 'db.m7g.large',
        MultiAZ: true,
        BackupRetentionPeriod: 30,
      },
    );
  });
});

describe('the logins', () => {
  it.each(Object.entries(DATABASE_ROLES))(
    'gives the role %s a generated secret of its own',
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

  it('are five with the master, beside the keys of access tokens', () => {
    data.resourceCountIs('AWS::SecretsManager::Secret', 6);
  });
});

describe('the keys of access tokens', () => {
  it('are a secret that holds none until they are made', () => {
    const { Properties } = resource(data, 'AWS::SecretsManager::Secret', 'SigningKeys');
    const { SecretStringTemplate } = Properties.GenerateSecretString as Record<string, string>;
    expect(SigningKeys.safeParse(JSON.parse(SecretStringTemplate ?? '')).success).toBe(false);
  });
});

describe('the buckets', () => {
  const buckets = Object.entries(resources(data, 'AWS::S3::Bucket'));

  it.each(buckets)('keeps %s private, encrypted, and when the stack goes', (_, bucket) => {
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
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
  });

  it.each(buckets)('answers for %s over TLS only', (id) => {
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

  it('forgets raw records after a year', () => {
    const { Properties } = resource(data, 'AWS::S3::Bucket', 'RawObjects');
    expect(Properties.LifecycleConfiguration).toMatchObject({
      Rules: [{ ExpirationInDays: 365, Status: 'Enabled' }],
    });
  });

  it('keeps every version of a model', () => {
    const { Properties } = resource(data, 'AWS::S3::Bucket', 'ModelObjects');
    expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(Properties).not.toHaveProperty('LifecycleConfiguration');
  });
});
