import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { RouteMatch } from './gateway-routes.ts';

/** A function behind API Gateway may take this long. */
export const INTEGRATION_LIMIT_MS = 30_000;

/** Lambda ends a function a little before API Gateway would stop to wait for it. */
const FUNCTION_LIMIT_MS = INTEGRATION_LIMIT_MS - 1_000;

/** Headers of the connection between client and gateway, which API Gateway keeps to itself. */
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

/** What the gateway knows of a request before it calls a function. */
export interface GatewayRequest {
  id: string;
  message: IncomingMessage;
  /** Decoded, as API Gateway hands it over. */
  path: string;
  /** Still encoded, as API Gateway hands it over. */
  query: string;
  match: RouteMatch;
  body: Buffer | undefined;
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
  const { route, parameters } = match;
  const { headers, cookies } = readHeaders(message, body);
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
      domainPrefix: domainName.split('.', 1)[0] ?? '',
      http: {
        method: message.method ?? 'GET',
        path,
        protocol: `HTTP/${message.httpVersion}`,
        sourceIp: clientAddress(message),
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

/** The part of Lambda's context that a function can rely on anywhere. */
export function buildContext(functionName: string, awsRequestId: string): Context {
  const deadline = Date.now() + FUNCTION_LIMIT_MS;
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

function nothing(): void {}

/**
 * Names in lower case, repeated ones joined by a comma; cookies have a field of their own. Read from the raw list,
 * because Node drops the second of some repeated headers.
 */
function readHeaders(message: IncomingMessage, body: Buffer | undefined) {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  const raw = message.rawHeaders;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    const value = raw[at + 1] ?? '';
    if (name === 'cookie') cookies.push(...value.split(/;\s*/).filter(Boolean));
    else if (!HOP_BY_HOP.has(name)) headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  const client = clientAddress(message);
  // API Gateway passes a body on in one piece, and says how long it is even where there is none.
  headers['content-length'] = String(body?.length ?? 0);
  headers['x-amzn-trace-id'] = traceId();
  headers['x-forwarded-for'] = headers['x-forwarded-for']
    ? `${headers['x-forwarded-for']}, ${client}`
    : client;
  headers['x-forwarded-port'] = String(message.socket.localPort ?? '');
  headers['x-forwarded-proto'] = 'http';
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

/** API Gateway passes these as text; any other body, even a form or one without a type, as base64. */
const TEXT = /^(text\/.+|application\/(json|xml|javascript))$/;

function isText(contentType: string): boolean {
  return (
    contentType === 'application/json' || TEXT.test(contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '')
  );
}

function clientAddress(message: IncomingMessage): string {
  return message.socket.remoteAddress ?? '';
}

let second = { at: Number.NaN, text: '' };

/** The common log format's time, `12/Mar/2020:19:03:58 +0000`; written once a second. */
function clfTime(instant: number): string {
  const at = Math.trunc(instant / 1000);
  if (second.at !== at) {
    const [, day, month, year, time] = new Date(instant).toUTCString().split(' ');
    second = { at, text: `${day}/${month}/${year}:${time} +0000` };
  }
  return second.text;
}
