import type { ServerResponse } from 'node:http';
import { PAYLOAD_LIMIT_BYTES } from './gateway-body.ts';

/** A complete response. */
export interface GatewayAnswer {
  status: number;
  headers: Record<string, string>;
  cookies: string[];
  body: string | Buffer;
}

/** Connection headers: the gateway sets them, and drops a function's own. */
const OWN_HEADERS = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'trailer',
  'content-length',
]);

/** A response of API Gateway itself, without a function. */
export function gatewayMessage(status: number, message: string): GatewayAnswer {
  return inferred({ message }, status);
}

/**
 * Interprets a function's result as API Gateway does: a result with a statusCode is a response, any other is the
 * JSON body of a 200.
 *
 * @throws TypeError if the response is malformed
 * @throws RangeError if the body exceeds Lambda's limit
 */
export function readAnswer(result: unknown): GatewayAnswer {
  if (!isRecord(result) || !('statusCode' in result)) return inferred(result, 200);
  const status = Number(result.statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) throw malformed('statusCode');
  const { headers, cookies, body, isBase64Encoded } = result;
  if (!isGiven(headers, isRecord)) throw malformed('headers');
  if (!isGiven(cookies, isTexts)) throw malformed('cookies');
  if (!isGiven(body, isString)) throw malformed('body');
  // API Gateway answers a result without a body with an empty one.
  const text = body ?? '';
  if (text.length > PAYLOAD_LIMIT_BYTES)
    throw new RangeError(`the function's response is larger than ${PAYLOAD_LIMIT_BYTES} bytes`);
  const answer: GatewayAnswer = {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    cookies: cookies ?? [],
    body: isBase64Encoded ? Buffer.from(text, 'base64') : text,
  };
  for (const name in headers) {
    const value = headers[name];
    // In AWS the result passes through JSON, which drops undefined.
    if (value === undefined || value === null) continue;
    if (typeof value === 'object') throw malformed(`header ${name}`);
    const known = name.toLowerCase();
    if (!OWN_HEADERS.has(known)) answer.headers[known] = String(value);
  }
  return answer;
}

/** How to write a response. */
export interface WriteOptions {
  /** Request id, sent in a header as API Gateway does. */
  id: string;
  /** Send the headers without the body, for HEAD. */
  bodiless: boolean;
  /** Close the connection after the response. */
  last: boolean;
}

export function writeAnswer(
  response: ServerResponse,
  { status, headers, cookies, body }: GatewayAnswer,
  { id, bodiless, last }: WriteOptions,
): void {
  const empty = status === 204 || status === 304;
  const lines: (string | string[])[] = ['apigw-requestid', id];
  for (const [name, value] of Object.entries(headers)) {
    if (!empty || name !== 'content-type') lines.push(name, value);
  }
  for (const cookie of cookies) lines.push('set-cookie', cookie);
  if (last) lines.push('connection', 'close');
  if (!empty) lines.push('content-length', String(Buffer.byteLength(body)));
  response.writeHead(status, lines as string[]);
  response.end(empty || bodiless ? undefined : body);
}

function inferred(value: unknown, status: number): GatewayAnswer {
  const body = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
  return { status, headers: { 'content-type': 'application/json' }, cookies: [], body };
}

function malformed(field: string): TypeError {
  return new TypeError(`the function's response has a ${field} that API Gateway rejects`);
}

function isGiven<T>(value: unknown, is: (value: unknown) => value is T): value is T | undefined | null {
  return value === undefined || value === null || is(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isString);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
