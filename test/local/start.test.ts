import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../functions/shared/database.ts';
import { databaseUrl, openInstallation } from '../../local/installation.ts';
import { PostgresCluster } from '../../local/postgres-server.ts';
import { databaseOfFile } from '../../local/source.ts';

const START = fileURLToPath(new URL('../../local/start.ts', import.meta.url));

/** Tables whose rows a second run must leave alone; the ledger's rows are the runs themselves. */
const TABLES = [
  'instruments',
  'price_bars',
  'features',
  'feature_backlog',
  'model_versions',
  'recommendations',
];

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-start-'));
});
afterAll(async () => {
  await new PostgresCluster(join(dataDir, 'postgres'), '').remove();
  await rm(dataDir, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function launch(args: string[], environment: Record<string, string> = {}): ChildProcess {
  const env = { ...process.env, LOG_LEVEL: 'warn', ...environment };
  return spawn(process.execPath, [START, '--data-dir', dataDir, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function ended(child: ChildProcess): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    texts.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    texts.stderr += chunk;
  });
  return new Promise((done) => child.once('close', (code) => done({ code, ...texts })));
}

const start = (args: string[], environment?: Record<string, string>) => ended(launch(args, environment));

function lastLine(text: string) {
  return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
}

/** A checksum of every row of every table, whatever its partition. */
async function checksums(database: string): Promise<Record<string, string>> {
  const installation = await openInstallation({ dataDir, database });
  const sql = connect(installation.login('boursomatic_migrator'));
  try {
    const sums: Record<string, string> = {};
    for (const table of TABLES) {
      const [row] = await sql<{ sum: string }[]>`
        SELECT count(*) || ' ' || md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) AS sum
        FROM ${sql(table)} t`;
      sums[table] = row?.sum ?? '';
    }
    return sums;
  } finally {
    await sql.end();
    await installation.close();
  }
}

test('the sample goes from bars to recommendations, and again without changing a row', async () => {
  const first = await start(['--once', '--json']);
  expect(first.stderr).not.toContain('Error');
  expect(first.code).toBe(0);
  expect(first.stdout).toContain("Sample data: real bars of 5 stocks, as of 2013-03-01. Not today's market.");
  expect(first.stdout).toMatch(/FB: insufficient_history \(196 bars, 253 needed\)/);
  for (const symbol of ['AAPL', 'GOOG', 'IBM', 'MSFT']) expect(first.stdout).toContain(symbol);
  const report = lastLine(first.stdout);
  expect(report).toMatchObject({
    asOf: '2013-03-01',
    counts: { instruments: 5, bars: 8256, features: 8256, recommendations: 12, failures: 1 },
    written: { bars: 8256, features: 8256, recommendations: 12 },
    modelVersion: expect.stringMatching(/^v\d/),
  });
  expect(Object.keys(report.seconds)).toEqual(
    expect.arrayContaining(['plan', 'fetch', 'load', 'features', 'infer', 'publish', 'score', 'total']),
  );

  const before = await checksums('boursomatic_sample');
  const second = await start(['--once', '--json']);
  expect(lastLine(second.stdout)).toMatchObject({
    counts: report.counts,
    written: { bars: 0, features: 0, recommendations: 0 },
  });
  expect(await checksums('boursomatic_sample')).toEqual(before);
  expect(before.recommendations).toMatch(/^12 /);
});

test('an earlier as-of reads nothing later and takes no newer call away', async () => {
  const before = await checksums('boursomatic_sample');
  const earlier = await start(['--once', '--json', '--as-of', '2012-06-29', '--symbols', 'ibm,msft']);
  expect(lastLine(earlier.stdout)).toMatchObject({
    asOf: '2012-06-29',
    written: { bars: 0, recommendations: 6 },
  });
  const after = await checksums('boursomatic_sample');
  expect(after.price_bars).toBe(before.price_bars);
  expect(after.features).toBe(before.features);
  const latest = await start(['--once', '--json']);
  expect(lastLine(latest.stdout).written.recommendations).toBe(0);
});

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const sent = { 'content-type': 'application/json', ...headers };
  return fetch(url, { method: 'POST', body: JSON.stringify(body), headers: sent });
}

/** Registers and logs in, as anyone would. */
async function accessToken(url: string): Promise<string> {
  const credentials = { email: 'ada@example.com', password: 'correct horse battery' };
  expect((await post(`${url}/v1/auth/register`, credentials)).status).toBe(202);
  const session = await (await post(`${url}/v1/auth/login`, credentials)).json();
  return (session as { accessToken: string }).accessToken;
}

test('serves what it printed until it is told to stop, and stops everything', async () => {
  const child = launch(['--port', '0']);
  const end = ended(child);
  const url = await new Promise<string>((found, fail) => {
    let text = '';
    child.stderr?.on('data', (chunk) => {
      text += chunk;
      const match = /API: (http:\/\/127\.0\.0\.1:\d+)/.exec(text);
      if (match?.[1]) found(match[1]);
    });
    child.once('exit', () => fail(new Error(`ended early: ${text}`)));
  });
  const recommendations = (init?: RequestInit) =>
    fetch(`${url}/v1/recommendations?profile=moderate&limit=100`, init);
  expect((await recommendations()).status).toBe(401);
  const headers = { authorization: `Bearer ${await accessToken(url)}` };
  const refused = await recommendations({ headers });
  expect(refused.status).toBe(403);
  const { consentVersion } = (await refused.json()) as { consentVersion: string };
  expect((await post(`${url}/v1/me/consent`, { version: consentVersion }, headers)).status).toBe(200);
  const answer = await recommendations({ headers });
  expect(answer.status).toBe(200);
  const body = (await answer.json()) as { items: unknown[] };
  expect(body).toMatchObject({ asOf: '2013-03-01', notice: expect.stringContaining('Sample data') });
  expect(body.items).toHaveLength(4);
  expect(await (await fetch(`${url}/v1/health`)).json()).toMatchObject({ status: 'ok' });
  child.kill('SIGINT');
  expect((await end).code).toBe(0);
  await expect(fetch(`${url}/v1/health`)).rejects.toThrow();
  expect(await readdir(dataDir)).not.toContain('owner.pid');
});

describe('bars from a file', () => {
  const HEADER = 'symbol,date,open,high,low,close,volume';
  /** A price path of trading days, made by a fixed recurrence. */
  function rows(symbol: string, days: number): string[] {
    const lines: string[] = [];
    let close = 50;
    for (let day = 0, date = Date.UTC(2010, 0, 4); day < days; date += 86_400_000) {
      if ([0, 6].includes(new Date(date).getUTCDay())) continue;
      const open = close;
      close *= 1 + Math.sin(day * 1.7 + symbol.length) / 60;
      const [low, high] = [Math.min(open, close) * 0.99, Math.max(open, close) * 1.01];
      const prices = [open, high, low, close].map((price) => price.toFixed(4));
      lines.push(
        `${symbol},${new Date(date).toISOString().slice(0, 10)},${prices.join(',')},${100_000 + (day % 7) * 1000}`,
      );
      day++;
    }
    return lines;
  }

  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'boursomatic-bars-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function barsFile(name: string, lines: string[]): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, name.endsWith('.gz') ? gzipSync(lines.join('\n')) : `${lines.join('\n')}\n`);
    return path;
  }

  const csv = (path: string) => ['--once', '--json', '--provider', 'csv', '--bars', path];

  test('a bad row fails its instrument, named with file and line, and the others go on', async () => {
    const bad = rows('BADD', 300);
    bad[100] = bad[100]?.replace(/^(BADD,[\d-]+),[^,]+/, '$1,ten') ?? '';
    const path = await barsFile('one-bad.csv.gz', [
      HEADER,
      ...rows('AAA', 300),
      ...bad,
      ...rows('CCCCC', 300),
    ]);
    const run = await start(csv(path));
    expect(run.code).toBe(0);
    expect(run.stdout).toContain(`BADD: bad_row (${path}:402: BADD`);
    const { counts } = lastLine(run.stdout);
    expect(counts).toMatchObject({ instruments: 3, recommendations: 6, failures: 1 });
    const before = await checksums(await databaseOfFile(path));
    expect(lastLine((await start(csv(path))).stdout)).toMatchObject({
      counts,
      written: { bars: 0, features: 0 },
    });
    expect(await checksums(await databaseOfFile(path))).toEqual(before);
  });

  test.each([
    ['missing.csv', undefined, /missing\.csv: .*not|no such/i],
    ['empty.csv', [], /empty\.csv/],
    [
      'header.csv',
      ['date,symbol,open,high,low,close,volume'],
      /header\.csv:1: .*symbol,date,open,high,low,close,volume/,
    ],
    ['text.csv', [HEADER, 'AAA,2010-01-04,ten,12,9,11,100'], /text\.csv:2: AAA 2010-01-04: .*open/],
    [
      'order.csv',
      [HEADER, 'AAA,2010-01-04,10,8,9,11,100'],
      /order\.csv:2: AAA 2010-01-04: high 8 below low 9/,
    ],
    [
      'twice.csv',
      [HEADER, 'AAA,2010-01-04,10,12,9,11,100', 'AAA,2010-01-04,10,12,9,11,100'],
      /twice\.csv:3: AAA/,
    ],
    [
      'unsorted.csv',
      [HEADER, 'AAA,2010-01-05,10,12,9,11,100', 'AAA,2010-01-04,10,12,9,11,100'],
      /unsorted\.csv:3: AAA/,
    ],
  ])('%s ends with one line that names it, exit 2, and nothing written', async (name, lines, message) => {
    const path = lines ? await barsFile(name, lines) : join(folder, name);
    const secrets = () => readdir(join(dataDir, 'secrets'));
    const before = await secrets();
    const run = await start(csv(path));
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(run.stderr).toMatch(message);
    expect(run.code).toBe(2);
    expect(run.stdout).toBe('');
    expect(await secrets()).toEqual(before);
  });

  test('a truncated gzip file is refused', async () => {
    const path = join(folder, 'truncated.csv.gz');
    const whole = gzipSync([HEADER, ...rows('AAA', 300)].join('\n'));
    await writeFile(path, whole.subarray(0, whole.length / 2));
    const run = await start(csv(path));
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/^boursomatic: .*truncated\.csv\.gz/);
  });
});

