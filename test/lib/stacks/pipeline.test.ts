import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { MAX_CONCURRENT_BATCHES } from '../../../functions/shared/constants.ts';
import { PipelineInput } from '../../../functions/shared/contracts.ts';
import type { StepName } from '../../../lib/state-machines/pipeline-steps.ts';
import { DEFINITION_FILE, placeholderArn } from '../../../local/commands/synth-definition.ts';
import { resource, resources, synthesise } from '../app.ts';

const { pipeline } = synthesise();

const functionOf = (step: string) =>
  resource(pipeline, 'AWS::Lambda::Function', `${step}Function`).Properties;
const environmentOf = (step: string) =>
  (functionOf(step).Environment as { Variables: Record<string, unknown> }).Variables;
const policyOf = (step: string) =>
  JSON.stringify(
    resource(pipeline, 'AWS::IAM::Policy', `${step}FunctionServiceRole`).Properties.PolicyDocument,
  );

const WITH_DATABASE = ['Plan', 'Load', 'Features', 'Infer', 'Publish', 'Score', 'Finish'];

describe('the functions', () => {
  test('run Fetch outside the VPC, without the database', () => {
    expect(functionOf('Fetch')).not.toHaveProperty('VpcConfig');
    expect(environmentOf('Fetch')).toMatchObject({ PROVIDER: 'yahoo', RAW_OBJECTS_URL: expect.anything() });
    expect(environmentOf('Fetch')).not.toHaveProperty('PIPELINE_DATABASE_SECRET');
    expect(policyOf('Fetch')).not.toContain('secretsmanager');
  });

  test.each(WITH_DATABASE)('run %s inside the VPC, with only the pipeline login', (step) => {
    expect(functionOf(step)).toMatchObject({
      VpcConfig: { SubnetIds: [expect.anything(), expect.anything()], SecurityGroupIds: [expect.anything()] },
    });
    const login = { 'Fn::ImportValue': expect.stringMatching(/:ExportsOutputRefPipelineLogin/) };
    expect(environmentOf(step)).toMatchObject({
      PIPELINE_DATABASE_SECRET: login,
      NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
    });
    expect(policyOf(step)).toMatch(/GetSecretValue.*PipelineLogin/);
    expect(policyOf(step)).not.toMatch(/(Api|Migrator|Training)Login|DatabaseSecret/);
  });

  test('tell Plan the reference of the settings, by default the S&P 500', () => {
    expect(environmentOf('Plan').REFERENCE).toBe('sp500');
    const { pipeline: without } = synthesise({ reference: 'none' });
    const { Environment } = resource(without, 'AWS::Lambda::Function', 'PlanFunction').Properties;
    expect(Environment).toMatchObject({ Variables: { REFERENCE: 'none' } });
  });

  test('tell Plan the benchmark of the settings, by default SPY', () => {
    expect(environmentOf('Plan').BENCHMARK).toBe('SPY');
    const { pipeline: without } = synthesise({ benchmark: 'none' });
    const { Environment } = resource(without, 'AWS::Lambda::Function', 'PlanFunction').Properties;
    expect(Environment).toMatchObject({ Variables: { BENCHMARK: 'none' } });
  });

  test.each([
    ['Plan', ['BENCHMARK', 'PROVIDER', 'REFERENCE']],
    ['Fetch', ['FETCH_PROCESSES', 'PROVIDER', 'RAW_OBJECTS_URL']],
    ['Load', ['RAW_OBJECTS_URL']],
    ['Features', []],
    ['Infer', ['RAW_OBJECTS_URL', 'MODEL_OBJECTS_URL']],
    ['Publish', ['PUBLICATION_OBJECTS_URL', 'RAW_OBJECTS_URL']],
    ['Score', ['MODEL_OBJECTS_URL']],
    ['Finish', []],
  ])('give %s only the environment variables that it needs', (step, names) => {
    const common = [
      'NODE_OPTIONS',
      ...(step === 'Fetch'
        ? []
        : ['PIPELINE_DATABASE_SECRET', 'DATABASE_CONNECTIONS', 'NODE_EXTRA_CA_CERTS']),
    ];
    expect(Object.keys(environmentOf(step)).sort()).toEqual([...common, ...names].sort());
  });

  test.each([
    ['Fetch', 'write', 'RawObjects'],
    ['Fetch', 'read', 'RawObjects'],
    ['Load', 'read', 'RawObjects'],
    ['Infer', 'write', 'RawObjects'],
    ['Infer', 'read', 'ModelObjects'],
    ['Score', 'read', 'ModelObjects'],
    ['Publish', 'read', 'RawObjects'],
    ['Publish', 'write', 'PublicationObjects'],
  ])('lets %s %s %s', (step, access, bucket) => {
    const action = access === 'read' ? 's3:GetObject' : 's3:PutObject';
    const { PolicyDocument } = resource(
      pipeline,
      'AWS::IAM::Policy',
      `${step}FunctionServiceRole`,
    ).Properties;
    const { Statement } = PolicyDocument as { Statement: { Action: string | string[]; Resource: unknown }[] };
    const granting = Statement.filter(({ Action }) => [Action].flat().includes(action));
    expect(granting.map(({ Resource }) => Resource)).toContainEqual({
      'Fn::Join': ['', [{ 'Fn::ImportValue': expect.stringContaining(bucket) }, '/*']],
    });
  });

  test('let Publish add copies of publications, and neither read, delete nor unlock them', () => {
    const { PolicyDocument } = resource(
      pipeline,
      'AWS::IAM::Policy',
      'PublishFunctionServiceRole',
    ).Properties;
    const { Statement } = PolicyDocument as { Statement: { Action: string | string[]; Resource: unknown }[] };
    const ofCopies = Statement.filter(({ Resource }) =>
      JSON.stringify(Resource).includes('PublicationObjects'),
    );
    expect(ofCopies.map(({ Action }) => Action)).toEqual(['s3:PutObject']);
  });

  test('tell Fetch how many batches the state machine fetches at once, for its share of the pace', () => {
    expect(environmentOf('Fetch').FETCH_PROCESSES).toBe(String(MAX_CONCURRENT_BATCHES));
  });

  test('let only Fetch read the key for Stooq, and only if Stooq is a provider', () => {
    const { pipeline: both } = synthesise({
      provider: 'yahoo,stooq',
      providerVariables: { STOOQ_KEY_SECRET: 'boursomatic/stooq' },
    });
    const withKey = Object.values(both.findResources('AWS::IAM::Policy')).filter((policy) =>
      JSON.stringify(policy).includes('boursomatic/stooq'),
    );
    expect(withKey.map(({ Properties }) => Properties.PolicyName)).toEqual([
      expect.stringMatching(/^FetchFunction/),
    ]);
    const { Environment } = resource(both, 'AWS::Lambda::Function', 'FetchFunction').Properties;
    expect(Environment).toMatchObject({
      Variables: { PROVIDER: 'yahoo,stooq', STOOQ_KEY_SECRET: expect.anything() },
    });
  });

  test('receive the bucket as a URL', () => {
    expect(environmentOf('Load').RAW_OBJECTS_URL).toEqual({
      'Fn::Join': [
        '',
        ['s3://', { 'Fn::ImportValue': expect.stringMatching(/:ExportsOutputRefRawObjects/) }],
      ],
    });
  });

  test.each(['Plan', 'Features', 'Finish'])('give %s no access to the buckets', (step) => {
    expect(policyOf(step)).not.toContain('s3:');
  });
});

