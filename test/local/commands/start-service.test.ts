import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { CONSENT_VERSION } from '../../../functions/api/account/consent-version.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { toDay } from '../../../functions/shared/days.ts';
import { REAL_DATABASE } from '../../../local/installation/chosen-data.ts';
import { freePort } from '../../../local/installation/postgres-server.ts';
import { type MarketServer, startMarket } from '../../market/server.ts';
import { syntheticMarket } from '../../market/synthetic.ts';
import { NYSE } from '../../market/trading-hours.ts';
import { inDatabase } from '../../support/installation.ts';
import { lastLine } from './command-support.ts';
import { ANNOUNCED_START, dataDir, ended, launch, start } from './start-support.ts';

const DAY_MS = 86_400_000;
/** As many stocks as are needed to compare each with the others. */
const STOCKS = 52;

let server: MarketServer;
let environment: Record<string, string>;
let symbols: string[];
let stranger: string;
beforeAll(async () => {
  const endDay = toDay(new Date(Date.now() - DAY_MS));
  // The last one is in no list until a user follows it.
  const options = { instruments: STOCKS + 1, days: 300, endDay, exchanges: [NYSE], actions: false } as const;
  const market = syntheticMarket(options);
  market.setClock();
  server = await startMarket({ market });
  environment = { YAHOO_ORIGIN: server.origin };
  symbols = market.symbols().slice(0, STOCKS);
  stranger = market.symbols()[STOCKS] ?? '';
});
afterAll(() => server.close());

/** Starts a service that is killed after the test, and waits for what it prints. */
function serve(args: string[] = [], program?: string) {
  const child = launch(['--port', '0', ...args], environment, program);
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      said += chunk;
    });
  }
  const end = ended(child);
  const until = async (pattern: RegExp, ms = 60_000): Promise<string> => {
    for (const limit = Date.now() + ms; Date.now() < limit && child.exitCode === null; await wait(20)) {
      const found = pattern.exec(said);
      if (found) return found[1] ?? found[0];
    }
    throw new Error(`not printed: ${pattern}\n${said}`);
  };
  const url = () => until(/API: (http:\/\/127\.0\.0\.1:\d+)/);
  const stop = async () => {
    child.kill('SIGTERM');
    return (await end).code;
  };
  return { child, end, until, url, stop, said: () => said };
}

async function health(url: string) {
  const response = await fetch(`${url}/v1/health`);
  return { status: response.status, body: (await response.json()) as HealthAnswer };
}

interface HealthAnswer {
  asOf: string | null;
  lastRun: { id: string; status: string } | null;
  updates: { failingSince: string | null; reason: string | null; nextAt: string | null } | null;
}

/** Works on the database as its owner, next to a service or without one. */
function inReal<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
  return inDatabase({ dataDir, database: REAL_DATABASE }, 'migrator', work);
}

/** Makes every run one of some instruments, so that the next start has missed the daily one. */
const missRun = () =>
  inReal((sql) => sql`UPDATE pipeline_runs SET input = input || '{"symbols": ["US001"]}'`);

const readRuns = () =>
  inReal(
    (sql) => sql<{ id: string; status: string }[]>`SELECT id, status FROM pipeline_runs ORDER BY started_at`,
  );

test('answers every request while its first run is going on, and later starts repeat its options', async () => {
  const options = ['--provider', 'yahoo', '--reference', 'none', '--benchmark', 'none', '--intraday', 'off'];
  const service = serve([...options, '--symbols', symbols.join()]);
  const url = await service.url();
  const statuses: number[] = [];
  while (!/^Next run: /m.test(service.said())) {
    statuses.push((await fetch(`${url}/v1/health`)).status);
    statuses.push((await fetch(`${url}/v1/models`)).status === 401 ? 200 : 0);
    await wait(50);
  }
  expect(statuses.length).toBeGreaterThan(10);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(service.said()).toContain(`${STOCKS} instruments`);
  const { updates } = (await health(url)).body;
  expect(updates).toEqual({ failingSince: null, reason: null, nextAt: expect.any(String) });
  expect(Date.parse(updates?.nextAt ?? '')).toBeGreaterThan(Date.now());
  expect(JSON.parse(await readFile(join(dataDir, 'installation.json'), 'utf8'))).toMatchObject({
    data: 'real',
    start: { provider: 'yahoo', reference: 'none', benchmark: 'none', intraday: 'off' },
  });
  expect(await service.stop()).toBe(0);
  expect(await readRuns()).toHaveLength(1);
});

