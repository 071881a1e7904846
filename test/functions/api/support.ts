import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import type { Endpoints } from '../../../functions/api/core/dispatch.ts';
import type { AnyEndpoint } from '../../../functions/api/core/endpoint.ts';
import type { ApiRequest, ApiResponse } from '../../../functions/api/core/http.ts';
import type { Origin } from '../../../functions/api/core/security-events.ts';

/** The origin of a request in tests. */
export const ORIGIN: Origin = { address: '192.0.2.1', userAgent: 'test/1', requestId: 'request-1' };

/** Endpoints of a test as a group has them. */
export function declare(endpoints: readonly AnyEndpoint[]): Endpoints {
  return Object.fromEntries(
    endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, async () => endpoint]),
  );
}

/** A GET event of API Gateway. */
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

/** A Lambda context with enough remaining time. */
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

/** Parses the JSON body of an answer. */
export function bodyOf<T = Record<string, unknown>>(response: ApiResponse): T {
  return JSON.parse(response.body ?? 'null');
}

/** The secret of a database that does not exist, on a loopback port. */
export async function strangeSecret(port: number): Promise<{ url: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-secret-'));
  const path = join(folder, 'secret.json');
  const login = { username: 'boursomatic_api', password: 'hunter2', dbname: 'nowhere', sslmode: 'disable' };
  await writeFile(path, JSON.stringify({ ...login, host: '127.0.0.1', port }));
  return { url: pathToFileURL(path).href, remove: () => rm(folder, { recursive: true }) };
}
