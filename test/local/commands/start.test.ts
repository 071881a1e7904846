import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { connect } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { databaseUrl } from '../../../local/installation/database-url.ts';
import { openInstallation } from '../../../local/installation/installation.ts';
import { PostgresCluster, removeCluster } from '../../../local/installation/postgres-server.ts';
import { databaseOfFile } from '../../../local/installation/source.ts';
import { lastLine } from './command-support.ts';
import { barsFile, csv, dataDir, ended, HEADER, launch, rows, seedPeersOf, start } from './start-support.ts';

/** Tables that a second run must not change. */
const TABLES = [
  'instruments',
  'price_bars',
  'features',
  'feature_backlog',
  'model_versions',
  'recommendations',
];

/** Checksums of all rows of each table, over all partitions. */
async function checksums(database: string): Promise<Record<string, string>> {
  const installation = await openInstallation({ dataDir, database });
  const sql = connect(installation.login('boursomatic_migrator'));
  try {
    const sums: Record<string, string> = {};
    for (const table of TABLES) {
      const [row] = await sql<{ sum: string }[]>`
        SELECT count(*) || ' ' || md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) AS sum
        FROM ${sql(table)} t`;
      sums[table] = defined(row, 'checksum').sum;
    }
    return sums;
  } finally {
    await sql.end();
    await installation.close();
  }
}

let first: Awaited<ReturnType<typeof start>>;
let published: Record<string, string>;
beforeAll(async () => {
  first = await start(['--once', '--json']);
  published = await checksums('boursomatic_sample');
});

test('publishes recommendations for the sample, and a second run changes no row', async () => {
  expect(first.stderr).not.toContain('Error');
  expect(first.code).toBe(0);
  expect(first.stdout).toContain("Sample data: real bars of 5 stocks, as of 2013-03-01. Not today's market.");
  expect(first.stdout).toContain(
    'They are compared with bundled statistics of about 500 US stocks of that time.',
  );
  expect(first.stdout).toMatch(/FB: 196 bars, 253 needed \(insufficient_history\)/);
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
  expect(published.recommendations).toMatch(/^12 /);
});

test('runs as of an earlier day without later data, and keeps newer recommendations', async () => {
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

/** Registers and logs in. @returns the access token */
async function accessToken(url: string): Promise<string> {
  const credentials = { email: 'ada@example.com', password: 'correct horse battery' };
  expect((await post(`${url}/v1/auth/register`, credentials)).status).toBe(202);
  const session = await (await post(`${url}/v1/auth/login`, credentials)).json();
  return (session as { accessToken: string }).accessToken;
}

test('serves the printed recommendations until SIGINT, then stops everything', async () => {
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

test('withholds the calls of a file with too few stocks, and says what to do', async () => {
  const path = await barsFile('few.csv', [HEADER, ...rows('AAA', 300), ...rows('BBBB', 300)]);
  const run = await start(csv(path));
  expect(run.code).toBe(0);
  expect(lastLine(run.stdout)).toMatchObject({
    status: 'partial',
    counts: { instruments: 2, recommendations: 0, failures: 2 },
  });
  expect(run.stdout.replace(/\s+/g, ' ')).toContain(
    'AAA: only 2 stocks have all inputs on 2011-02-25, and 50 are needed to compare it with: with a vendor, add a reference (--reference basket); with a file, put at least 50 stocks in it (universe_too_small)',
  );
});

test('leaves out a row that cannot be read, and names file and line', async () => {
  const bad = rows('BADD', 300);
  bad[100] = bad[100]?.replace(/^(BADD,[\d-]+),[^,]+/, '$1,ten') ?? '';
  const path = await barsFile('one-bad.csv.gz', [HEADER, ...rows('AAA', 300), ...bad, ...rows('CCCCC', 300)]);
  await seedPeersOf(path, ['2011-02-25']);
  const run = await start(csv(path));
  expect(run.code).toBe(0);
  expect(run.stderr).toContain('Read 899 rows of 3 symbols, 2010-01-04 to 2011-02-25, from ');
  expect(run.stderr).toContain(
    `BADD: 1 of 300 rows unreadable, first at ${path}:402: open "ten" is not a number.`,
  );
  const { counts } = lastLine(run.stdout);
  expect(counts).toMatchObject({ instruments: 3, recommendations: 9, failures: 0 });
  const before = await checksums(await databaseOfFile(path));
  expect(lastLine((await start(csv(path))).stdout)).toMatchObject({
    counts,
    written: { bars: 0, features: 0 },
  });
  expect(await checksums(await databaseOfFile(path))).toEqual(before);
});

test('writes to the server in DATABASE_URL', async () => {
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
    await removeCluster(home);
  }
});
