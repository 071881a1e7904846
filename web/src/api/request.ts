import { followPages, joinCsv } from '../../../clients/typescript/src/pages.ts';
import type { Operations } from '../../api-types.d.ts';
import { defined } from '../defined.ts';
import { ApiError, readProblem, UnreachableError } from './problem.ts';
import type { Session } from './session.ts';

type ByRequest = { [Name in keyof Operations as Operations[Name]['request']]: Operations[Name] };

/** Every request of the API, such as `GET /v1/me`. */
export type ApiRequest = keyof ByRequest;

/** The response body of a request. */
export type Answer<R extends ApiRequest> = ByRequest[R]['answer'];

/** The query parameters of a request. */
export type Query<R extends ApiRequest> = ByRequest[R]['query'];

type Part<Name extends string, T> = [T] extends [undefined]
  ? { [K in Name]?: never }
  : keyof T extends never
    ? { [K in Name]?: never }
    : Record<string, never> extends T
      ? { [K in Name]?: T }
      : { [K in Name]: T };

/** What a request sends: exactly the parts that its OpenAPI operation declares. */
export type Input<R extends ApiRequest> = Part<'path', ByRequest[R]['path']> &
  Part<'query', ByRequest[R]['query']> &
  Part<'body', ByRequest[R]['body']> & { signal?: AbortSignal | undefined };

interface Parts {
  path?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** Sends a request to the API, typed by its OpenAPI document. */
export type Api = <R extends ApiRequest>(request: R, input: Input<R>) => Promise<Answer<R>>;

/** Sends a request, and resolves with a response without an error. */
export type Transport = <R extends ApiRequest>(request: R, input: Input<R>) => Promise<Response>;

/** Every request whose answer is a list. */
export type ListRequest = {
  [R in ApiRequest]: Answer<R> extends { items: unknown[] } ? R : never;
}[ApiRequest];

/** Reads a list to its end, as one CSV text. */
export type ListAsCsv = <R extends ListRequest>(request: R, input: Input<R>) => Promise<string>;

/** Requests whose 401 concerns what the user typed, or a session that ends anyway. They never renew the session. */
const WITHOUT_SESSION = /^\/v1\/auth\/(login|register|refresh|logout)$/;

/** The kinds of a 401 that concern what the user typed, and not the session. */
const INPUT_REFUSALS: readonly string[] = [
  'wrong-credentials',
  'wrong-code',
  'second-factor-required',
  'password-change-required',
];

/**
 * Makes a transport that sends the session's access token. When the API refuses the token, it renews the session and
 * retries once. When the API requires the password again, it waits for `confirm` and retries once.
 *
 * @param confirm - resolves after the user has entered the password, and rejects if the user cancels
 * @throws ApiError for an error response
 * @throws UnreachableError if no response arrives
 * @throws SignedOutError if the session has ended and the user does not sign in again
 * @throws CancelledError if the user does not enter the password again
 */
export function createTransport(
  session: Session,
  send: typeof fetch,
  confirm: () => Promise<void>,
): Transport {
  return async (request, input) => {
    const [method, template] = request.split(' ') as [string, string];
    const { path, query, body, signal } = input as Parts;
    const url = buildUrl(template, path, query);
    const attempt = async () => {
      const headers: Record<string, string> = { accept: 'application/json', 'x-boursomatic': '1' };
      if (body !== undefined) headers['content-type'] = 'application/json';
      if (session.token) headers.authorization = `Bearer ${session.token}`;
      // A refetch needs fresh data: TanStack Query decides what may be shown from its own cache.
      const options: RequestInit = { method, headers, cache: 'no-cache', ...(signal && { signal }) };
      let response: Response;
      try {
        response = await send(url, body === undefined ? options : { ...options, body: JSON.stringify(body) });
      } catch (cause) {
        if (signal?.aborted) throw cause;
        throw new UnreachableError('no response', { cause });
      }
      if (!response.ok) throw await readProblem(response);
      return response;
    };
    const withSession = async () => {
      const used = session.token;
      try {
        return await attempt();
      } catch (error) {
        if (WITHOUT_SESSION.test(template) || !isSessionRefused(error)) throw error;
        await session.renew(used);
        return attempt();
      }
    };
    const withConfirmation = async () => {
      try {
        return await withSession();
      } catch (error) {
        if (!(error instanceof ApiError) || error.kind !== 'confirmation-required') throw error;
        await confirm();
        return withSession();
      }
    };
    return withConfirmation();
  };
}

/**
 * Makes a client.
 *
 * @throws what the transport throws
 * @example
 * const api = createApi(createTransport(session, fetch, confirmation.request));
 * const page = await api('GET /v1/recommendations', { query: { label: 'BUY' } });
 */
export function createApi(transport: Transport): Api {
  return async (request, input) => (await readBody(await transport(request, input))) as never;
}

/**
 * Makes a function that exports lists.
 *
 * @throws what the transport throws
 */
export function createListAsCsv(transport: Transport): ListAsCsv {
  return (request, input) => {
    const read = (cursor: string | undefined) => {
      const query = { ...(input as Parts).query, format: 'csv', limit: undefined, cursor };
      return transport(request, { ...input, query } as typeof input);
    };
    return joinCsv(followPages(read));
  };
}

function readBody(response: Response): Promise<unknown> | undefined {
  if (response.status === 204) return undefined;
  return response.headers.get('content-type')?.startsWith('text/') ? response.text() : response.json();
}

function isSessionRefused(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401 && !INPUT_REFUSALS.includes(error.kind);
}

function buildUrl(template: string, path: Parts['path'] = {}, query: Parts['query'] = {}): string {
  const pathname = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(defined(path[name], `path parameter ${name} of ${template}`)),
  );
  const parameters = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(parameters.map(([name, value]) => [name, String(value)]));
  return parameters.length > 0 ? `${pathname}?${search}` : pathname;
}
