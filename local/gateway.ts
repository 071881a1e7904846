import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { ROUTES, type Route } from '../functions/api/routes.ts';
import { BoursomaticError, ConfigurationError } from '../functions/shared/errors.ts';
import { log } from '../functions/shared/telemetry.ts';
import { type GatewayAnswer, gatewayMessage, readAnswer, writeAnswer } from './gateway-answer.ts';
import { buildContext, buildEvent } from './gateway-event.ts';
import { matchRoute, type RouteMatch } from './gateway-routes.ts';

/** Largest body that API Gateway can pass to a Lambda. */
export const BODY_LIMIT_BYTES = 6 * 1024 * 1024;

/** Requests under way when the gateway closes get this long to end. */
const CLOSING_PATIENCE_MS = 2_000;

/** A function as Lambda runs it. */
export type GatewayHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<unknown>;

/** How to start a gateway. */
export interface GatewayOptions {
  /** 0 for any free one. */
  port: number;
  /** A loopback address by default, so that nobody else on the network is served. */
  host?: string;
  /** The function of each route, by the route's name. */
  handlers: Readonly<Record<string, GatewayHandler>>;
  /** The API's own routes by default. */
  routes?: readonly Route[];
  /** Tried where no route matches (a page's files, say): answers and returns true, or leaves it and returns false. */
  fallback?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** A gateway that listens. */
export interface Gateway {
  url: string;
  /** Stops listening, lets requests under way end, and closes every connection. */
  close(): Promise<void>;
}

/**
 * Serves functions over HTTP the way API Gateway's HTTP API does (payload format 2.0), so that the very
 * handlers that are deployed answer on one machine.
 *
 * @throws BoursomaticError (`port_in_use`) if the port is taken
 * @throws ConfigurationError if a route has no handler
 * @example
 * const gateway = await startGateway({ port: 0, handlers: { recommendations, health } });
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { port, host = '127.0.0.1', handlers, routes = ROUTES, fallback = () => false } = options;
  for (const { name } of routes) {
    if (!Object.hasOwn(handlers, name)) throw new ConfigurationError(`gateway: no handler for ${name}`);
  }
  const server = createServer((request, response) => {
    void serve({ id: randomUUID(), server, request, response, routes, handlers, fallback });
  });
  await listen(server, port, host);
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () => {
      closed ??= close(server);
      return closed;
    },
  };
}

interface Exchange extends Required<Pick<GatewayOptions, 'handlers' | 'routes' | 'fallback'>> {
  id: string;
  server: Server;
  request: IncomingMessage;
  response: ServerResponse;
}

async function serve(exchange: Exchange): Promise<void> {
  try {
    const { request, response, routes, fallback } = exchange;
    const [encodedPath, query] = splitTarget(request.url ?? '/');
    const path = decode(encodedPath);
    if (path === undefined) return respond(exchange, gatewayMessage(400, 'Bad Request'));
    const match = matchRoute(routes, request.method ?? 'GET', path);
    if (match) return respond(exchange, await invoke(exchange, match, path, query));
    if (!fallback(request, response)) respond(exchange, gatewayMessage(404, 'Not Found'));
  } catch (error) {
    fail(exchange, error);
  }
}

async function invoke(
  { id, request, handlers }: Exchange,
  match: RouteMatch,
  path: string,
  query: string,
): Promise<GatewayAnswer> {
  const body = await readBody(request);
  if (!body) return gatewayMessage(413, 'Request Entity Too Large');
  const { name } = match.route;
  const event = buildEvent({ id, message: request, path, query, match, body });
  return readAnswer(await handlers[name]?.(event, buildContext(name, id)));
}

function respond({ id, server, request, response }: Exchange, answer: GatewayAnswer): void {
  response.setHeader('apigw-requestid', id);
  // A gateway that is closing answers what is under way, and asks the client not to come back.
  if (!server.listening) response.setHeader('connection', 'close');
  writeAnswer(response, answer, { bodiless: request.method === 'HEAD' });
}

/** A function's failure is a 500 without its text, as API Gateway has it. */
function fail(exchange: Exchange, error: unknown): void {
  const { id, request, response } = exchange;
  // The client has gone: there is nobody to tell, and nothing is wrong.
  if (response.destroyed) return;
  log('error', 'gateway request failed', {
    requestId: id,
    method: request.method,
    error: error instanceof Error ? `${error.name}: ${error.message}` : typeof error,
  });
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  respond(exchange, gatewayMessage(500, 'Internal Server Error'));
}

/** Reads a body; undefined if it is too large, whose rest is read too so that the client gets to the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT_BYTES) chunks.push(chunk);
  }
  return size <= BODY_LIMIT_BYTES ? Buffer.concat(chunks) : undefined;
}

function splitTarget(target: string): [path: string, query: string] {
  const at = target.indexOf('?');
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      const message = `port ${port} is in use: give another with --port, or --port 0 for any free one`;
      reject(new BoursomaticError('port_in_use', message, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

async function close(server: Server): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), CLOSING_PATIENCE_MS);
  try {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  } finally {
    clearTimeout(timer);
  }
}
