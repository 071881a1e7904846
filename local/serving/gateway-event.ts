import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { defined } from '../../functions/shared/invariant.ts';
import type { Client } from './client.ts';
import type { RouteMatch } from './gateway-routes.ts';

/** API Gateway's time limit for a function. */
export const INTEGRATION_LIMIT_MS = 30_000;

/** The function's own time limit, a little shorter, so that Lambda ends it before API Gateway gives up. */
const FUNCTION_LIMIT_MS = INTEGRATION_LIMIT_MS - 1_000;

/** Connection headers, which API Gateway does not pass on. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
]);

/** A request that matched a route. */
export interface GatewayRequest {
  id: string;
  message: IncomingMessage;
  client: Client;
  /** Percent-decoded, as in API Gateway's event. */
  path: string;
  /** Percent-encoded, as in API Gateway's event. */
  query: string;
  match: RouteMatch;
  body: Buffer | undefined;
}

/** Builds the event of an API Gateway HTTP API (payload format 2.0). */
export function buildEvent({
  id,
  message,
  client,
  path,
  query,
  match,
  body,
}: GatewayRequest): APIGatewayProxyEventV2 {
  const { route, parameters } = match;
  const { headers, cookies } = readHeaders(message, client, body);
  const routeKey = `${route.method} ${route.path}`;
  const now = Date.now();
  const domainName = headers.host ?? 'localhost';
  const event: APIGatewayProxyEventV2 = {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    headers,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName,
      domainPrefix: domainName.replace(/\..*/, ''),
      http: {
        method: defined(message.method, 'method of a request'),
        path,
        protocol: `HTTP/${message.httpVersion}`,
        sourceIp: client.address,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: id,
      routeKey,
      stage: '$default',
      time: clfTime(now),
      timeEpoch: now,
    },
    isBase64Encoded: false,
  };
  if (cookies.length > 0) event.cookies = cookies;
  if (query !== '') event.queryStringParameters = joinQuery(query);
  if (Object.keys(parameters).length > 0) event.pathParameters = parameters;
  if (body) {
    event.isBase64Encoded = !isText(headers['content-type'] ?? '');
    event.body = body.toString(event.isBase64Encoded ? 'base64' : 'utf8');
  }
  return event;
}

export function buildContext(functionName: string, awsRequestId: string): Context {
  // Not by the wall clock, which jumps when it is set, or when the machine sleeps.
  const deadline = performance.now() + FUNCTION_LIMIT_MS;
  return {
    awsRequestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '512',
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - performance.now()),
    done: nothing,
    fail: nothing,
    succeed: nothing,
  };
}

function nothing(): void {}

/**
 * Reads headers as API Gateway does: names in lower case, repeated headers joined by a comma, cookies apart. Node's
 * `headers` would drop the second of some repeated headers.
 */
function readHeaders(message: IncomingMessage, client: Client, body: Buffer | undefined) {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (const [name, values = []] of Object.entries(message.headersDistinct)) {
    if (name === 'cookie') cookies.push(...values.flatMap((value) => value.split(/;\s*/)).filter(Boolean));
    else if (!HOP_BY_HOP.has(name)) headers[name] = values.join();
  }
  // API Gateway sends the whole body and its length, 0 without a body.
  headers['content-length'] = String(body ? body.length : 0);
  headers['x-amzn-trace-id'] = traceId();
  headers['x-forwarded-for'] = headers['x-forwarded-for']
    ? `${headers['x-forwarded-for']}, ${client.address}`
    : client.address;
  headers['x-forwarded-port'] = String(message.socket.localPort ?? '');
  headers['x-forwarded-proto'] = client.scheme;
  return { headers, cookies };
}

function traceId(): string {
  const seconds = Math.trunc(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomUUID().replaceAll('-', '').slice(0, 24)}`;
}

function joinQuery(query: string): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
}

/** Types that API Gateway passes as text. Any other body is base64, even a form or one without a type. */
const TEXT = /^(text\/.+|application\/(json|xml|javascript))$/;

function isText(contentType: string): boolean {
  return TEXT.test(contentType.replace(/;.*/, '').trim().toLowerCase());
}

let second = { at: Number.NaN, text: '' };

/** Formats the time as the common log format does, `12/Mar/2020:19:03:58 +0000`; cached for a second. */
function clfTime(instant: number): string {
  const at = Math.trunc(instant / 1000);
  if (second.at !== at) {
    const [, day, month, year, time] = new Date(instant).toUTCString().split(' ');
    second = { at, text: `${day}/${month}/${year}:${time} +0000` };
  }
  return second.text;
}
