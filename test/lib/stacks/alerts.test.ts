import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import {
  BATCH_SIZE,
  batchKey,
  LEASE_SECONDS,
  resultsKey,
  SENT_WITHIN_MS,
} from '../../../functions/alerts/handover/batch.ts';
import { resource, synthesise } from '../app.ts';

const { alerts, data } = synthesise({ alertsFrom: 'alerts@example.com' });

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

function statementsOf(id: string, template = alerts): Statement[] {
  const { Properties } = resource(template, 'AWS::IAM::Policy', `${id}ServiceRole`);
  return (Properties.PolicyDocument as { Statement: Statement[] }).Statement;
}

/** The keys of the bucket of messages that a function may use, by action. */
function keysOf(id: string): Record<string, string[]> {
  const granted = statementsOf(id).filter(({ Action }) => String(Action).startsWith('s3:'));
  return Object.fromEntries(
    granted.map(({ Action, Resource }) => {
      const json = JSON.stringify(Resource);
      expect(json.match(/ExportsOutput\w*?Objects/g)?.every((name) => name.endsWith('DeliveryObjects'))).toBe(
        true,
      );
      return [String(Action), [...json.matchAll(/"\/([^"]*)"/g)].map(([, key = '']) => key)];
    }),
  );
}

const actionsOf = (id: string) =>
  statementsOf(id)
    .flatMap(({ Action }) => Action)
    .filter((action) => !action.startsWith('xray:') && !action.startsWith('sqs:'))
    .sort();

describe('the function that reads the outbox', () => {
  const { Properties } = resource(alerts, 'AWS::Lambda::Function', 'DeliverFunction');

  test('runs inside the VPC, with the API login and the keys that decrypt channels', () => {
    expect(Properties).toMatchObject({
      VpcConfig: { SubnetIds: [expect.anything(), expect.anything()] },
      ReservedConcurrentExecutions: 2,
    });
    const { Variables } = Properties.Environment as { Variables: object };
    expect(Object.keys(Variables).sort()).toEqual([
      'API_DATABASE_SECRET',
      'DATABASE_CONNECTIONS',
      'DELIVERIES_URL',
      'NODE_EXTRA_CA_CERTS',
      'NODE_OPTIONS',
      'PAGE_URL',
      'SIGNING_KEYS_SECRET',
      'STAGE',
    ]);
  });

  test('may write batches and read results, and send nothing', () => {
    expect(keysOf('DeliverFunction')).toEqual({
      's3:PutObject': ['batches/*'],
      's3:GetObject': ['results/*'],
      's3:ListBucket': [],
    });
    expect(actionsOf('DeliverFunction').filter((action) => !action.startsWith('s3:'))).toEqual([
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
    ]);
    expect(JSON.stringify(statementsOf('DeliverFunction'))).not.toMatch(/(Pipeline|Migrator|Training)Login/);
  });

  test('is called every minute, and for each new object of results', () => {
    const { Properties: schedule } = resource(alerts, 'AWS::Scheduler::Schedule', 'Tick');
    expect(schedule).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      Target: { Input: '{}', Arn: { 'Fn::GetAtt': [expect.stringMatching(/^DeliverFunction/), 'Arn'] } },
    });
    expectRule('results/', 'DeliverFunction');
    expect(resultsKey(batchKey('a'))).toMatch(/^results\//);
  });
});

describe('the function that sends', () => {
  const { Properties } = resource(alerts, 'AWS::Lambda::Function', 'SendFunction');

  test('runs outside the VPC, and knows no secret', () => {
    expect(Properties).not.toHaveProperty('VpcConfig');
    const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
    expect(Object.keys(Variables).sort()).toEqual(['ALERTS_FROM', 'DELIVERIES_URL', 'NODE_OPTIONS']);
    expect(Variables.ALERTS_FROM).toBe('alerts@example.com');
  });

  test('never reaches private addresses', () => {
    expect(JSON.stringify(alerts.toJSON())).not.toContain('ALERTS_REACH_PRIVATE');
  });

  test('may read batches, write results, and send from one address', () => {
    expect(keysOf('SendFunction')).toEqual({
      's3:PutObject': ['results/*'],
      's3:GetObject': ['batches/*', 'results/*'],
      's3:ListBucket': [],
    });
    expect(actionsOf('SendFunction').filter((action) => !action.startsWith('s3:'))).toEqual([
      'ses:SendRawEmail',
    ]);
    const send = statementsOf('SendFunction').find(({ Action }) => Action === 'ses:SendRawEmail');
    expect(send?.Condition).toEqual({ StringEquals: { 'ses:FromAddress': 'alerts@example.com' } });
    expect(JSON.stringify(send?.Resource)).toContain(':identity/*');
  });

  test('may not use SES in an installation without a sender', () => {
    const { alerts } = synthesise();
    expect(JSON.stringify(alerts.toJSON())).not.toContain('ses:');
    const { Properties } = resource(alerts, 'AWS::Lambda::Function', 'SendFunction');
    expect(Properties.Environment).toMatchObject({ Variables: { ALERTS_FROM: '' } });
  });

  test('is called for each new batch, and for no results', () => {
    expectRule('batches/', 'SendFunction');
    expect(batchKey('a')).toMatch(/^batches\//);
  });
});

test('no batch is on its way when its messages can be claimed again', () => {
  const { Properties: send } = resource(alerts, 'AWS::Lambda::Function', 'SendFunction');
  const { Properties: deliver } = resource(alerts, 'AWS::Lambda::Function', 'DeliverFunction');
  // A batch is refused after this time; one that was just accepted takes up to the timeout, and so does the settlement.
  const longestMs = SENT_WITHIN_MS + (Number(send.Timeout) + Number(deliver.Timeout)) * 1000;
  expect(longestMs).toBeLessThan(LEASE_SECONDS * 1000);
  expect(BATCH_SIZE).toBeLessThanOrEqual(20);
});

test('the bucket of messages keeps no old versions, expires within a day, and notifies EventBridge', () => {
  const { Properties } = resource(data, 'AWS::S3::Bucket', 'DeliveryObjects');
  expect(Properties).not.toHaveProperty('VersioningConfiguration');
  expect(Properties).toMatchObject({
    LifecycleConfiguration: { Rules: [expect.objectContaining({ ExpirationInDays: 1, Status: 'Enabled' })] },
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  });
});

function expectRule(prefix: string, handler: string): void {
  alerts.hasResourceProperties('AWS::Events::Rule', {
    State: 'ENABLED',
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: {
        bucket: { name: [{ 'Fn::ImportValue': Match.stringLikeRegexp('DeliveryObjects') }] },
        object: { key: [{ prefix }] },
      },
    },
    Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${handler}`), 'Arn'] } })],
  });
}
