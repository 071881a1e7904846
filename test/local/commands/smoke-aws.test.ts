import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { ENV } from '../../../functions/shared/constants.ts';
import { type SmokeOptions, smokeAws } from '../../../local/commands/smoke-aws-checks.ts';
import { NOW, seedModelAndRun, seedRecommendation } from '../../functions/api/recommendations/support.ts';
import { useApi } from '../../functions/api/use-api.ts';
import { useService } from '../../functions/api/use-service.ts';
import { useLoopbackServer } from '../../support/loopback-server.ts';
import { useMockClient } from '../../support/mock-client.ts';
import { refused, runCommand } from './command-support.ts';

/** The account is mocked; the API is the real one, over HTTP, with its database. */
const cloudFormation = useMockClient(CloudFormationClient);
const lambda = useMockClient(LambdaClient);
const steps = useMockClient(SFNClient);
const clients = {
  cloudFormation: new CloudFormationClient({ region: 'eu-west-1' }),
  lambda: new LambdaClient({ region: 'eu-west-1' }),
  steps: new SFNClient({ region: 'eu-west-1' }),
};

const db = useApi(() => ({ [ENV.clock]: NOW.toISOString() }));
const service = useService();
const gateway = useLoopbackServer();
const EXAMPLES = ['AAPL', 'JPM', 'MSFT', 'PG', 'XOM'];
const NEWEST = '2026-02-27';

beforeAll(async () => {
  await seedModelAndRun(db.sql);
  for (const symbol of [...EXAMPLES, 'BRK-B']) await seedRecommendation(db.sql, { symbol });
  await seedRecommendation(db.sql, { symbol: 'OLD', asOf: '2026-02-02' });
});

let said: string[];
let events: unknown[];
/** What the function of the operator lists. */
let listed: { symbol: string; lastDay: string | null }[];

beforeEach(() => {
  for (const client of [cloudFormation, lambda, steps]) client.reset();
  said = [];
  events = [];
  listed = ['AAPL', 'BRK-B', 'JPM', 'MSFT', 'PG', 'XOM'].map((symbol) => ({ symbol, lastDay: NEWEST }));
  cloudFormation.on(DescribeStacksCommand, { StackName: 'boursomatic-prod-web' }).resolves({
    Stacks: [
      {
        StackName: 'boursomatic-prod-web',
        StackStatus: 'CREATE_COMPLETE',
        CreationTime: new Date(0),
        Outputs: [{ OutputKey: 'PageUrl', OutputValue: service.url }],
      },
    ],
  });
  const resource = (stack: string, type: string, logical: string, physical: string) => {
    const page = (ResourceType: string, LogicalResourceId: string, PhysicalResourceId: string) => [
      {
        ResourceType,
        LogicalResourceId,
        PhysicalResourceId,
        LastUpdatedTimestamp: new Date(0),
        ResourceStatus: 'CREATE_COMPLETE' as const,
      },
    ];
    const StackName = `boursomatic-prod-${stack}`;
    cloudFormation
      .on(ListStackResourcesCommand, { StackName })
      .resolves({ StackResourceSummaries: page('AWS::SQS::Queue', 'Queue1A2B', 'queue'), NextToken: '2' })
      .on(ListStackResourcesCommand, { StackName, NextToken: '2' })
      .resolves({ StackResourceSummaries: page(type, logical, physical) });
  };
  resource('pipeline', 'AWS::StepFunctions::StateMachine', 'PipelineC660917D', 'arn:machine');
  resource('migration', 'AWS::Lambda::Function', 'OperateFunction1A2B', 'operate');
  resource('api', 'AWS::Lambda::Function', 'RenewKeysFunction1A2B', 'renew');
  lambda.on(InvokeCommand).callsFake(({ Payload }: { Payload: string }) => {
    const event = JSON.parse(Payload);
    events.push(event);
    return { Payload: payloadOf(event.do === 'list-instruments' ? listed : {}) };
  });
  steps.on(StartExecutionCommand).resolves({ executionArn: 'arn:execution', startDate: new Date(0) });
  steps.on(DescribeExecutionCommand).resolvesOnce({ status: 'RUNNING' }).resolves({ status: 'SUCCEEDED' });
});

