import type { AnyEndpoint } from './endpoint.ts';
import type { ApiRequest } from './http.ts';
import { problem } from './problem.ts';

/** The endpoints of a group by path template and method. */
export type Directory = ReadonlyMap<string, ReadonlyMap<string, AnyEndpoint>>;

/** @throws Error if two endpoints have the same method and path, which is a mistake in the program */
export function makeDirectory(endpoints: readonly AnyEndpoint[]): Directory {
  const directory = new Map<string, Map<string, AnyEndpoint>>();
  for (const endpoint of endpoints) {
    const methods = directory.get(endpoint.path) ?? new Map<string, AnyEndpoint>();
    if (methods.has(endpoint.method))
      throw new Error(`${endpoint.method} ${endpoint.path} is declared twice`);
    directory.set(endpoint.path, methods.set(endpoint.method, endpoint));
  }
  return directory;
}

/** The endpoint of a request; for OPTIONS, the methods of its path. */
export type Dispatched = { endpoint: AnyEndpoint } | { allow: string };

/**
 * Finds the endpoint of a request. It uses the template that API Gateway has matched, because a second match would cost
 * time and could differ.
 *
 * @throws ApiError (404) if the group does not have the path, (405, with Allow) if the path does not have the method
 */
export function dispatch(directory: Directory, { routeKey, requestContext }: ApiRequest): Dispatched {
  const methods = directory.get(routeKey.slice(routeKey.indexOf(' ') + 1));
  if (!methods) throw problem('not-found', 'There is no resource at this path. See /v1/docs for all paths.');
  const { method } = requestContext.http;
  const endpoint = methods.get(method === 'HEAD' ? 'GET' : method);
  if (endpoint) return { endpoint };
  const allow = allowed(methods);
  if (method === 'OPTIONS') return { allow };
  throw problem('method-not-allowed', `This path supports ${allow}.`, { headers: { allow } });
}

function allowed(methods: ReadonlyMap<string, AnyEndpoint>): string {
  const named = [...methods.keys()].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...named, 'OPTIONS'].join(', ');
}