describe('the state machine', () => {
  test('has the definition of the local runner, with the deployed functions', () => {
    const { Properties } = resource(pipeline, 'AWS::StepFunctions::StateMachine', 'Pipeline');
    const { 'Fn::Join': join } = Properties.DefinitionString as { 'Fn::Join': [string, unknown[]] };
    const text = join[1]
      .map((part) => (typeof part === 'string' ? part : placeholderArn(stepOf(part))))
      .join('');
    expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(DEFINITION_FILE, 'utf8')));
  });

  test('is traced, and logs its events without execution data', () => {
    pipeline.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
  });

  test('starts on weekdays after the close, in New York time, with an empty input', () => {
    pipeline.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(30 18 ? * MON-FRI *)',
      ScheduleExpressionTimezone: 'America/New_York',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 10 },
      State: 'ENABLED',
      Target: {
        Input: '{}',
        Arn: { Ref: Match.stringLikeRegexp('^Pipeline') },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DeadLetters'), 'Arn'] } },
      },
    });
  });

  test.each([
    ['off', 'DISABLED'],
    ['on', 'ENABLED'],
  ] as const)(
    'fetches 15-minute bars during sessions with intraday %s: the schedule is %s',
    (intraday, State) => {
      synthesise({ intraday }).pipeline.hasResourceProperties('AWS::Scheduler::Schedule', {
        ScheduleExpression: 'cron(2/15 10-16 ? * MON-FRI *)',
        ScheduleExpressionTimezone: 'America/New_York',
        FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
        State,
        Target: { Input: '{"mode":"intraday"}' },
      });
    },
  );

  test('accepts the inputs of its schedules', () => {
    for (const { Properties } of Object.values(resources(pipeline, 'AWS::Scheduler::Schedule'))) {
      const { Input } = Properties.Target as { Input: string };
      expect(PipelineInput.parse(JSON.parse(Input))).toEqual(JSON.parse(Input));
    }
  });

  test('keeps failed starts of a schedule for two weeks', () => {
    pipeline.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600 });
  });
});

describe('the events of executions', () => {
  const patternOf = (id: string) => resource(pipeline, 'AWS::Events::Rule', id).Properties;
  const machine = { Ref: expect.stringMatching(/^Pipeline/) };

  test('reach the finish function after an execution of the pipeline itself failed, timed out or was stopped', () => {
    expect(patternOf('RunFailed')).toMatchObject({
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [machine], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      Targets: [{ Arn: { 'Fn::GetAtt': [expect.stringMatching(/^FinishFunction/), 'Arn'] } }],
    });
  });

  test('reach the finish function after a redrive, and not after a first start', () => {
    expect(patternOf('RunRedriven')).toMatchObject({
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.states'],
        detail: {
          stateMachineArn: [machine],
          status: ['RUNNING'],
          redriveCount: [{ numeric: ['>', 0] }],
        },
      },
      Targets: [{ Arn: { 'Fn::GetAtt': [expect.stringMatching(/^FinishFunction/), 'Arn'] } }],
    });
  });

  test('wait for hours while the function is busy', () => {
    const { Properties } = resource(pipeline, 'AWS::Lambda::EventInvokeConfig', 'FinishFunction');
    expect(Properties.MaximumEventAgeInSeconds).toBe(6 * 3600);
  });
});

/** The step of a function reference such as {"Fn::GetAtt": ["PlanFunctionEA79BDD0", "Arn"]}. */
function stepOf(reference: unknown): StepName {
  const id = (reference as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];
  return id.replace(/Function[0-9A-F]{8}$/, '').toLowerCase() as StepName;
}