const payloadOf = (value: unknown) => ({ transformToString: () => JSON.stringify(value) }) as never;

const smoke = (options: Partial<SmokeOptions> = {}) =>
  smokeAws(clients, {
    stage: 'prod',
    pollMs: 1,
    timeoutMs: 60_000,
    say: (line) => said.push(line),
    ...options,
  });

const startedWith = () => JSON.parse(steps.commandCalls(StartExecutionCommand)[0]?.args[0].input.input ?? '');

const users = () => db.sql`SELECT email, is_deleted FROM users WHERE email LIKE 'smoke-%' AND NOT is_deleted`;

test('runs five instruments as of their newest day, and returns the calls of the API', async () => {
  const calls = await smoke();
  expect(startedWith()).toEqual({ symbols: ['AAPL', 'BRK-B', 'JPM', 'MSFT', 'PG'], to: NEWEST });
  expect(calls).toHaveLength(5);
  expect(calls[1]).toEqual({ symbol: 'BRK-B', label: 'BUY', asOf: NEWEST });
  expect(events).toEqual([{ do: 'list-instruments' }, {}]);
});

test('deletes the user that it registered', async () => {
  await smoke();
  expect(await users()).toEqual([]);
  const [row] =
    await db.sql`SELECT count(*)::int AS deleted FROM users WHERE email LIKE 'smoke-%' AND is_deleted`;
  expect(row?.deleted).toBeGreaterThan(0);
});

test('adds examples to a stage that lacks instruments, and deactivates them afterwards', async () => {
  listed = [{ symbol: 'BRK-B', lastDay: null }];
  const calls = await smoke();
  expect(calls.map(({ symbol }) => symbol)).toEqual(['BRK-B', 'AAPL', 'JPM', 'MSFT', 'PG']);
  expect(startedWith()).toEqual({ symbols: ['BRK-B', 'AAPL', 'JPM', 'MSFT', 'PG'] });
  expect(events).toEqual([
    { do: 'list-instruments' },
    { do: 'add-instruments', instruments: ['AAPL', 'JPM', 'MSFT', 'PG'].map((symbol) => ({ symbol })) },
    {},
    { do: 'deactivate-instruments', symbols: ['AAPL', 'JPM', 'MSFT', 'PG'] },
  ]);
});

test('reports the error of a failed run, and still deactivates the examples', async () => {
  listed = [];
  steps
    .on(DescribeExecutionCommand)
    .resolves({ status: 'FAILED', error: 'SystematicFaultError', cause: 'All 5 instruments failed.' });
  await expect(smoke()).rejects.toThrow('ended as FAILED: SystematicFaultError All 5 instruments failed.');
  expect(events.at(-1)).toEqual({ do: 'deactivate-instruments', symbols: EXAMPLES });
  expect(await users()).toEqual([]);
});

test('gives up on a run that takes too long', async () => {
  steps.on(DescribeExecutionCommand).resolves({ status: 'RUNNING' });
  await expect(smoke({ timeoutMs: 5 })).rejects.toThrow('still runs after');
});

test('fails for an instrument without a call, and deletes the user', async () => {
  listed = ['AAPL', 'JPM', 'MSFT', 'PG', 'NONE'].map((symbol) => ({ symbol, lastDay: NEWEST }));
  await db.sql`INSERT INTO instruments (symbol, exchange) VALUES ('NONE', 'NYSE') ON CONFLICT DO NOTHING`;
  await expect(smoke()).rejects.toThrow('the API has no call for NONE after the run');
  expect(await users()).toEqual([]);
});

