import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { replyKey, requestKey } from '../../../functions/api/admin/run-request.ts';
import { API_FUNCTIONS, type ApiFunctionName } from '../../../functions/api/core/groups.ts';
import { GATEWAY_ROUTES } from '../../../functions/api/routes.ts';
import { lookupReplyKey, lookupRequestKey } from '../../../functions/shared/symbol-lookup.ts';
import { resource, resources, synthesise } from '../app.ts';

const { api } = synthesise();
const functionOf = (group: ApiFunctionName) => `${group.charAt(0).toUpperCase()}${group.slice(1)}Function`;
const policyOf = (group: ApiFunctionName) =>
  JSON.stringify(resource(api, 'AWS::IAM::Policy', `${functionOf(group)}ServiceRole`).Properties);

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

const statementsOf = (id: string) =>
  (
    resource(api, 'AWS::IAM::Policy', `${id}ServiceRole`).Properties.PolicyDocument as {
      Statement: Statement[];
    }
  ).Statement;

/** The keys of the bucket of requests that a function may read and write, by action. */
function keysOf(id: string): Record<string, string[]> {
  return Object.fromEntries(
    statementsOf(id).flatMap(({ Action, Resource }) => {
      const json = JSON.stringify(Resource);
      const keys = [...json.matchAll(/"\/([^"]*)"/g)].map(([, key = '']) => key);
      return json.includes('RunRequestObjects') && keys.length > 0 ? [[String(Action), keys]] : [];
    }),
  );
}

/** The permissions of a function whose failed events Lambda sends to a queue. */
const DEAD_LETTER_ACTIONS = ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'];

