import type { Operations } from '../../api-types.d.ts';
import { readProblem, UnreachableError } from './problem.ts';
import type { Session } from './session.ts';

type ByRequest = { [Name in keyof Operations as Operations[Name]['request']]: Operations[Name] };

/** Every request that the API knows, such as `GET /v1/me`. */
export type ApiRequest = keyof ByRequest;

/** What a request answers. */
export type Answer<R extends ApiRequest> = ByRequest[R]['answer'];

/** What a request's query takes. */
export type Query<R extends ApiRequest> = ByRequest[R]['query'];

type Part<Name extends string, T> = [T] extends [undefined]
  ? { [K in Name]?: never }
  : keyof T extends never
    ? { [K in Name]?: never }
    : Record<string, never> extends T
      ? { [K in Name]?: T }
      : { [K in Name]: T };

/** What a request sends: what the API's description says, and no more. */
export type Input<R extends ApiRequest> = Part<'path', ByRequest[R]['path']> &
  Part<'query', ByRequest[R]['query']> &
  Part<'body', ByRequest[R]['body']> & { signal?: AbortSignal | undefined };

interface Parts {
  path?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** Asks the API, in the types of its description. */
export type Api = <R extends ApiRequest>(request: R, input: Input<R>) => Promise<Answer<R>>;

/** Requests whose 401 is about what was typed, or about a session that is over anyway. */
const WITHOUT_SESSION = /^\/v1\/auth\/(login|register|refresh|logout)$/;

/**
 * A client that sends the session's access token, gets a new one where it is refused, and asks again.
 *
 * @example
 * const api = createApi(session, fetch);
 * const page = await api('GET /v1/recommendations', { query: { label: 'BUY' } });
 */
export function createApi(session: Session, send: typeof fetch): Api {
  return async (request, input) => {
    const [method = 'GET', template = ''] = request.split(' ');
    const { path, query, body, signal } = input as Parts;
    const url = buildUrl(template, path, query);
    const ask = async () => {
      const headers: Record<string, string> = { accept: 'application/json', 'x-boursomatic': '1' };
      if (body !== undefined) headers['content-type'] = 'application/json';
      if (session.token) headers.authorization = `Bearer ${session.token}`;
      // What is asked for again is wanted new: the page remembers for itself what may be shown a while longer.
      const options: RequestInit = { method, headers, cache: 'no-cache', ...(signal && { signal }) };
      try {
        return await send(url, body === undefined ? options : { ...options, body: JSON.stringify(body) });
      } catch (cause) {
        if (signal?.aborted) throw cause;
        throw new UnreachableError('no answer', { cause });
      }
    };
    let used = session.token;
    let response = await ask();
    if (response.status === 401 && !WITHOUT_SESSION.test(template)) {
      const refusal = await readProblem(response);
      // A wrong password in a form is 401 too, and says nothing of the session.
      if (refusal.kind === 'wrong-credentials') throw refusal;
      await session.renew(used);
      used = session.token;
      response = await ask();
    }
    if (!response.ok) throw await readProblem(response);
    return (response.status === 204 ? undefined : await response.json()) as never;
  };
}

function buildUrl(template: string, path: Parts['path'] = {}, query: Parts['query'] = {}): string {
  const place = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return given.length > 0 ? `${place}?${search}` : place;
}
