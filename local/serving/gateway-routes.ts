import { defined } from '../../functions/shared/invariant.ts';

/** A route of API Gateway: a method or `ANY`, and a path template. */
export interface GatewayRoute {
  method: string;
  /** `{name}` matches one segment; `{name+}`, at the end, matches all remaining segments. */
  path: string;
  /** Name of its function. */
  name: string;
}

/** The route that a request matched, and the parameters of its path. */
export interface RouteMatch {
  route: GatewayRoute;
  parameters: Record<string, string>;
}

/** A node of the tree of path segments. */
interface Node {
  literals: Map<string, Node>;
  parameter: Node | undefined;
  /** The routes that end here, by method. */
  routes: Map<string, Compiled>;
  /** The greedy routes that match all segments from here, by method. */
  greedy: Map<string, Compiled>;
}

interface Compiled {
  route: GatewayRoute;
  /** Parameter names, in the order of the path. */
  names: string[];
}

interface Found extends Compiled {
  values: string[];
}

/**
 * Matches routes as API Gateway does: on the decoded path, segment by segment. A full match has priority over a
 * greedy parameter, a literal segment over a parameter, and a method's own route over `ANY`.
 */
export class Router {
  readonly #root = node();

  constructor(routes: readonly GatewayRoute[]) {
    for (const route of routes) this.#add(route);
  }

  /** @param path - the decoded path */
  match(method: string, path: string): RouteMatch | undefined {
    const segments = path.split('/');
    const found =
      findFull(this.#root, segments, 1, method, []) ?? findGreedy(this.#root, segments, 1, method, []);
    if (!found || segments[0] !== '') return undefined;
    const { route, names, values } = found;
    return {
      route,
      parameters: Object.fromEntries(names.map((name, at) => [name, defined(values[at], name)])),
    };
  }

  #add(route: GatewayRoute): void {
    const names: string[] = [];
    let at = this.#root;
    for (const segment of route.path.split('/').slice(1)) {
      if (!segment.startsWith('{')) {
        at = at.literals.get(segment) ?? put(at.literals, segment, node());
        continue;
      }
      names.push(segment.slice(1, segment.endsWith('+}') ? -2 : -1));
      if (segment.endsWith('+}')) {
        at.greedy.set(route.method, { route, names });
        return;
      }
      at.parameter ??= node();
      at = at.parameter;
    }
    at.routes.set(route.method, { route, names });
  }
}

/** A request's target, split. */
export interface Target {
  /** Percent-decoded, as API Gateway matches it. */
  path: string;
  /** Percent-encoded. */
  query: string;
}

/** Splits a request target into path and query; undefined if the path cannot be decoded. */
export function readTarget(target: string): Target | undefined {
  // The absolute form, which proxies receive, starts with the server.
  const relative = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?]*/i, '');
  const at = relative.indexOf('?');
  const path = at < 0 ? relative : relative.slice(0, at);
  const query = at < 0 ? '' : relative.slice(at + 1);
  try {
    return { path: path.includes('%') ? decodeURIComponent(path) : path, query };
  } catch {
    return undefined;
  }
}

function node(): Node {
  return { literals: new Map(), parameter: undefined, routes: new Map(), greedy: new Map() };
}

function put<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.set(key, value);
  return value;
}

function findFull(
  at: Node,
  segments: string[],
  depth: number,
  method: string,
  values: string[],
): Found | undefined {
  const segment = segments[depth];
  if (segment === undefined) {
    const ending = at.routes.get(method) ?? at.routes.get('ANY');
    return ending && { ...ending, values };
  }
  const literal = at.literals.get(segment);
  const found = literal && findFull(literal, segments, depth + 1, method, values);
  // An empty segment is not a value: /items/ does not match /items/{id}.
  if (found || !at.parameter || segment === '') return found;
  return findFull(at.parameter, segments, depth + 1, method, [...values, segment]);
}

/** The deepest greedy route has priority because it is the most specific. */
function findGreedy(
  at: Node,
  segments: string[],
  depth: number,
  method: string,
  values: string[],
): Found | undefined {
  const segment = segments[depth];
  if (segment === undefined) return undefined;
  const literal = at.literals.get(segment);
  const deeper =
    (literal && findGreedy(literal, segments, depth + 1, method, values)) ??
    (at.parameter && segment !== ''
      ? findGreedy(at.parameter, segments, depth + 1, method, [...values, segment])
      : undefined);
  if (deeper) return deeper;
  const greedy = at.greedy.get(method) ?? at.greedy.get('ANY');
  const rest = segments.slice(depth).join('/');
  return greedy && rest !== '' ? { ...greedy, values: [...values, rest] } : undefined;
}
