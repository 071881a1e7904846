import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { RouteMatch } from './gateway-routes.ts';

/** A function behind API Gateway may take this long (its integration timeout is 30 s). */
const TIME_LIMIT_MS = 29_000;

/** Headers of the connection between client and gateway, which API Gateway keeps to itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
]);

/** What the gateway knows of a request before it calls a function. */
export interface GatewayRequest {
  id: string;
  message: IncomingMessage;
  /** Decoded, as API Gateway hands it over. */
  path: string;
  /** Still encoded, as API Gateway hands it over. */
  query: string;
  match: RouteMatch;
  body: Buffer;
}

/** Builds the event that API Gateway's HTTP API sends (payload format 2.0). */
export function buildEvent({
  id,
  message,
  path,
  query,
  match,
  body,
}: GatewayRequest): APIGatewayProxyEventV2 {
  const cookies = (message.headersDistinct.cookie ?? [])
    .flatMap((line) => line.split(/;\s*/))
    .filter(Boolean);
  const routeKey = `${match.route.method} ${match.route.path}`;
  const received = new Date();
  const domainName = message.headers.host ?? 'localhost';
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers: buildHeaders(message),
    ...(query !== '' && { queryStringParameters: joinQuery(query) }),
    ...(Object.keys(match.parameters).length > 0 && { pathParameters: match.parameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: {
        // A HEAD is served by the GET route, and its function need not know.
        method: match.route.method,
        path,
        protocol: `HTTP/${message.httpVersion}`,
        sourceIp: clientAddress(message),
        userAgent: message.headers['user-agent'] ?? '',
      },
      requestId: id,
      routeKey,
      stage: '$default',
      time: clfTime(received),
      timeEpoch: received.getTime(),
    },
    ...buildBody(message.headers['content-type'] ?? '', body),
  };
}

/** The part of Lambda's context that a function can rely on anywhere. */
export function buildContext(functionName: string, awsRequestId: string): Context {
  const deadline = Date.now() + TIME_LIMIT_MS;
  const nothing = () => {};
  return {
    awsRequestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '512',
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: nothing,
    fail: nothing,
    succeed: nothing,
  };
}

/** Names in lower case, repeated ones joined by a comma; cookies have a field of their own. */
function buildHeaders(message: IncomingMessage): Record<string, string> {
  const headers = Object.entries(message.headersDistinct)
    .filter(([name]) => name !== 'cookie' && !HOP_BY_HOP.has(name))
    .map(([name, values]): [string, string] => [name, (values ?? []).join(',')]);
  const forwarded = [message.headers['x-forwarded-for'], clientAddress(message)].flat().filter(Boolean);
  return {
    ...Object.fromEntries(headers),
    'x-amzn-trace-id': `Root=1-${Math.trunc(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
    'x-forwarded-for': forwarded.join(', '),
    'x-forwarded-port': String(message.socket.localPort ?? ''),
    'x-forwarded-proto': 'http',
  };
}

function joinQuery(query: string): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
}

/** API Gateway passes these as text; any other body, even a form or one without a type, as base64. */
const TEXT = /^(text\/.+|application\/(json|xml|javascript))$/;

function buildBody(contentType: string, body: Buffer): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const mediaType = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  return TEXT.test(mediaType)
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}

function clientAddress(message: IncomingMessage): string {
  return message.socket.remoteAddress ?? '';
}

/** The common log format's time, `12/Mar/2020:19:03:58 +0000`. */
function clfTime(instant: Date): string {
  const [, day, month, year, time] = instant.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
