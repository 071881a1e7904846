/** An endpoint: what a client asks for, and the name of the function that answers it. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A path template as API Gateway writes it; `{name}` stands for one segment. */
  path: string;
  /** The function's name; its handler is `functions/api/<name>.lambda.ts`. */
  name: string;
}

/** Every endpoint of the API: the stack deploys this list, and the local gateway serves it. */
export const ROUTES = [
  { method: 'GET', path: '/v1/recommendations', name: 'recommendations' },
  { method: 'GET', path: '/v1/health', name: 'health' },
] as const satisfies readonly Route[];

/** Name of a function that answers an endpoint. */
export type RouteName = (typeof ROUTES)[number]['name'];
