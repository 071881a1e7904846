import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { GATEWAY_ROUTES } from '../../functions/api/routes.ts';
import { ConfigurationError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { log } from '../../functions/shared/telemetry.ts';
import { type ClientReader, clientReader } from './client.ts';
import { type GatewayAnswer, gatewayMessage, readAnswer, writeAnswer } from './gateway-answer.ts';
import { isTooLargeForLambda, readBody } from './gateway-body.ts';
import { buildContext, buildEvent, INTEGRATION_LIMIT_MS } from './gateway-event.ts';
import { hostCheck, isUnspecified, OTHER_HOST } from './gateway-hosts.ts';
import { BodyMemory, type BodyShare, type GatewayLimits, LIMITS } from './gateway-limits.ts';
import { type GatewayRoute, type RouteMatch, Router, readTarget, type Target } from './gateway-routes.ts';
import { listen } from './listen.ts';

/** API Gateway's limit for the request line and headers. */
const HEADERS_LIMIT_BYTES = 10_240;

/** Idle time of a connection, that of a load balancer, so that a client's next request reuses the connection. */
const IDLE_CONNECTION_MS = 60_000;

/** How often the server looks for requests that did not arrive in time. */
const TIMEOUT_CHECK_MS = 2_000;

/** When the gateway closes, time for open requests to end. */
const CLOSING_LIMIT_MS = 2_000;

/** The response if the memory for bodies is full. */
const BODIES_FULL: GatewayAnswer = {
  ...gatewayMessage(503, 'Service Unavailable'),
  headers: { 'content-type': 'application/json', 'retry-after': '5' },
};

export type GatewayHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<unknown>;

/** How to start a gateway. */
export interface GatewayOptions {
  /** 0 takes a free port. */
  port: number;
  /** IP address to listen on; the loopback address by default, so that other machines cannot connect. */
  host?: string | undefined;
  /** Functions by the name of their routes. */
  handlers: Readonly<Record<string, GatewayHandler>>;
  /** The API's routes by default. */
  routes?: readonly GatewayRoute[];
  /** Called if no route matches, for example for a page's files. Responds and returns true, or returns false. */
  fallback?: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  /** Time limit of a function; API Gateway's by default. */
  timeLimitMs?: number;
  /** Names of this server besides those of the loopback address, without a port. Requests for others are refused. */
  hosts?: readonly string[] | undefined;
  /** The proxies whose forwarded headers are believed, as {@link clientReader} takes them. */
  proxies?: readonly string[] | undefined;
  limits?: GatewayLimits;
}

/** A listening gateway. */
export interface Gateway {
  /** The address for a browser on this machine. */
  url: string;
  /** Stops listening, waits for open requests, and closes every connection. */
  close(): Promise<void>;
}

/**
 * Serves functions over HTTP as an API Gateway HTTP API does (payload format 2.0), so that the deployed handlers run
 * unchanged on one machine.
 *
 * @throws BoursomaticError (`port_in_use`) if the port is taken, (`port_refused`) if only root may listen on it
 * @throws BadInputError if this machine does not have the address
 * @throws ConfigurationError if a route has no handler
 * @example
 * const gateway = await startGateway({ port: 0, handlers: { recommendations, health } });
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const {
    port,
    host = '127.0.0.1',
    handlers,
    routes = GATEWAY_ROUTES,
    hosts = [],
    limits = LIMITS,
  } = options;
  for (const { name } of routes) {
    if (!Object.hasOwn(handlers, name)) throw new ConfigurationError(`gateway: route ${name} has no handler`);
  }
  const serving: Serving = {
    handlers,
    router: new Router(routes),
    fallback: options.fallback ?? (() => false),
    timeLimitMs: options.timeLimitMs ?? INTEGRATION_LIMIT_MS,
    isOwnHost: hostCheck(host, hosts),
    readClient: clientReader(options.proxies),
    memory: new BodyMemory(limits.bufferedBytes),
  };
  const settings = {
    maxHeaderSize: HEADERS_LIMIT_BYTES,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(limits.headersMs, TIMEOUT_CHECK_MS),
  };
  const server = createServer(settings, (request, response) => {
    void serve({ id: randomUUID(), server, request, response }, serving);
  });
  server.maxConnections = limits.connections;
  await listen(server, port, host);
  const { port: bound } = server.address() as AddressInfo;
  const reached = isUnspecified(host) ? (isIPv6(host) ? '::1' : '127.0.0.1') : host;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${isIPv6(reached) ? `[${reached}]` : reached}:${bound}`,
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

type Serving = Required<Pick<GatewayOptions, 'handlers' | 'fallback' | 'timeLimitMs'>> & {
  router: Router;
  isOwnHost: (host: string | undefined) => boolean;
  readClient: ClientReader;
  memory: BodyMemory;
};

async function serve(exchange: Exchange, serving: Serving): Promise<void> {
  try {
    const { request, response } = exchange;
    if (!serving.isOwnHost(request.headers.host)) return respond(exchange, OTHER_HOST);
    const target = readTarget(defined(request.url, 'URL of a request'));
    if (!target) return respond(exchange, gatewayMessage(400, 'Bad Request'));
    const match = serving.router.match(defined(request.method, 'method of a request'), target.path);
    if (match) {
      const share = serving.memory.reserve();
      try {
        respond(exchange, await invoke(exchange, serving, { match, share, ...target }));
      } finally {
        share.release();
      }
      return;
    }
    if (!(await serving.fallback(request, response))) respond(exchange, gatewayMessage(404, 'Not Found'));
  } catch (error) {
    fail(exchange, error);
  }
}

async function invoke(
  { id, request }: Exchange,
  { handlers, timeLimitMs, readClient }: Serving,
  { share, ...target }: Target & { match: RouteMatch; share: BodyShare },
): Promise<GatewayAnswer> {
  // A client that disconnects while it sends the body no longer has an address.
  const client = readClient(request);
  const body = await readBody(request, share);
  if (body === 'no-memory') return BODIES_FULL;
  if (body === 'too-large') return gatewayMessage(413, 'Request Entity Too Large');
  const { name } = target.match.route;
  const event = buildEvent({ id, message: request, client, body, ...target });
  if (isTooLargeForLambda(event)) return gatewayMessage(413, 'Request Entity Too Large');
  const handler = defined(handlers[name], `handler of ${name}`);
  const result = await inTime(handler(event, buildContext(name, id)), timeLimitMs);
  return result === LATE ? gatewayMessage(503, 'Service Unavailable') : readAnswer(result);
}

const LATE = Symbol('late');

/** The result of the work, or LATE after the time limit; late work continues and its result is dropped. */
async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T | typeof LATE> {
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
  // A closing gateway answers open requests, and closes their connections. The rest of a refused body is not read.
  const last = !server.listening || answer === BODIES_FULL;
  writeAnswer(response, answer, { id, bodiless: request.method === 'HEAD', last });
}

/** Answers a function's failure with a 500 without its message, as API Gateway does. */
function fail(exchange: Exchange, error: unknown): void {
  const { id, request, response } = exchange;
  // The client has disconnected: there is nobody to answer, and nothing to report.
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

async function close(server: Server): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), CLOSING_LIMIT_MS);
  try {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  } finally {
    clearTimeout(timer);
  }
}
