import createFetchClient, { type Client as FetchClient } from 'openapi-fetch';
import type { Problem, paths } from '../api-types.d.ts';
import { followPages, joinCsv } from './pages.ts';
import { type RetryOptions, retrying } from './retry.ts';

export type * from '../api-types.d.ts';
export type { RetryOptions } from './retry.ts';

/** Where the API is, and how to call it. */
export interface ClientOptions extends RetryOptions {
  /** The address of the service, such as `https://stocks.example.com`. */
  url: string;
  /** An API key (`bmk_…`) or an access token. Public operations need none. */
  key?: string;
  /** The `fetch` to use; by default that of the platform. */
  fetch?: typeof globalThis.fetch;
}

type Json<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

/** The path of every list. */
export type ListPath = {
  [P in keyof paths]: [Json<P>] extends [never] ? never : Json<P> extends { items: unknown[] } ? P : never;
}[keyof paths];

/** An entry of a list. */
export type Entry<P extends ListPath> = Json<P> extends { items: (infer Item)[] } ? Item : never;

type Parameters<P extends ListPath> = paths[P] extends { get: { parameters: infer Given } } ? Given : never;
type Part<P extends ListPath, Name extends 'path' | 'query'> =
  Parameters<P> extends { [N in Name]?: infer Given } ? Exclude<Given, undefined> : never;

/** The path and query parameters of a list, without those that select the page and the format. */
export type ListParameters<P extends ListPath> = {
  query?: Omit<Part<P, 'query'>, 'cursor' | 'format'>;
} & ([Part<P, 'path'>] extends [never] ? { path?: never } : { path: Part<P, 'path'> });

/** The last argument of a function on lists: required if the path has parameters. */
type ListArguments<P extends ListPath> = [Part<P, 'path'>] extends [never]
  ? [parameters?: ListParameters<P>]
  : [parameters: ListParameters<P>];

type Media = 'application/json' | 'application/problem+json';

/** A client of the API. `GET`, `POST` and the other methods are those of openapi-fetch. */
export interface Client extends FetchClient<paths, Media> {
  /**
   * Reads a list to its end, page by page.
   *
   * @throws ApiError if the API refuses a page
   * @example for await (const { symbol } of client.items('/v1/recommendations', { query: { label: 'BUY' } })) print(symbol);
   */
  items<P extends ListPath>(path: P, ...parameters: ListArguments<P>): AsyncGenerator<Entry<P>, void>;
  /**
   * Reads a list to its end, as one CSV text with one header line.
   *
   * @throws ApiError if the API refuses a page
   */
  csv<P extends ListPath>(path: P, ...parameters: ListArguments<P>): Promise<string>;
}

/** The API, or a proxy before it, refused a request. `problem` says why, and what to do. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

/**
 * Makes a client. It repeats requests that the service refuses for now, after the time that `Retry-After` says.
 *
 * @example
 * const client = createClient({ url: 'http://127.0.0.1:8787', key: process.env.BOURSOMATIC_KEY });
 * const { data, error } = await client.GET('/v1/models/active');
 */
export function createClient({ url, key, fetch = globalThis.fetch, ...retry }: ClientOptions): Client {
  const requests = createFetchClient<paths, Media>({
    baseUrl: url.replace(/\/+$/, ''),
    fetch: retrying(fetch, retry),
    ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
  });
  // The types of openapi-fetch cannot follow a path that is a parameter. ListArguments checks what callers pass.
  const get = requests.GET as (path: string, options: object) => Promise<Answer>;
  const pages = (path: ListPath, { query, ...given }: Given, format: 'json' | 'csv') =>
    followPages(async (cursor) => {
      const params = { ...given, query: { ...query, format, cursor } };
      const { error, response } = await get(path, { params, parseAs: 'stream' });
      if (!response.ok) throw new ApiError(isProblem(error) ? error : foreign(response));
      return response;
    });
  return Object.assign(requests, {
    async *items(path: ListPath, given: Given = {}) {
      for await (const page of pages(path, given, 'json'))
        yield* ((await page.json()) as { items: [] }).items;
    },
    csv: (path: ListPath, given: Given = {}) => joinCsv(pages(path, given, 'csv')),
  }) as Client;
}

/** The parameters of a list, as an implementation sees them. */
interface Given {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'type' in error && 'title' in error;
}

/** The problem for a failure that is not the API's, such as that of a proxy, whose body may be empty. */
function foreign({ status }: Response): Problem {
  const detail = `The server answered with status ${status}, but not as this API does.`;
  return { type: 'about:blank', title: 'Unexpected answer', status, detail };
}

interface Answer {
  error?: unknown;
  response: Response;
}
