import type { ServerResponse } from 'node:http';
import { PAYLOAD_LIMIT_BYTES } from './gateway-body.ts';

/** An answer, ready to be written. */
export interface GatewayAnswer {
  status: number;
  headers: Record<string, string>;
  cookies: string[];
  body: string | Buffer;
}

/** Headers of the connection, which are the gateway's to set. */
const OWN_HEADERS = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'trailer',
  'content-length',
]);

/** What API Gateway itself answers, where no function does. */
export function gatewayMessage(status: number, message: string): GatewayAnswer {
  return inferred({ message }, status);
}

/**
 * Reads a function's result as API Gateway does: with a statusCode it is an answer, without one it is the
 * body of a 200.
 *
 * @throws TypeError if it has a statusCode but is not a well-formed answer
 * @throws RangeError if it is larger than what Lambda hands over
 */
export function readAnswer(result: unknown): GatewayAnswer {
  if (!isRecord(result) || !('statusCode' in result)) return inferred(result, 200);
  const status = Number(result.statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) throw malformed('statusCode');
  const { headers, cookies, body, isBase64Encoded } = result;
  if (!isGiven(headers, isRecord)) throw malformed('headers');
  if (!isGiven(cookies, isTexts)) throw malformed('cookies');
  if (!isGiven(body, isString)) throw malformed('body');
  const text = body ?? '';
  if (text.length > PAYLOAD_LIMIT_BYTES)
    throw new RangeError(`the function's answer is larger than ${PAYLOAD_LIMIT_BYTES} bytes`);
  const answer: GatewayAnswer = {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    cookies: cookies ?? [],
    body: isBase64Encoded ? Buffer.from(text, 'base64') : text,
  };
  for (const name in headers) {
    const value = headers[name];
    // What JSON does not carry does not arrive in AWS either.
    if (value === undefined || value === null) continue;
    if (typeof value === 'object') throw malformed(`header ${name}`);
    const known = name.toLowerCase();
    if (!OWN_HEADERS.has(known)) answer.headers[known] = String(value);
  }
  return answer;
}

/** How an answer is written. */
export interface WriteOptions {
  /** The request's id, which API Gateway tells in a header. */
  id: string;
  /** The request was a HEAD, which is told about the body but not sent it. */
  bodiless: boolean;
  /** The client should not use this connection again. */
  last: boolean;
}

/** Writes an answer. */
export function writeAnswer(
  response: ServerResponse,
  { status, headers, cookies, body }: GatewayAnswer,
  { id, bodiless, last }: WriteOptions,
): void {
  const empty = status === 204 || status === 304;
  const lines: (string | string[])[] = ['apigw-requestid', id];
  for (const name in headers) {
    if (!empty || name !== 'content-type') lines.push(name, headers[name] ?? '');
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
  return new TypeError(`the function's answer has a ${field} that API Gateway does not take`);
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
