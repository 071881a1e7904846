import type { AnyEndpoint } from './endpoint.ts';
import type { ApiRequest } from './http.ts';
import { problem } from './problem.ts';

/** The endpoints of a group, by path template and method. */
export type Directory = ReadonlyMap<string, ReadonlyMap<string, AnyEndpoint>>;

/** @throws Error if two endpoints are the same operation: the program itself is wrong */
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

/** What a request asks for: an operation, or only which methods there are. */
export type Asked = { endpoint: AnyEndpoint } | { allow: string };

/**
 * Finds the endpoint of a request. API Gateway has matched the path already, and says with which template: matching
 * it again would take longer and could come to another result.
 *
 * @throws ApiError (404) for a path that is none of the group's, (405, with Allow) for a method that it has not
 */
export function dispatch(directory: Directory, { routeKey, requestContext }: ApiRequest): Asked {
  const methods = directory.get(routeKey.slice(routeKey.indexOf(' ') + 1));
  if (!methods) throw problem('not-found', 'There is nothing at this path.');
  const { method } = requestContext.http;
  const endpoint = methods.get(method === 'HEAD' ? 'GET' : method);
  if (endpoint) return { endpoint };
  const allow = allowed(methods);
  if (method === 'OPTIONS') return { allow };
  throw problem('method-not-allowed', `Use one of ${allow}.`, { headers: { allow } });
}

function allowed(methods: ReadonlyMap<string, AnyEndpoint>): string {
  const named = [...methods.keys()].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...named, 'OPTIONS'].join(', ');
}
