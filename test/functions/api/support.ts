import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import type { ApiRequest, ApiResponse } from '../../../functions/api/core/http.ts';
import type { Sql } from '../../../functions/shared/database.ts';

/** A GET as API Gateway would hand it over. */
export function getRequest(path: string): ApiRequest {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  return {
    version: '2.0',
    routeKey: `GET ${rawPath}`,
    rawPath,
    rawQueryString,
    headers: { host: 'api.test', authorization: 'Bearer a-token-nobody-may-log' },
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'api.test',
      domainPrefix: 'api',
      http: { method: 'GET', path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey: `GET ${rawPath}`,
      stage: '$default',
      time: '02/Mar/2026:08:00:00 +0000',
      timeEpoch: 1772438400000,
    },
    isBase64Encoded: false,
  };
}

/** A Lambda context with time to spare. */
export function lambdaContext(): Context {
  return {
    awsRequestId: 'invocation-1',
    functionName: 'test',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:test',
    memoryLimitInMB: '512',
    logGroupName: 'test',
    logStreamName: 'test',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => 60_000,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

/** The JSON body of an answer. */
export function bodyOf<T = Record<string, unknown>>(response: ApiResponse): T {
  return JSON.parse(response.body ?? 'null');
}

/** The secret of a database that is not one, on a loopback port. */
export async function strangeSecret(port: number): Promise<{ url: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-secret-'));
  const path = join(folder, 'secret.json');
  const login = { username: 'boursomatic_api', password: 'hunter2', dbname: 'nowhere', sslmode: 'disable' };
  await writeFile(path, JSON.stringify({ ...login, host: '127.0.0.1', port }));
  return { url: pathToFileURL(path).href, remove: () => rm(folder, { recursive: true }) };
}

/** What a stored recommendation may say; everything else has a value that suits. */
export interface RecommendationSeed {
  symbol: string;
  profile?: string;
  label?: string;
  confidence?: number;
  generatedAt?: string;
  asOf?: string;
  isActive?: boolean;
  snapshot?: Record<string, number>;
}

/** Stores an active model and a succeeded run, both of which recommendations refer to. */
export async function seedModelAndRun(sql: Sql): Promise<void> {
  await sql`
    INSERT INTO model_versions (version, trained_at, params_hash, metrics_json, model_path, is_active)
    VALUES ('v1.2.3', '2026-02-20T21:30:00Z', 'hash', '{}', 'models/v1.2.3', true)`;
  await sql`
    INSERT INTO pipeline_runs (id, status, input, started_at, finished_at)
    VALUES ('run-1', 'succeeded', '{}', '2026-03-01T22:00:00Z', '2026-03-01T22:05:00Z')`;
}

/** Stores an instrument. */
export async function seedInstrument(sql: Sql, symbol: string, isActive = true): Promise<void> {
  await sql`
    INSERT INTO instruments (symbol, exchange, name, sector, is_active)
    VALUES (${symbol}, 'NASDAQ', ${`${symbol} Inc.`}, 'Technology', ${isActive})`;
}

/** Stores a recommendation, and its instrument if there is none. */
export async function seedRecommendation(sql: Sql, seed: RecommendationSeed): Promise<void> {
  const [found] = await sql`SELECT 1 FROM instruments WHERE symbol = ${seed.symbol}`;
  if (!found) await seedInstrument(sql, seed.symbol);
  await sql`
    INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
      horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, generated_at,
      is_active, as_of, run_id)
    SELECT i.id, m.id, ${seed.profile ?? 'conservative'}, ${seed.label ?? 'BUY'}, ${seed.confidence ?? 0.6}, 3.5,
      20, 180.5, 210.25, 'Momentum is strong.', ${sql.json(seed.snapshot ?? { close_price: 195.75 })},
      '{}', ${seed.generatedAt ?? '2026-03-01T22:04:00Z'}, ${seed.isActive ?? true}, ${seed.asOf ?? '2026-02-27'}, 'run-1'
    FROM instruments i, model_versions m WHERE i.symbol = ${seed.symbol} AND m.version = 'v1.2.3'`;
}