describe('a failure is one line and exit 1', () => {
  test('a database that cannot be reached', async () => {
    const run = await start(['--once'], { DATABASE_URL: 'postgres://nobody:secret-word@127.0.0.1:9/none' });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^boursomatic: database: .*ECONNREFUSED/m);
    expect(run.stderr).not.toContain('secret-word');
  });

  test('a port in use, told before the work starts', async () => {
    const server = createServer();
    const port = await new Promise<number>((done) =>
      server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port)),
    );
    const run = await start(['--port', String(port)]);
    server.close();
    expect(run.code).toBe(1);
    expect(run.stderr.trimEnd()).toBe(
      `boursomatic: port ${port} is in use: give another with --port, or --port 0 for any free one`,
    );
  });

  test('a data folder in use', async () => {
    await writeFile(join(dataDir, 'owner.pid'), String(process.pid));
    const run = await start(['--once']);
    await rm(join(dataDir, 'owner.pid'));
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`is in use by process ${process.pid}`);
  });

  test.each([
    ['missing', 'regressor.onnx', 'is missing'],
    ['corrupt', 'classifier.onnx', 'is not the file that the manifest names'],
  ])('a %s model', async (kind, name, message) => {
    const folder = await mkdtemp(join(tmpdir(), 'boursomatic-model-'));
    const models = fileURLToPath(new URL('../../models/', import.meta.url));
    for (const file of await readdir(models)) await copyFile(join(models, file), join(folder, file));
    if (kind === 'missing') await rm(join(folder, name));
    else await writeFile(join(folder, name), 'not a model');
    const run = await start(['--once', '--model', folder]);
    await rm(folder, { recursive: true });
    expect(run.code).toBe(1);
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(run.stderr).toContain(name);
    expect(run.stderr).toContain(message);
  });
});

test('DATABASE_URL names another server, which gets the same rows', async () => {
  const home = await mkdtemp(join(tmpdir(), 'boursomatic-given-'));
  const cluster = new PostgresCluster(home, 'given-password');
  const server = await cluster.start({ owner: true });
  const login = { host: '127.0.0.1', port: server.port, username: 'postgres', password: 'given-password' };
  try {
    const url = databaseUrl({ ...login, dbname: 'postgres', sslmode: 'disable' });
    const run = await start(['--once', '--json', '--symbols', 'IBM'], { DATABASE_URL: url });
    expect(lastLine(run.stdout)).toMatchObject({ counts: { instruments: 1, recommendations: 3 } });
    const sql = connect({ ...login, dbname: 'postgres', sslmode: 'disable' });
    expect(
      await sql`SELECT DISTINCT i.symbol FROM recommendations r JOIN instruments i ON i.id = r.instrument_id`,
    ).toEqual([{ symbol: 'IBM' }]);
    await sql.end();
  } finally {
    await server.stop();
    await cluster.remove();
  }
});
