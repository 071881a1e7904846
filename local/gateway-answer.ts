import type { ServerResponse } from 'node:http';

/** An answer, ready to be written. */
export interface GatewayAnswer {
  status: number;
  headers: Record<string, string>;
  cookies: string[];
  body: Buffer;
}

/** What API Gateway itself answers, where no function does. */
export function gatewayMessage(status: number, message: string): GatewayAnswer {
  return inferred({ message }, status);
}

/**
 * Reads a function's result as API Gateway does: with a statusCode it is an answer, without one it is the
 * body of a 200.
 *
 * @throws TypeError if it has a statusCode but is not a well-formed answer
 */
export function readAnswer(result: unknown): GatewayAnswer {
  if (!isRecord(result) || !('statusCode' in result)) return inferred(result, 200);
  const status = Number(result.statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) throw malformed('statusCode');
  const { headers = {}, cookies = [], body = '', isBase64Encoded = false } = result;
  if (!isRecord(headers)) throw malformed('headers');
  if (!Array.isArray(cookies)) throw malformed('cookies');
  if (typeof body !== 'string') throw malformed('body');
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...Object.fromEntries(named) },
    cookies: cookies.map(String),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/**
 * Writes an answer.
 *
 * @param options - `bodiless`: the request was a HEAD, which is told about the body but not sent it
 */
export function writeAnswer(
  response: ServerResponse,
  answer: GatewayAnswer,
  options: { bodiless: boolean },
): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.cookies.length > 0) response.setHeader('set-cookie', answer.cookies);
  if (answer.status === 204 || answer.status === 304) {
    response.removeHeader('content-type');
    response.end();
    return;
  }
  response.setHeader('content-length', answer.body.length);
  response.end(options.bodiless ? undefined : answer.body);
}

function inferred(value: unknown, status: number): GatewayAnswer {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
  return { status, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(text) };
}

function malformed(field: string): TypeError {
  return new TypeError(`the function's answer has a ${field} that API Gateway does not take`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
