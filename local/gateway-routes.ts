import type { Route } from '../functions/api/routes.ts';

/** A route that a request matched, and what its path says. */
export interface RouteMatch {
  route: Route;
  parameters: Record<string, string>;
}

/**
 * Finds the route of a request the way API Gateway does: on the decoded path, segment by segment, a literal
 * segment before a `{parameter}`. Unlike there, HEAD is served by the GET route, as HTTP has it.
 *
 * @param path - the decoded path
 */
export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const given = path.split('/');
  let best: RouteMatch | undefined;
  for (const route of routes) {
    if (route.method !== wanted) continue;
    const parameters = matchPath(route.path.split('/'), given);
    if (parameters && (!best || isMoreSpecific(route, best.route))) best = { route, parameters };
  }
  return best;
}

function matchPath(template: string[], given: string[]): Record<string, string> | undefined {
  if (template.length !== given.length) return undefined;
  const parameters: [string, string][] = [];
  for (const [index, part] of template.entries()) {
    const value = given[index] ?? '';
    if (!isParameter(part)) {
      if (part !== value) return undefined;
    } else if (value === '') {
      return undefined;
    } else {
      parameters.push([part.slice(1, -1), value]);
    }
  }
  return Object.fromEntries(parameters);
}

/** Of two routes that match the same path: the first difference decides. */
function isMoreSpecific(route: Route, other: Route): boolean {
  const [parts, others] = [route.path.split('/'), other.path.split('/')];
  const index = parts.findIndex((part, at) => isParameter(part) !== isParameter(others[at] ?? ''));
  return index >= 0 && !isParameter(parts[index] ?? '');
}

function isParameter(part: string): boolean {
  return part.startsWith('{') && part.endsWith('}');
}
