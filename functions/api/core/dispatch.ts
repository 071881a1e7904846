import type { AnyEndpoint } from './endpoint.ts';
import type { ApiRequest } from './http.ts';
import { problem } from './problem.ts';

/**
 * The endpoints of a group by method and path template, such as `GET /v1/me`. The first request of an endpoint loads it,
 * so that a function starts without the schemas of the others.
 */
export type Endpoints = Readonly<Record<string, () => Promise<AnyEndpoint>>>;

/** Loads all endpoints of a group, in their order. */
export function loadAll(endpoints: Endpoints): Promise<AnyEndpoint[]> {
  return Promise.all(Object.values(endpoints).map((load) => load()));
}

type Load = () => AnyEndpoint | Promise<AnyEndpoint>;

/** The endpoints of a group by path template and method. */
export type Directory = ReadonlyMap<string, ReadonlyMap<string, Load>>;

export function makeDirectory(endpoints: Endpoints): Directory {
  const directory = new Map<string, Map<string, Load>>();
  for (const [operation, load] of Object.entries(endpoints)) {
    const [method = '', path = ''] = operation.split(' ');
    const methods = directory.get(path) ?? new Map<string, Load>();
    directory.set(path, methods.set(method, once(load)));
  }
  return directory;
}

/** Keeps what was loaded. A failure is not kept. */
function once(load: () => Promise<AnyEndpoint>): Load {
  let loaded: AnyEndpoint | undefined;
  return () =>
    loaded ??
    load().then((endpoint) => {
      loaded = endpoint;
      return endpoint;
    });
}

/** The endpoint of a request; for OPTIONS, the methods of its path. */
export type Dispatched = { load: Load } | { allow: string };

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
  const load = methods.get(method === 'HEAD' ? 'GET' : method);
  if (load) return { load };
  const allow = allowed(methods);
  if (method === 'OPTIONS') return { allow };
  throw problem('method-not-allowed', `This path supports ${allow}.`, { headers: { allow } });
}

function allowed(methods: ReadonlyMap<string, Load>): string {
  const named = [...methods.keys()].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...named, 'OPTIONS'].join(', ');
}