test('serves the page at once and the API once the database is up, and makes no run if none is due', async () => {
  const port = await freePort();
  const service = serve(['--port', String(port)]);
  const origin = `http://127.0.0.1:${port}`;
  const answers: { page: number; api: number; retryAfter: string | null }[] = [];
  for (const limit = Date.now() + 60_000; answers.at(-1)?.api !== 200 && Date.now() < limit; ) {
    const [page, api] = await Promise.all([fetch(origin), fetch(`${origin}/v1/health`)]).catch(() => []);
    if (page && api)
      answers.push({ page: page.status, api: api.status, retryAfter: api.headers.get('retry-after') });
    else await wait(5);
  }
  const early = answers.slice(0, -1);
  expect(early.length).toBeGreaterThan(0);
  expect(new Set(early.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify({ page: 200, api: 503, retryAfter: '5' })]),
  );
  expect(answers.at(-1)).toMatchObject({ page: 200, api: 200 });
  await service.until(/^Next run: /m);
  expect(await service.stop()).toBe(0);
  expect(await readRuns()).toHaveLength(1);
});

test('makes the run of another command, which shows its progress and ends with its exit code', async () => {
  const service = serve();
  await service.until(/^Next run: /m);
  const run = await start(['--once', '--json'], environment);
  expect(run.code, run.stderr).toBe(0);
  expect(run.stderr).toContain(
    `The service that runs on this data folder (process ${service.child.pid}) makes the run.`,
  );
  expect(run.stderr).toMatch(/^Run local-\S+ finished in /m);
  expect(lastLine(run.stdout)).toMatchObject({ status: 'succeeded', counts: { instruments: STOCKS } });
  expect(run.stdout).toContain('Recommendations as of ');
  expect((await start(['--once', '--replay', 'none'], environment)).code).toBe(2);
  const other = await start(['--once', '--sample'], environment);
  expect(other.code).toBe(1);
  expect(other.stderr).toContain('works on the database boursomatic, not on boursomatic_sample');
  expect(await service.stop()).toBe(0);
});

test('serves the last calls while the vendor is down, says so, and recovers when it is back', {
  timeout: 300_000,
}, async () => {
  await missRun();
  server.faults.add({ fault: { kind: 'server_error', status: 503 }, times: Number.POSITIVE_INFINITY });
  const service = serve();
  const url = await service.url();
  expect((await health(url)).status).toBe(200);
  await service.until(/^The run failed: The provider refused 52 of 52 instruments\. .*$/m, 120_000);
  await service.until(/^Next run: .*attempt 2/m);
  const failing = (await health(url)).body;
  expect(failing.asOf).not.toBeNull();
  expect(failing.updates).toEqual({
    failingSince: expect.any(String),
    reason: 'The provider refused 52 of 52 instruments.',
    nextAt: expect.any(String),
  });
  server.faults.clear();
  await service.until(/^Run \S+ finished in /m, 120_000);
  for (let i = 0; i < 50 && (await health(url)).body.updates?.failingSince; i++) await wait(100);
  expect((await health(url)).body.updates).toMatchObject({ failingSince: null, reason: null });
  expect(await service.stop()).toBe(0);
});

test('makes the run that a kill broke off', async () => {
  await missRun();
  const before = (await readRuns()).length;
  const killed = serve([], ANNOUNCED_START);
  await killed.until(/Fetch 1\//);
  killed.child.kill('SIGKILL');
  await killed.end;
  const service = serve();
  await service.until(/^Run \S+ finished in /m);
  await service.until(/^Next run: /m);
  expect((await readRuns()).slice(before).map(({ status }) => status)).toEqual(['failed', 'succeeded']);
  expect(await service.stop()).toBe(0);
});

test('adds a stock that a user follows, and the next run loads its history and makes its first call', async () => {
  const service = serve(['--most-added', '1']);
  const url = await service.url();
  await service.until(/^Next run: /m);
  const send = async (method: string, path: string, body?: object, token = '') => {
    const headers = {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(`${url}/v1${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      body: (await response.json()) as { accessToken?: string; items?: unknown[] },
    };
  };
  const login = { email: 'ada@example.com', password: 'correct horse battery staple' };
  await send('POST', '/auth/register', login);
  const { accessToken } = (await send('POST', '/auth/login', login)).body;
  await send('POST', '/me/consent', { version: CONSENT_VERSION }, accessToken);
  const path = `/me/watchlist/${stranger}`;
  const { updates } = (await health(url)).body;
  expect(await send('PUT', path, {}, accessToken)).toMatchObject({
    status: 200,
    body: { symbol: stranger, exchange: 'NYSE', state: 'pending', firstCallDue: updates?.nextAt, call: null },
  });
  expect((await send('PUT', '/me/watchlist/NONE', {}, accessToken)).status).toBe(404);
  const run = await start(['--once', '--json'], environment);
  expect(run.code, run.stderr).toBe(0);
  expect((await send('GET', '/me/watchlist', undefined, accessToken)).body.items).toMatchObject([
    { symbol: stranger, state: 'current', call: { label: expect.stringMatching(/^(BUY|HOLD|SELL)$/) } },
  ]);
  const bars = await inReal(
    (sql) =>
      sql`SELECT FROM price_bars b JOIN instruments i ON i.id = b.instrument_id WHERE i.symbol = ${stranger}`,
  );
  expect(bars.length).toBeGreaterThan(290);
  expect(await service.stop()).toBe(0);
});