describe('ApiStack', () => {
  test('routes every path to the function of its group', () => {
    api.hasResourceProperties('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' });
    // Three more renew keys, start runs and look up symbols; they handle no requests.
    api.resourceCountIs('AWS::Lambda::Function', API_FUNCTIONS.length + 3);
    const integrations = resources(api, 'AWS::ApiGatewayV2::Integration');
    const routes = Object.values(resources(api, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => {
      const target = JSON.stringify(Properties.Target);
      const [, integration] = Object.entries(integrations).find(([id]) => target.includes(id)) ?? [];
      const [, name = ''] = /"(\w+)Function[0-9A-F]{8}"/.exec(JSON.stringify(integration)) ?? [];
      return `${Properties.RouteKey} ${name.toLowerCase()}`;
    });
    expect(routes.sort()).toEqual(
      GATEWAY_ROUTES.map(({ method, path, name }) => `${method} ${path} ${name}`).sort(),
    );
  });

  test('leaves access tokens and API keys to the functions', () => {
    api.resourceCountIs('AWS::ApiGatewayV2::Authorizer', 0);
    for (const { Properties } of Object.values(resources(api, 'AWS::ApiGatewayV2::Route')))
      expect(Properties.AuthorizationType).toBe('NONE');
  });

  test.each(API_FUNCTIONS)('runs %s inside the VPC, with the API login and the signing keys', (group) => {
    const { Properties } = resource(api, 'AWS::Lambda::Function', functionOf(group));
    expect(Properties).toMatchObject({
      VpcConfig: { SubnetIds: [expect.anything(), expect.anything()] },
      Environment: {
        Variables: {
          NODE_OPTIONS: '',
          API_DATABASE_SECRET: { 'Fn::ImportValue': expect.stringMatching(/:ExportsOutputRefApiLogin/) },
          SIGNING_KEYS_SECRET: { 'Fn::ImportValue': expect.stringMatching(/:ExportsOutputRefSigningKeys/) },
          TOKEN_ISSUER: { 'Fn::GetAtt': [expect.stringMatching(/^Api/), 'ApiEndpoint'] },
        },
      },
    });
    expect(policyOf(group)).toMatch(/GetSecretValue.*ApiLogin/);
    expect(policyOf(group)).toMatch(/GetSecretValue.*SigningKeys/);
    expect(policyOf(group)).not.toMatch(/(Pipeline|Migrator)Login|DatabaseSecret|PutSecretValue/);
  });

  test.each(API_FUNCTIONS)('grants %s the training login only if it is admin', (group) => {
    const { Variables } = resource(api, 'AWS::Lambda::Function', functionOf(group)).Properties
      .Environment as { Variables: object };
    expect('TRAINING_DATABASE_SECRET' in Variables).toBe(group === 'admin');
    expect(policyOf(group).includes('TrainingLogin')).toBe(group === 'admin');
  });

  test.each(API_FUNCTIONS)('grants %s releases only if it is admin or replay', (group) => {
    const { Variables } = resource(api, 'AWS::Lambda::Function', functionOf(group)).Properties
      .Environment as { Variables: object };
    const readers: ApiFunctionName[] = ['admin', 'replay'];
    expect('MODEL_OBJECTS_URL' in Variables).toBe(readers.includes(group));
    expect(/GetObject[^}]*ModelObjects/.test(policyOf(group))).toBe(readers.includes(group));
  });

  test('lets the function that replays calls only read the releases', () => {
    const policy = resource(api, 'AWS::IAM::Policy', `${functionOf('replay')}ServiceRole`).Properties;
    const { Statement } = policy.PolicyDocument as { Statement: { Action: string | string[] }[] };
    const actions = Statement.flatMap(({ Action }) => Action).filter((action) => action.startsWith('s3:'));
    expect(actions.sort()).toEqual(['s3:GetObject', 's3:ListBucket']);
    expect(policyOf('replay')).not.toMatch(/RawObjects|RunRequestObjects/);
  });

  test('throttles replays more than other requests, once their route exists', () => {
    const stage = resource(api, 'AWS::ApiGatewayV2::Stage', 'Stage');
    const [[key, settings] = []] = Object.entries(stage.Properties.RouteSettings as object);
    expect(settings).toEqual({ ThrottlingRateLimit: 1, ThrottlingBurstLimit: 5 });
    const [route] = Object.entries(resources(api, 'AWS::ApiGatewayV2::Route')).filter(
      ([, { Properties }]) => Properties.RouteKey === key,
    );
    expect(key).toBe('ANY /v1/recommendations/{id}/replay');
    expect((stage as { DependsOn?: string[] }).DependsOn).toContain(route?.[0]);
  });

  test.each(API_FUNCTIONS)('lets %s request runs only if it is admin, and never start them', (group) => {
    const { Variables } = resource(api, 'AWS::Lambda::Function', functionOf(group)).Properties
      .Environment as { Variables: object };
    const requesters: ApiFunctionName[] = ['admin', 'account', 'mcp'];
    expect('RUN_REQUESTS_URL' in Variables).toBe(requesters.includes(group));
    expect(keysOf(`${functionOf(group)}`)).toEqual(
      {
        admin: { 's3:PutObject': ['*'], 's3:GetObject': ['*'] },
        account: { 's3:PutObject': ['lookups/*'], 's3:GetObject': ['replies/lookups/*'] },
        mcp: { 's3:PutObject': ['lookups/*'], 's3:GetObject': ['replies/lookups/*'] },
      }[group as string] ?? {},
    );
    expect(policyOf(group)).not.toContain('states:');
  });

  test.each(API_FUNCTIONS)('times %s out before the gateway does', (group) => {
    expect(resource(api, 'AWS::Lambda::Function', functionOf(group)).Properties.Timeout).toBeLessThan(30);
  });

  test('throttles requests, more so in size small', () => {
    api.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    });
    synthesise({ stage: 'prod', size: 'scale' }).api.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
    });
  });

  test('logs each request without headers, query and body', () => {
    api.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      AccessLogSettings: {
        DestinationArn: Match.anyValue(),
        Format: Match.stringLikeRegexp('context.status'),
      },
    });
    const { Properties } = resource(api, 'AWS::ApiGatewayV2::Stage', 'Stage');
    expect(JSON.stringify(Properties.AccessLogSettings)).not.toMatch(/header|querystring|authoriz/i);
  });
});

describe('the function that starts requested runs', () => {
  test('runs outside the VPC, without a login', () => {
    const { Properties } = resource(api, 'AWS::Lambda::Function', 'StartRunFunction');
    expect(Properties).not.toHaveProperty('VpcConfig');
    const { Variables } = Properties.Environment as { Variables: object };
    expect(Object.keys(Variables).sort()).toEqual(['NODE_OPTIONS', 'RUN_REQUESTS_URL', 'STATE_MACHINE_ARN']);
  });

  test('may start only the pipeline, and use only the bucket of requests', () => {
    const policy = resource(api, 'AWS::IAM::Policy', 'StartRunFunctionServiceRole').Properties;
    const { Statement } = policy.PolicyDocument as {
      Statement: { Action: string | string[]; Resource: unknown }[];
    };
    const actions = Statement.flatMap(({ Action }) => Action).filter((action) => !action.startsWith('xray'));
    expect(actions.sort()).toEqual([
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      ...DEAD_LETTER_ACTIONS,
      'states:StartExecution',
    ]);
    const start = Statement.find(({ Action }) => Action === 'states:StartExecution');
    expect(start?.Resource).toEqual({
      'Fn::ImportValue': expect.stringMatching(/:ExportsOutputRefPipeline/),
    });
    for (const bucket of ['RawObjects', 'ModelObjects'])
      expect(JSON.stringify(Statement)).not.toContain(bucket);
  });

  test('is invoked for each request and for no reply', () => {
    api.hasResourceProperties('AWS::Events::Rule', {
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: [{ 'Fn::ImportValue': Match.stringLikeRegexp('RunRequestObjects') }] },
          object: { key: [{ prefix: 'requests/' }] },
        },
      },
      Targets: [Match.objectLike({ RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 2 } })],
    });
    expect(requestKey('api-1')).toMatch(/^requests\//);
    expect(replyKey('api-1')).not.toMatch(/^requests\//);
  });
});

