import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { type Answer, textAnswer } from './answer.ts';
import { chartAnswer, type Question, stooqAnswer, summaryAnswer } from './answers.ts';
import { DEFAULT_TIMING, deliver, type Timing } from './delivery.ts';
import { failingAnswer } from './fault-answer.ts';
import { changeMarket } from './fault-market.ts';
import { type ChosenFault, FaultPlan } from './fault-plan.ts';
import { FAULTS, type Fault, type FaultInfo } from './faults.ts';
import { alpacaAnswer, tiingoAnswer } from './keyed-vendors.ts';
import type { Market } from './market.ts';
import { massiveAnswer } from './massive.ts';
import { hash, random } from './random.ts';
import { type Route, routeOf } from './routes.ts';
import { YahooLogin } from './yahoo-login.ts';

export interface MarketServerOptions {
  market: Market;
  /** Default 0, any free one. */
  port?: number;
  /** The address to listen on. Default 127.0.0.1, which only this machine can reach. */
  host?: string;
  /** The key that Stooq requires; by default any. */
  stooqKey?: string;
  timing?: Partial<Timing>;
}

/** The fault of a request. */
export interface AppliedFault extends Pick<FaultInfo, 'category' | 'persistent' | 'expected'> {
  fault: Fault;
  source: ChosenFault['source'];
  /** Whether it changed the answer: a missing day, for example, changes nothing outside the requested days. */
  changed: boolean;
  /** The symbols that it may affect. */
  symbols: readonly string[];
}

/** A request to the server. */
export interface RequestRecord extends Partial<Route> {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  /** By the wall clock. */
  time: Date;
  /** The status of the answer; absent if none was sent. */
  status?: number;
  fault?: AppliedFault;
}

/** A market on a loopback address, with its controls. */
export interface MarketServer {
  /** The value for YAHOO_ORIGIN, STOOQ_ORIGIN, ALPACA_ORIGIN, TIINGO_ORIGIN and MASSIVE_ORIGIN. */
  readonly origin: string;
  readonly port: number;
  /** Its instruments, clock and true bars; changes affect the next answer. */
  readonly market: Market;
  readonly faults: FaultPlan;
  /** Yahoo's cookies and crumb. */
  readonly login: YahooLogin;
  /** Every request so far, in order. */
  readonly requests: RequestRecord[];
  readonly timing: Timing;
  /**
   * Stops the server and closes every connection.
   *
   * @throws the first defect of the server itself, which its client saw as HTTP 500
   */
  close(): Promise<void>;
}

/**
 * Starts a server on 127.0.0.1 that speaks the formats of Yahoo, Stooq, Alpaca, Tiingo and Massive.
 *
 * @example
 * const server = await startMarket({ market: syntheticMarket({ instruments: 3, days: 300, seed: 7 }) });
 * server.faults.add({ symbol: 'US001', fault: { kind: 'rate_limit', retryAfter: 2 } });
 * // ... let a provider with { origin: server.origin } fetch bars ...
 * server.market.truth('US001', 'daily', '2026-01-01', '2026-03-31');
 * await server.close();
 */
export async function startMarket(options: MarketServerOptions): Promise<MarketServer> {
  const { market, port = 0, host = '127.0.0.1', stooqKey } = options;
  const faults = new FaultPlan();
  const login = new YahooLogin(market.seed);
  const requests: RequestRecord[] = [];
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const defects: unknown[] = [];

  const handle = (request: IncomingMessage, response: ServerResponse) => {
    // A request body must be read to keep the connection alive.
    request.resume();
    const url = new URL(`http://127.0.0.1${request.url}`);
    const route = routeOf(url, market);
    const record: RequestRecord = {
      ...route,
      method: request.method ?? 'GET',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      time: new Date(),
    };
    requests.push(record);
    const chosen = route && faults.next(route);
    const answer = route ? answerTo(record, route, url, chosen) : textAnswer('Not Found', 404);
    const fault = chosen?.fault;
    const isAnswered = fault?.kind !== 'hang' && !(fault?.kind === 'reset' && fault.at !== 'body');
    if (isAnswered) record.status = answer.status;
    deliver(response, answer, new Date(market.now()), timing, fault);
  };

  const answerTo = (
    record: RequestRecord,
    route: Route,
    url: URL,
    chosen: ChosenFault | undefined,
  ): Answer => {
    const cookies = record.headers.cookie ?? '';
    const symbols = route.symbols ?? (route.symbol === undefined ? [] : [route.symbol]);
    const [first = ''] = symbols;
    const seed = hash(market.seed, route.endpoint, first, chosen?.count ?? 0);
    const { headers } = record;
    const hit = symbols[random(hash(seed, 'hit')).int(Math.max(1, symbols.length))];
    const question: Question = {
      ...{ market, login, stooqKey, route, url },
      ...{ cookies, headers, seed, hit, fault: undefined },
    };
    const { method } = record;
    if (!chosen) return healthyAnswer(method, question);
    const { fault, source } = chosen;
    const { category, persistent, expected, hits } = FAULTS[fault.kind];
    const before = healthyAnswer(method, question);
    if (fault.kind === 'crumb_expired') login.expire();
    if (route.symbol) changeMarket(market, route.symbol, fault, random(seed));
    const answer = healthyAnswer(method, { ...question, fault });
    const sent = failingAnswer(fault, answer, route.endpoint, { requested: route.requested, hit });
    const fails = ['hang', 'slow_drip', 'reset'].includes(fault.kind);
    const changed = fails || !isDeepStrictEqual(sent, before);
    // A bare NaN makes the whole answer invalid JSON.
    const isUnreadable = fault.kind === 'nan_prices' && fault.form !== 'string';
    const affected = hits === 'all' || isUnreadable || hit === undefined ? symbols : [hit];
    record.fault = { fault, source, category, persistent, expected, changed, symbols: affected };
    return sent;
  };

  const http = createServer((request, response) => {
    try {
      handle(request, response);
    } catch (defect) {
      defects.push(defect);
      response.writeHead(500).end(`defect of the loopback market: ${defect}`);
    }
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, resolve);
  });
  const address = http.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${address.port}`,
    port: address.port,
    market,
    faults,
    login,
    requests,
    timing,
    close: async () => {
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
      if (defects.length > 0) throw defects[0];
    },
  };
}

function healthyAnswer(method: string, question: Question): Answer {
  const { route, login, url, cookies } = question;
  if (route.endpoint === 'chart') return chartAnswer(question);
  if (route.endpoint === 'quote_summary') return summaryAnswer(question);
  if (route.endpoint === 'stooq') return stooqAnswer(question);
  if (route.endpoint === 'alpaca') return alpacaAnswer(question);
  if (route.endpoint === 'tiingo') return tiingoAnswer(question);
  if (route.endpoint === 'massive') return massiveAnswer(question);
  return login.answer(method, url, cookies) ?? textAnswer('Not Found', 404);
}
