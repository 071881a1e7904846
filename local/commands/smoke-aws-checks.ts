import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { LAMBDA_NOT_READY } from '../../functions/shared/constants.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';

/** Instruments of one run. */
const INSTRUMENTS = 5;

/** Instruments that a stage without its own gets during the smoke test. */
const EXAMPLES = ['AAPL', 'JPM', 'MSFT', 'PG', 'XOM'];

/** Attempts of a request while a new deployment's address or function is not ready. */
const ATTEMPTS = 10;

/** Attempts of a call while its function is not ready: a new interface in the VPC takes a minute or two. */
const INVOCATIONS = 100;

const Instruments = z.array(z.object({ symbol: z.string(), lastDay: z.string().nullable() }));
const Session = z.object({ accessToken: z.string() });
const Consent = z.object({ version: z.string() });
const History = z.object({
  items: z.array(z.object({ label: z.string(), asOf: z.string(), standing: z.string() })),
});

/** AWS's clients of the region of the stage. */
export interface SmokeClients {
  readonly cloudFormation: CloudFormationClient;
  readonly lambda: LambdaClient;
  readonly steps: SFNClient;
}

/** What to test, and how to wait. */
export interface SmokeOptions {
  readonly stage: string;
  /** The address of the API; by default the one of the page. */
  readonly url?: string;
  readonly pollMs: number;
  readonly timeoutMs: number;
  /** Receives one line per step. */
  readonly say: (line: string) => void;
}

/** A call that the API returned. */
export interface SmokeCall {
  readonly symbol: string;
  readonly label: string;
  readonly asOf: string;
}

/**
 * Runs the pipeline for five instruments in the account, and reads their calls as a user would: it registers a user,
 * accepts the risk notice, and deletes the account afterwards. A stage with fewer instruments gets examples meanwhile.
 *
 * @throws BoursomaticError naming the step that failed
 */
export async function smokeAws(clients: SmokeClients, options: SmokeOptions): Promise<SmokeCall[]> {
  const { say } = options;
  const stage = await locate(clients, options.stage);
  const url = options.url ?? stage.pageUrl;
  const listed = Instruments.parse(await invoke(clients, stage.operate, { do: 'list-instruments' }, options));
  const { symbols, added, day } = chooseInstruments(listed);
  if (added.length > 0) {
    say(`Adding ${added.join(', ')} until the end of the test`);
    const instruments = added.map((symbol) => ({ symbol }));
    await invoke(clients, stage.operate, { do: 'add-instruments', instruments }, options);
  }
  try {
    // A run as of the last stored day compares the five with all others of that day, and changes no newer call.
    await runPipeline(clients, stage.pipeline, { symbols, ...(day !== undefined && { to: day }) }, options);
    // Logins need the signing keys, which a schedule creates just after the first deployment.
    await invoke(clients, stage.renewKeys, {}, options);
    say(`Reading the calls from ${url}`);
    return await readCalls(new Api(url, options.pollMs), { symbols, day, say });
  } finally {
    if (added.length > 0) {
      await cleanUp(say, `deactivate ${added.join(', ')}`, () =>
        invoke(clients, stage.operate, { do: 'deactivate-instruments', symbols: added }, options),
      );
    }
  }
}

/** Five instruments with bars of the same, newest day; or those of the stage and some examples. */
function chooseInstruments(listed: z.output<typeof Instruments>): {
  symbols: string[];
  added: string[];
  day?: string;
} {
  const days = listed.flatMap(({ lastDay }) => (lastDay === null ? [] : [lastDay]));
  const day = days.sort().at(-1);
  const fresh = listed.filter(({ lastDay }) => lastDay === day).slice(0, INSTRUMENTS);
  if (day !== undefined && fresh.length === INSTRUMENTS)
    return { symbols: fresh.map(({ symbol }) => symbol), added: [], day };
  const own = listed.slice(0, INSTRUMENTS).map(({ symbol }) => symbol);
  const known = new Set(listed.map(({ symbol }) => symbol));
  const added = EXAMPLES.filter((symbol) => !known.has(symbol)).slice(0, INSTRUMENTS - own.length);
  return { symbols: [...own, ...added], added };
}

interface Located {
  readonly pipeline: string;
  readonly operate: string;
  readonly renewKeys: string;
  readonly pageUrl: string;
}

/** Finds the parts of a deployed stage. */
async function locate({ cloudFormation }: SmokeClients, stage: string): Promise<Located> {
  const resource = async (part: string, type: string, prefix: string) => {
    const name = `boursomatic-${stage}-${part}`;
    try {
      // The API's stack has more resources than DescribeStackResources returns.
      for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName: name })) {
        const found = page.StackResourceSummaries?.find(
          ({ ResourceType, LogicalResourceId }) =>
            ResourceType === type && LogicalResourceId?.startsWith(prefix),
        );
        if (found?.PhysicalResourceId) return found.PhysicalResourceId;
      }
    } catch (cause) {
      throw new BoursomaticError('smoke', `the stack ${name} cannot be read: ${reasonOf(cause)}`, { cause });
    }
    throw new BoursomaticError('smoke', `the stack ${name} has no ${prefix}: deploy this version first`);
  };
  const { Stacks: [web] = [] } = await cloudFormation
    .send(new DescribeStacksCommand({ StackName: `boursomatic-${stage}-web` }))
    .catch((cause: unknown) => {
      const reason = reasonOf(cause);
      const what = reason.includes('does not exist')
        ? `the stage ${stage} is not deployed`
        : `the stack boursomatic-${stage}-web cannot be read`;
      throw new BoursomaticError('smoke', `${what}: ${reason}`, { cause });
    });
  const pageUrl = web?.Outputs?.find(({ OutputKey }) => OutputKey === 'PageUrl')?.OutputValue;
  return {
    pipeline: await resource('pipeline', 'AWS::StepFunctions::StateMachine', 'Pipeline'),
    operate: await resource('migration', 'AWS::Lambda::Function', 'OperateFunction'),
    renewKeys: await resource('api', 'AWS::Lambda::Function', 'RenewKeysFunction'),
    pageUrl: defined(pageUrl, 'output PageUrl of the web stack'),
  };
}