describe('the function that looks up symbols', () => {
  const { Properties } = resource(api, 'AWS::Lambda::Function', 'LookUpSymbolsFunction');

  test('runs outside the VPC one at a time, with the variables of the vendors and no login', () => {
    expect(Properties).not.toHaveProperty('VpcConfig');
    expect(Properties.ReservedConcurrentExecutions).toBe(1);
    const { Variables } = Properties.Environment as { Variables: object };
    expect(Object.keys(Variables).sort()).toEqual(['NODE_OPTIONS', 'PROVIDER', 'RUN_REQUESTS_URL']);
  });

  test('has the origins and secrets that the settings name', () => {
    const { api } = synthesise({
      provider: 'stooq',
      providerVariables: { STOOQ_KEY_SECRET: 'boursomatic/stooq', STOOQ_ORIGIN: 'https://stooq.example.com' },
    });
    const { Variables } = resource(api, 'AWS::Lambda::Function', 'LookUpSymbolsFunction').Properties
      .Environment as { Variables: object };
    expect(Variables).toMatchObject({ PROVIDER: 'stooq', STOOQ_ORIGIN: 'https://stooq.example.com' });
    const policy = resource(api, 'AWS::IAM::Policy', 'LookUpSymbolsFunctionServiceRole');
    expect(JSON.stringify(policy)).toMatch(/GetSecretValue.*boursomatic\/stooq/);
  });

  test('may read only requests for lookups, and reply only to them', () => {
    expect(keysOf('LookUpSymbolsFunction')).toEqual({
      's3:PutObject': ['replies/lookups/*'],
      's3:GetObject': ['lookups/*', 'replies/lookups/*'],
    });
    const actions = statementsOf('LookUpSymbolsFunction').flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !/^(xray|sqs|s3):/.test(action))).toEqual([]);
  });

  test('is invoked for each lookup, whose keys no other rule selects', () => {
    api.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { object: { key: [{ prefix: 'lookups/' }] } } },
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LookUpSymbolsFunction'), 'Arn'] },
        }),
      ],
    });
    expect(lookupRequestKey('1')).toMatch(/^lookups\//);
    expect(lookupReplyKey('1')).toMatch(/^replies\/lookups\//);
  });
});

test('the account function knows who may add instruments, and whether e-mails are sent', () => {
  const settings = { following: 'admins', followingLimit: 7, alertsFrom: 'alerts@example.com' } as const;
  const { Variables } = resource(synthesise(settings).api, 'AWS::Lambda::Function', functionOf('account'))
    .Properties.Environment as { Variables: object };
  expect(Variables).toMatchObject({
    INSTRUMENT_ADDERS: 'admins',
    ADDED_INSTRUMENTS_LIMIT: '7',
    ALERTS_FROM: 'alerts@example.com',
  });
});

describe('the renewal of the signing keys', () => {
  const { Properties } = resource(api, 'AWS::Lambda::Function', 'RenewKeysFunction');

  test('runs outside the VPC, and knows only the secret', () => {
    expect(Properties).not.toHaveProperty('VpcConfig');
    const { Variables } = Properties.Environment as { Variables: object };
    expect(Object.keys(Variables).sort()).toEqual(['NODE_OPTIONS', 'SIGNING_KEYS_SECRET']);
  });

  test('may only read and write that secret', () => {
    const policy = resource(api, 'AWS::IAM::Policy', 'RenewKeysFunctionServiceRole').Properties;
    const { Statement } = policy.PolicyDocument as { Statement: { Action: string | string[] }[] };
    expect(Statement.filter(({ Action }) => !JSON.stringify(Action).includes('xray'))).toEqual([
      {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
        Resource: { 'Fn::ImportValue': expect.stringMatching(/:ExportsOutputRefSigningKeys/) },
      },
      {
        Effect: 'Allow',
        Action: expect.arrayContaining(DEAD_LETTER_ACTIONS),
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^DeadLetters/), 'Arn'] },
      },
    ]);
  });

  test('starts with the deployment and repeats daily', () => {
    const { Properties: schedule } = resource(api, 'AWS::Scheduler::Schedule', 'KeyRenewal');
    expect(schedule).toMatchObject({
      ScheduleExpression: 'rate(1 day)',
      State: 'ENABLED',
      Target: { Input: '{}', Arn: { 'Fn::GetAtt': [expect.stringMatching(/^RenewKeysFunction/), 'Arn'] } },
    });
    expect(schedule).not.toHaveProperty('StartDate');
  });
});
