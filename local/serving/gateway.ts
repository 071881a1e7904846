import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { GATEWAY_ROUTES } from '../../functions/api/routes.ts';
import { BoursomaticError, ConfigurationError } from '../../functions/shared/errors.ts';
import { log } from '../../functions/shared/telemetry.ts';
import { type GatewayAnswer, gatewayMessage, readAnswer, writeAnswer } from './gateway-answer.ts';
import { isTooLargeForLambda, readBody } from './gateway-body.ts';
import { buildContext, buildEvent, INTEGRATION_LIMIT_MS } from './gateway-event.ts';
import { type GatewayRoute, type RouteMatch, Router, readTarget, type Target } from './gateway-routes.ts';

/** Largest request line and headers that API Gateway takes. */
const HEADERS_LIMIT_BYTES = 10_240;

/** As long as a load balancer keeps one: a client that asks again a little later need not connect again. */
const IDLE_CONNECTION_MS = 60_000;

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
  routes?: readonly GatewayRoute[];
  /** Tried where no route matches (a page's files, say): answers and returns true, or leaves it and returns false. */
  fallback?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** How long a function may take; API Gateway's limit by default. */
  timeLimitMs?: number;
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
  const { port, host = '127.0.0.1', handlers, routes = GATEWAY_ROUTES } = options;
  for (const { name } of routes) {
    if (!Object.hasOwn(handlers, name)) throw new ConfigurationError(`gateway: no handler for ${name}`);
  }
  const serving: Serving = {
    handlers,
    router: new Router(routes),
    fallback: options.fallback ?? (() => false),
    timeLimitMs: options.timeLimitMs ?? INTEGRATION_LIMIT_MS,
  };
  const limits = { maxHeaderSize: HEADERS_LIMIT_BYTES, keepAliveTimeout: IDLE_CONNECTION_MS };
  const server = createServer(limits, (request, response) => {
    void serve({ id: randomUUID(), server, request, response }, serving);
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

interface Exchange {
  id: string;
  server: Server;
  request: IncomingMessage;
  response: ServerResponse;
}

type Serving = Required<Pick<GatewayOptions, 'handlers' | 'fallback' | 'timeLimitMs'>> & { router: Router };

async function serve(exchange: Exchange, serving: Serving): Promise<void> {
  try {
    const { request, response } = exchange;
    const target = readTarget(request.url ?? '/');
    if (!target) return respond(exchange, gatewayMessage(400, 'Bad Request'));
    const match = serving.router.match(request.method ?? 'GET', target.path);
    if (match) return respond(exchange, await invoke(exchange, serving, { match, ...target }));
    if (!serving.fallback(request, response)) respond(exchange, gatewayMessage(404, 'Not Found'));
  } catch (error) {
    fail(exchange, error);
  }
}

async function invoke(
  { id, request }: Exchange,
  { handlers, timeLimitMs }: Serving,
  target: Target & { match: RouteMatch },
): Promise<GatewayAnswer> {
  const body = await readBody(request);
  if (body === 'too-large') return gatewayMessage(413, 'Request Entity Too Large');
  const { name } = target.match.route;
  const event = buildEvent({ id, message: request, body, ...target });
  if (isTooLargeForLambda(event)) return gatewayMessage(413, 'Request Entity Too Large');
  const working = handlers[name]?.(event, buildContext(name, id));
  const result = await inTime(working, timeLimitMs);
  return result === LATE ? gatewayMessage(503, 'Service Unavailable') : readAnswer(result);
}

const LATE = Symbol('late');

/** What work comes to, or that it took too long: it goes on, and nobody waits for it. */
async function inTime<T>(
  work: Promise<T> | undefined,
  milliseconds: number,
): Promise<T | undefined | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, milliseconds, LATE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function respond({ id, server, request, response }: Exchange, answer: GatewayAnswer): void {
  // A gateway that is closing answers what is under way, and asks the client not to come back.
  writeAnswer(response, answer, { id, bodiless: request.method === 'HEAD', last: !server.listening });
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
  respond(exchange, gatewayMessage(500, 'Internal Server Error'));
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
