import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Stand } from './stand.ts';

/** What a request says besides its path. */
export interface Asked {
  token?: string | undefined;
  /** Sent as JSON, with POST; without one it is a GET. */
  body?: object;
  headers?: Record<string, string>;
}

export interface Answered {
  status: number;
  body: Record<string, unknown>;
}

/** An answer of the API, through the emulated gateway. */
export async function ask({ url, output }: Stand, path: string, asked: Asked = {}): Promise<Answered> {
  const id = new URL(output('ApiUrl')).hostname.split('.')[0];
  const answer = await fetch(`${url}/_aws/execute-api/${id}/$default${path}`, {
    method: asked.body ? 'POST' : 'GET',
    headers: {
      ...(asked.token && { authorization: `Bearer ${asked.token}` }),
      ...(asked.body && { 'content-type': 'application/json' }),
      ...asked.headers,
    },
    ...(asked.body && { body: JSON.stringify(asked.body) }),
  });
  const said = await answer.text();
  return { status: answer.status, body: said ? JSON.parse(said) : {} };
}

/** What a browser gets. */
export interface Visited {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** An answer of whatever the emulator has at a name, which is the one that a request says it is for. */
export async function visit(
  { url }: Stand,
  host: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<Visited> {
  const answer = await new Promise<IncomingMessage>((done, fail) => {
    // fetch lets nobody choose the host.
    request(`${url}${path}`, { headers: { ...headers, host } }, done)
      .once('error', fail)
      .end();
  });
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: await text(answer) };
}
