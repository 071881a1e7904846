import type { Stand } from './stand.ts';

/** An answer of the API, through the emulated gateway. */
export async function get({ url, output }: Stand, path: string, headers: Record<string, string> = {}) {
  const id = new URL(output('ApiUrl')).hostname.split('.')[0];
  const answer = await fetch(`${url}/_aws/execute-api/${id}/$default${path}`, { headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
