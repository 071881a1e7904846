import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { defined } from '../../functions/shared/invariant.ts';
import type { TestBed } from './test-bed.ts';

/** The optional parts of a request. */
export interface ApiRequest {
  token?: string | undefined;
  /** A JSON body, sent with POST; without a body the method is GET. */
  body?: object;
  headers?: Record<string, string>;
}

export interface ApiResponse {
  status: number;
  body: Record<string, unknown>;
}

/** The address of the API at the emulated gateway. */
export function apiUrl({ url, output }: TestBed): string {
  const id = new URL(output('ApiUrl')).hostname.split('.')[0];
  return `${url}/_aws/execute-api/${id}/$default`;
}

/** Calls the API through the emulated gateway. */
export async function callApi(bed: TestBed, path: string, request: ApiRequest = {}): Promise<ApiResponse> {
  const response = await fetch(`${apiUrl(bed)}${path}`, {
    method: request.body ? 'POST' : 'GET',
    headers: {
      ...(request.token && { authorization: `Bearer ${request.token}` }),
      ...(request.body && { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(request.body && { body: JSON.stringify(request.body) }),
  });
  const body = await response.text();
  return { status: response.status, body: body ? JSON.parse(body) : {} };
}

/** The response that a browser receives. */
export interface PageResponse {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Sends a GET request to the emulator for the service or distribution with this host name. */
export async function getFrom(
  { url }: TestBed,
  host: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<PageResponse> {
  const response = await new Promise<IncomingMessage>((done, fail) => {
    // fetch does not allow a custom host header.
    request(`${url}${path}`, { headers: { ...headers, host } }, done)
      .once('error', fail)
      .end();
  });
  return {
    status: defined(response.statusCode, 'status'),
    headers: response.headers,
    text: await text(response),
  };
}