test('fails for a call that is older than the run, and for one that is withheld', async () => {
  listed = ['OLD', 'JPM', 'MSFT', 'PG', 'AAPL'].map((symbol) => ({ symbol, lastDay: NEWEST }));
  await expect(smoke()).rejects.toThrow(
    'newest call for OLD is of 2026-02-02, and the run was as of 2026-02-27',
  );
  listed = listed.map((one) => ({ ...one, lastDay: '2026-02-02' }));
  await expect(smoke()).rejects.toThrow('newest call for OLD, of 2026-02-02, is withheld');
});

test('waits for a function that Lambda suspended, and for nothing else', async () => {
  const refusal = (name: string) => Object.assign(new Error('not now'), { name });
  lambda
    .on(InvokeCommand, { FunctionName: 'renew' })
    .rejectsOnce(refusal('ResourceNotReadyException'))
    .rejectsOnce(refusal('ResourceConflictException'))
    .resolves({ Payload: payloadOf({}) });
  expect(await smoke()).toHaveLength(5);
  expect(said).toContain('renew cannot run yet (ResourceNotReadyException): waiting');
  lambda.on(InvokeCommand, { FunctionName: 'renew' }).rejects(refusal('AccessDeniedException'));
  await expect(smoke()).rejects.toThrow('not now');
});

test('reports a function that fails', async () => {
  lambda
    .on(InvokeCommand)
    .resolves({ FunctionError: 'Unhandled', Payload: payloadOf({ errorMessage: 'no database' }) });
  await expect(smoke()).rejects.toThrow('operate failed: {"errorMessage":"no database"}');
});

test('says that a stage is not deployed', async () => {
  cloudFormation
    .on(DescribeStacksCommand)
    .rejects(new Error('Stack with id boursomatic-prod-web does not exist'));
  await expect(smoke()).rejects.toThrow('the stage prod is not deployed: Stack with id boursomatic-prod-web');
});

test.each([
  'The security token included in the request is expired',
  'getaddrinfo ENOTFOUND cloudformation.eu-west-1.amazonaws.com',
])('does not take a refusal for a missing stage: %s', async (reason) => {
  cloudFormation.on(DescribeStacksCommand).rejects(new Error(reason));
  await expect(smoke()).rejects.toThrow(`the stack boursomatic-prod-web cannot be read: ${reason}`);
});

test.each(['/base', '/base/'])('keeps the path %s of the address', async (base) => {
  const asked: (string | undefined)[] = [];
  gateway.answer = (request, response) => {
    asked.push(request.url);
    response.writeHead(404).end('no such stage');
  };
  await expect(smoke({ url: `${gateway.origin}${base}` })).rejects.toThrow('answered 404: no such stage');
  expect(asked).toEqual(['/base/v1/auth/register']);
});

test('says that the API cannot be reached', async () => {
  await expect(smoke({ url: 'http://127.0.0.1:9' })).rejects.toThrow('http://127.0.0.1:9 cannot be reached');
});

test.each([
  [[], 'name the stage: --stage dev, staging or prod'],
  [['--stage', 'live'], '--stage "live" is not a stage: use dev, staging or prod'],
  [['--stage', 'dev', '--timeout', '0'], '--timeout "0" is not a number of minutes'],
  [
    ['--stage', 'dev', '--url', 'bourse'],
    '--url "bourse" is not an address such as https://bourse.example.com',
  ],
])('rejects the options %j with one line', async (args, message) => {
  expect(await runCommand('smoke-aws.ts', args)).toEqual(refused(message));
});

test('says that no region is set', async () => {
  const env = { AWS_REGION: '', AWS_DEFAULT_REGION: '', AWS_CONFIG_FILE: '/nowhere' };
  const { code, error } = await runCommand('smoke-aws.ts', ['--stage', 'dev'], { env });
  expect({ code, error }).toEqual({
    code: 1,
    error: 'boursomatic: no region is set: set AWS_REGION, or choose a profile with AWS_PROFILE\n',
  });
});
