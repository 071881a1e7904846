/** A route as API Gateway knows it: a method (or `ANY`), and a path template. */
export interface GatewayRoute {
  method: string;
  /** `{name}` stands for one segment, `{name+}` at the end for all that is left. */
  path: string;
  /** The function that answers it. */
  name: string;
}

/** A route that a request matched, and what its path says. */
export interface RouteMatch {
  route: GatewayRoute;
  parameters: Record<string, string>;
}

/** A place in the tree of path segments. */
interface Node {
  literals: Map<string, Node>;
  parameter: Node | undefined;
  /** The routes that end here, by method. */
  routes: Map<string, Compiled>;
  /** The routes that take whatever is left from here on, by method. */
  greedy: Map<string, Compiled>;
}

interface Compiled {
  route: GatewayRoute;
  /** Names of the parameters, in the order of the path. */
  names: string[];
}

interface Found extends Compiled {
  values: string[];
}

/**
 * Finds routes the way API Gateway does: on the decoded path, segment by segment. A full match goes before one with
 * a greedy parameter, a literal segment before a parameter, and a method's own route before `ANY`.
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
    return { route, parameters: Object.fromEntries(names.map((name, at) => [name, values[at] ?? ''])) };
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

/** What a request asks for. */
export interface Target {
  /** Decoded, as API Gateway matches it and hands it over. */
  path: string;
  /** Still encoded. */
  query: string;
}

/** Splits a request's target; undefined if its path cannot be decoded. */
export function readTarget(target: string): Target | undefined {
  // A proxy's form of a request names the server too.
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
  // An empty segment is no value: /items/ is not an item.
  if (found || !at.parameter || segment === '') return found;
  return findFull(at.parameter, segments, depth + 1, method, [...values, segment]);
}

/** The deepest greedy route wins, being the most specific. */
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
