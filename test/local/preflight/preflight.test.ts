import { GetRegionOptStatusCommand } from '@aws-sdk/client-account';
import {
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import {
  DescribeDBInstancesCommand,
  DescribeOrderableDBInstanceOptionsCommand,
  DescribeSourceRegionsCommand,
} from '@aws-sdk/client-rds';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import { GetAccountCommand, GetEmailIdentityCommand } from '@aws-sdk/client-sesv2';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { useLoopbackServer } from '../../support/loopback-server.ts';
import {
  aws,
  deployStacks,
  findingsOf,
  offerInstances,
  plan,
  REGION,
  resetAccount,
  setLambdaLimit,
} from './preflight-support.ts';

const SCALE = { size: 'scale', proxy: 'on', replica: 'on', retraining: 'on' };
const COPIES = {
  backupRegion: 'eu-central-1',
  backupKey: 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd',
};
const EXTERNAL = {
  database: 'external',
  databaseSecret: 'my/database',
  provider: 'yahoo,stooq',
  stooqKeySecret: 'my/stooq',
};

/** AWS's service for plans, which has no client to mock. */
const freeTier = useLoopbackServer();
let targets: unknown[];

function answerPlan(status: number, body: object | string): void {
  freeTier.answer = (request, response) => {
    targets.push(request.headers['x-amz-target']);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

beforeEach(() => {
  resetAccount();
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_ENDPOINT_URL_FREETIER', freeTier.origin);
  targets = [];
  answerPlan(200, { accountId: '111122223333', accountPlanType: 'PAID', accountPlanStatus: 'ACTIVE' });
});

const short = async (context: Record<string, string> = {}) =>
  (await findingsOf(context)).filter(({ verdict }) => verdict === 'problem');

describe('preflight', () => {
  test.each([
    ['small', {}],
    ['scale', { ...SCALE, ...COPIES }],
    ['an external database', EXTERNAL],
  ])('finds no problem in a paid account with the usual quotas, for %s', async (_, context) => {
    const findings = await findingsOf(context);
    expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(findings[0]?.answer).toBe(
      '111122223333 in eu-west-1, as arn:aws:sts::111122223333:assumed-role/Admin/ada',
    );
    expect(targets).toEqual(['AWSFreeTierService.GetAccountPlanState']);
  });

  test('calls only operations that read', async () => {
    deployStacks(plan(SCALE).stacks);
    await findingsOf({ ...SCALE, ...COPIES });
    const commands = Object.values(aws).flatMap((client) =>
      client.calls().map(({ args: [command] }): object => command),
    );
    const names = new Set(commands.map((command) => command.constructor.name));
    expect(names.size).toBeGreaterThan(9);
    for (const name of names) expect(name).toMatch(/^(Get|Describe|List)\w+Command$/);
  });

  test.each([
    ['small', {}, 160, '60 reserved'],
    ['small with retraining', { retraining: 'on' }, 161, '61 reserved'],
    ['scale', SCALE, 505, '405 reserved'],
  ])('needs the concurrency that the functions of size %s reserve', async (_, context, needed, reserved) => {
    setLambdaLimit(needed);
    expect(await short(context)).toEqual([]);
    setLambdaLimit(needed - 1);
    const [finding, ...others] = await short(context);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      check: 'Lambda concurrency',
      answer: expect.stringContaining(
        `allows ${needed - 1} concurrent executions, and ${needed} are needed: ${reserved}`,
      ),
      remedy: expect.stringContaining('--service-code lambda --quota-code L-B99A9384 --desired-value 1000'),
    });
  });

  test('leaves room for the reservations of other functions, and counts its own once', async () => {
    setLambdaLimit(1000, 150);
    const [finding] = await short();
    expect(finding?.answer).toContain('1010 are needed: 60 reserved, 850 reserved by other functions');
    deployStacks(plan().stacks);
    setLambdaLimit(1000, 940);
    expect(await short()).toEqual([]);
  });

  test('needs no concurrency where the functions reserve none', async () => {
    setLambdaLimit(10);
    expect(await short({ concurrency: 'account' })).toEqual([]);
  });

  test('compares the quota of Fargate with the trainer', async () => {
    aws.quotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: 6 } });
    expect(await short({ retraining: 'on' })).toEqual([]);
    const [finding] = await short(SCALE);
    expect(finding).toMatchObject({
      check: 'Fargate processors',
      answer: 'the account allows 6 vCPU, and the trainer needs 8',
      remedy: expect.stringContaining('--service-code fargate --quota-code L-3032A538 --desired-value 8'),
    });
  });

  test('reads the default of a quota that the account never changed', async () => {
    const missing = Object.assign(new Error('none'), { name: 'NoSuchResourceException' });
    aws.quotas.on(GetServiceQuotaCommand).rejects(missing);
    aws.quotas.on(GetAWSDefaultServiceQuotaCommand).resolves({ Quota: { Value: 6 } });
    expect((await short(SCALE)).map(({ check }) => check)).toEqual(['Fargate processors']);
  });

  test('says what the free plan refuses, and when it ends', async () => {
    answerPlan(200, {
      accountId: '111122223333',
      accountPlanType: 'FREE',
      accountPlanStatus: 'ACTIVE',
      accountPlanExpirationDate: '2027-05-01T00:00:00Z',
    });
    const findings = (await findingsOf()).filter(({ check }) => check === 'Account plan');
    expect(findings).toEqual([
      expect.objectContaining({ verdict: 'note', answer: expect.stringContaining('ends on 2027-05-01') }),
      expect.objectContaining({
        verdict: 'problem',
        answer: expect.stringContaining('settings request 7: RDS answers FreeTierRestrictionError'),
        remedy: 'Set "backupDays": 1, or upgrade to the paid plan.',
      }),
    ]);
    expect(await short({ backupDays: '1' })).toEqual([]);
    expect((await short({ size: 'scale', backupDays: '1' })).map(({ answer }) => answer)).toEqual([
      'the free plan has no db.m7g.large',
    ]);
  });

  test('accepts an account from the time before plans', async () => {
    answerPlan(400, { __type: 'com.amazonaws.freetier#ResourceNotFoundException', message: 'no plan' });
    expect(await short()).toEqual([]);
  });

  test.each([
    [405, '<Error/>'],
    [502, {}],
    [200, '<html>Log in</html>'],
  ])('says that it could not read the plan where another server answers %s %j', async (status, body) => {
    answerPlan(status, body);
    const [plan] = (await findingsOf()).filter(({ check }) => check === 'Account plan');
    const { host } = new URL(freeTier.origin);
    expect(plan).toEqual({
      check: 'Account plan',
      verdict: 'unknown',
      answer: `not checked: ${host} responded ${status} without a plan`,
    });
  });

  test.each([
    ['another major version', { EngineVersion: '17.6', StorageType: 'gp3', MultiAZCapable: true }],
    ['other storage', { EngineVersion: '18.1', StorageType: 'gp2', MultiAZCapable: true }],
    ['one zone', { EngineVersion: '18.1', StorageType: 'gp3', MultiAZCapable: false }],
  ])('finds that the region sells the database only with %s', async (_, option) => {
    offerInstances(option);
    expect(await short({ size: 'scale' })).toEqual([
      expect.objectContaining({
        answer: 'RDS does not offer db.m7g.large with postgres 18 on gp3 in two zones in eu-west-1',
      }),
    ]);
  });

  test('finds that RDS does not copy backups between two regions', async () => {
    aws.rds.on(DescribeSourceRegionsCommand).resolves({ SourceRegions: [{ RegionName: REGION }] });
    expect((await short(COPIES)).map(({ check }) => check)).toEqual(['Backup copies']);
  });

  test('finds a region that is not enabled', async () => {
    aws.account.on(GetRegionOptStatusCommand).resolves({ RegionOptStatus: 'DISABLED' });
    expect(await short()).toEqual([
      expect.objectContaining({
        answer: 'eu-west-1 is disabled',
        remedy: expect.stringContaining('aws account enable-region --region-name eu-west-1'),
      }),
    ]);
  });

  test('finds that the CDK bootstrap is missing or old', async () => {
    aws.ssm.on(GetParameterCommand).resolves({ Parameter: { Value: '5' } });
    expect((await short())[0]?.answer).toBe('version 5, and 6 is needed');
    aws.ssm.on(GetParameterCommand).rejects(Object.assign(new Error('none'), { name: 'ParameterNotFound' }));
    expect((await short())[0]).toMatchObject({
      answer: 'eu-west-1 has no CDK bootstrap stack',
      remedy: 'Run AWS_REGION=eu-west-1 npx cdk bootstrap.',
    });
  });

  test('finds the secrets that the operator has not created', async () => {
    aws.secrets
      .on(DescribeSecretCommand)
      .rejects(Object.assign(new Error('none'), { name: 'ResourceNotFoundException' }));
    expect((await short(EXTERNAL)).map(({ answer }) => answer)).toEqual([
      'there is no secret my/stooq in eu-west-1',
      'there is no secret my/database in eu-west-1',
    ]);
  });

  describe('finds that Amazon SES', () => {
    const mail = async () =>
      (await findingsOf({ alertsFrom: 'alerts@example.com' })).filter(({ check }) => check === 'E-mail');
    const unknown = Object.assign(new Error('none'), { name: 'NotFoundException' });

    test('sends from an address whose domain is verified', async () => {
      aws.ses.on(GetEmailIdentityCommand, { EmailIdentity: 'alerts@example.com' }).rejects(unknown);
      expect(await mail()).toEqual([
        { check: 'E-mail', verdict: 'ok', answer: 'Amazon SES sends from alerts@example.com' },
      ]);
    });

    test('has not verified the sender', async () => {
      aws.ses.on(GetEmailIdentityCommand).rejects(unknown);
      aws.ses
        .on(GetEmailIdentityCommand, { EmailIdentity: 'example.com' })
        .resolves({ VerifiedForSendingStatus: false });
      expect(await mail()).toMatchObject([
        { verdict: 'problem', answer: expect.stringContaining('not verified') },
      ]);
    });

    test('delivers only to verified addresses in the sandbox', async () => {
      aws.ses.on(GetAccountCommand).resolves({ ProductionAccessEnabled: false, SendingEnabled: true });
      expect(await mail()).toMatchObject([{ verdict: 'note', answer: expect.stringContaining('sandbox') }]);
    });

    test('has paused the account', async () => {
      aws.ses.on(GetAccountCommand).resolves({ ProductionAccessEnabled: true, SendingEnabled: false });
      expect(await mail()).toMatchObject([{ verdict: 'problem', answer: expect.stringContaining('paused') }]);
    });

    test('does not matter without a sender', async () => {
      expect((await findingsOf()).filter(({ check }) => check === 'E-mail')).toEqual([]);
      expect(aws.ses.calls()).toHaveLength(0);
    });
  });

  test('warns of CloudFront in an account without a distribution', async () => {
    aws.cloudFront.on(ListDistributionsCommand).resolves({
      DistributionList: { Quantity: 0, Marker: '', MaxItems: 1, IsTruncated: false },
    });
    const findings = await findingsOf();
    expect(findings.find(({ check }) => check === 'CloudFront')).toMatchObject({
      verdict: 'note',
      remedy: expect.stringContaining('"Your account must be verified"'),
    });
  });

  test('stops where AWS does not accept the credentials', async () => {
    aws.sts
      .on(GetCallerIdentityCommand)
      .rejects(Object.assign(new Error('expired'), { name: 'ExpiredToken' }));
    await expect(findingsOf()).rejects.toThrow(
      'does not accept the credentials of the environment (ExpiredToken)',
    );
  });

  const denials: [string, () => void][] = [
    ['sts:GetCallerIdentity', () => aws.sts.on(GetCallerIdentityCommand).rejects(denied())],
    ['account:GetRegionOptStatus', () => aws.account.on(GetRegionOptStatusCommand).rejects(denied())],
    ['cloudformation:DescribeStacks', () => aws.cloudFormation.on(DescribeStacksCommand).rejects(denied())],
    ['cloudformation:GetTemplate', () => aws.cloudFormation.on(GetTemplateCommand).rejects(denied())],
    [
      'cloudformation:ListStackResources',
      () => aws.cloudFormation.on(ListStackResourcesCommand).rejects(denied()),
    ],
    ['rds:DescribeDBInstances', () => aws.rds.on(DescribeDBInstancesCommand).rejects(denied())],
    ['ssm:GetParameter', () => aws.ssm.on(GetParameterCommand).rejects(denied())],
    [
      'freetier:GetAccountPlanState',
      () => answerPlan(400, { __type: 'AccessDeniedException', message: 'no' }),
    ],
    ['lambda:GetAccountSettings', () => aws.lambda.on(GetAccountSettingsCommand).rejects(denied())],
    ['servicequotas:GetServiceQuota', () => aws.quotas.on(GetServiceQuotaCommand).rejects(denied())],
    [
      'rds:DescribeOrderableDBInstanceOptions',
      () => aws.rds.on(DescribeOrderableDBInstanceOptionsCommand).rejects(denied()),
    ],
    ['rds:DescribeSourceRegions', () => aws.rds.on(DescribeSourceRegionsCommand).rejects(denied())],
    ['secretsmanager:DescribeSecret', () => aws.secrets.on(DescribeSecretCommand).rejects(denied())],
    ['ses:GetEmailIdentity', () => aws.ses.on(GetEmailIdentityCommand).rejects(denied())],
    ['ses:GetAccount', () => aws.ses.on(GetAccountCommand).rejects(denied())],
    ['cloudfront:ListDistributions', () => aws.cloudFront.on(ListDistributionsCommand).rejects(denied())],
  ];

  test.each(denials)(
    'names the missing permission %s and runs the other checks',
    async (permission, deny) => {
      const vendors = { provider: 'yahoo,stooq', stooqKeySecret: 'my/stooq' };
      const context = { ...SCALE, ...COPIES, ...vendors, alertsFrom: 'alerts@example.com' };
      deployStacks(plan(context).stacks);
      deny();
      const findings = await findingsOf(context);
      expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([
        {
          check: expect.any(String),
          verdict: 'unknown',
          answer: `not checked: the credentials lack the permission ${permission}`,
        },
      ]);
      expect(new Set(findings.map(({ check }) => check)).size).toBe(12);
    },
  );
});

const denied = () =>
  Object.assign(new Error('User: ada is not authorized'), { name: 'AccessDeniedException' });

test('says how many instruments a vendor with an allowance serves in a run', async () => {
  const tiingo = { provider: 'tiingo', tiingoKeySecret: 'my/tiingo' };
  const ofProvider = async (context: Record<string, string>) =>
    (await findingsOf(context)).filter(({ check }) => check === 'Provider');
  expect(await ofProvider(tiingo)).toEqual([
    {
      check: 'Provider',
      verdict: 'note',
      answer: "Tiingo's free plan serves 50 requests an hour, so a run requests 45 instruments",
      remedy:
        'If you follow more, each gets new bars only every few runs: add a vendor, as in "provider": "tiingo,yahoo".',
    },
  ]);
  expect(await ofProvider({ ...tiingo, provider: 'tiingo,yahoo' })).toEqual([]);
});
