import type { Stand } from './stand.ts';

/** What a request says besides its path. */
export interface Asked {
  token?: string | undefined;
  /** Sent as JSON, with POST; without one it is a GET. */
  body?: object;
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
    },
    ...(asked.body && { body: JSON.stringify(asked.body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : {} };
}