/** Invokes a function, and again while it cannot run: Lambda suspends functions that nobody calls for weeks. */
async function invoke(
  { lambda }: SmokeClients,
  name: string,
  event: object,
  { pollMs, say }: Pick<SmokeOptions, 'pollMs' | 'say'>,
): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) });
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await lambda.send(command);
      const text = defined(answer.Payload, `result of ${name}`).transformToString();
      if (answer.FunctionError) throw new BoursomaticError('smoke', `${name} failed: ${text}`);
      return JSON.parse(text);
    } catch (error) {
      if (attempt === INVOCATIONS || !(error instanceof Error) || !LAMBDA_NOT_READY.includes(error.name))
        throw error;
      if (attempt === 1) say(`${name} cannot run yet (${error.name}): waiting`);
      await sleep(pollMs);
    }
  }
}

async function runPipeline(
  { steps }: SmokeClients,
  machine: string,
  input: object,
  { pollMs, timeoutMs, say }: SmokeOptions,
): Promise<void> {
  const name = `smoke-${randomUUID()}`;
  const { executionArn } = await steps.send(
    new StartExecutionCommand({ stateMachineArn: machine, name, input: JSON.stringify(input) }),
  );
  say(`Started the execution ${name} with ${JSON.stringify(input)}`);
  const end = Date.now() + timeoutMs;
  for (;;) {
    const { status, error, cause } = await steps.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return;
    if (status !== 'RUNNING')
      throw new BoursomaticError(
        'smoke',
        `the execution ${name} ended as ${status}: ${error ?? ''} ${cause ?? ''}`,
      );
    if (Date.now() > end)
      throw new BoursomaticError(
        'smoke',
        `the execution ${name} still runs after ${Math.round(timeoutMs / 60_000)} minutes: look at it in Step Functions`,
      );
    await sleep(pollMs);
  }
}

/** Reads the current call of each instrument as a user who exists only meanwhile. */
async function readCalls(
  api: Api,
  { symbols, day, say }: { symbols: string[]; day: string | undefined; say: SmokeOptions['say'] },
): Promise<SmokeCall[]> {
  const login = {
    email: `smoke-${randomUUID()}@example.com`,
    password: randomBytes(24).toString('base64url'),
  };
  await api.request('POST', '/v1/auth/register', { body: login });
  const { accessToken: token } = Session.parse(await api.request('POST', '/v1/auth/login', { body: login }));
  try {
    const { version } = Consent.parse(await api.request('GET', '/v1/consent'));
    await api.request('POST', '/v1/me/consent', { token, body: { version } });
    const calls: SmokeCall[] = [];
    for (const symbol of symbols) {
      const path = `/v1/instruments/${encodeURIComponent(symbol)}/recommendations?profile=moderate&limit=1`;
      const { items } = History.parse(await api.request('GET', path, { token }));
      const [call] = items;
      if (!call) throw new BoursomaticError('smoke', `the API has no call for ${symbol} after the run`);
      if (day !== undefined && call.asOf < day)
        throw new BoursomaticError(
          'smoke',
          `the newest call for ${symbol} is of ${call.asOf}, and the run was as of ${day}`,
        );
      if (call.standing !== 'current')
        throw new BoursomaticError(
          'smoke',
          `the newest call for ${symbol}, of ${call.asOf}, is ${call.standing}`,
        );
      calls.push({ symbol, label: call.label, asOf: call.asOf });
    }
    return calls;
  } finally {
    await cleanUp(say, `delete the user ${login.email}`, () => api.request('DELETE', '/v1/me', { token }));
  }
}

/** Undoes a step. A failure is only reported, so that it does not hide the failure of a step. */
async function cleanUp(say: SmokeOptions['say'], what: string, work: () => Promise<unknown>): Promise<void> {
  await work().then(
    () => say(`Clean-up done: ${what}`),
    (cause: unknown) => say(`Could not ${what}: ${reasonOf(cause)}`),
  );
}

/** The API of the stage, over HTTP. */
class Api {
  readonly #url: string;
  readonly #pauseMs: number;

  /** @param url - may have a path, as behind a gateway's base path */
  constructor(url: string, pauseMs: number) {
    this.#url = url.replace(/\/$/, '');
    this.#pauseMs = pauseMs;
  }

  /** Sends a request, and again while the service is not ready. @returns the body; undefined if there is none */
  async request(
    method: string,
    path: string,
    { token, body }: { token?: string; body?: object } = {},
  ): Promise<unknown> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await fetch(`${this.#url}${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(30_000),
        ...(body && { body: JSON.stringify(body) }),
      }).catch((cause: unknown) => ({ cause }));
      if ('cause' in outcome) {
        if (attempt === ATTEMPTS)
          throw new BoursomaticError(
            'smoke',
            `${this.#url} cannot be reached: ${reasonOf(outcome.cause)}`,
            outcome,
          );
      } else {
        const text = await outcome.text();
        if (outcome.ok) return text === '' ? undefined : JSON.parse(text);
        const isReady = outcome.status !== 429 && outcome.status < 500;
        if (isReady || attempt === ATTEMPTS)
          throw new BoursomaticError('smoke', `${method} ${path} answered ${outcome.status}: ${text}`);
      }
      await sleep(this.#pauseMs);
    }
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
