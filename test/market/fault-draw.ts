import { type Endpoint, FAULT_KINDS, FAULTS, type Fault, type FaultKind } from './faults.ts';
import { hash, type Random, random } from './random.ts';

export interface RandomFaults {
  /** Share of requests that get a fault, from 0 to 1. */
  rate: number;
  seed: number;
  /** Kinds to draw from; by default all that affect one answer only, see {@link TRANSIENT_KINDS}. */
  kinds?: readonly FaultKind[];
  /** The symbols that get faults; by default all. */
  symbols?: readonly string[];
  /** The endpoints that get faults; by default those that have a symbol. */
  endpoints?: readonly Endpoint[];
}

/** Kinds that do not change the market: later answers are unaffected. */
export const TRANSIENT_KINDS: readonly FaultKind[] = FAULT_KINDS.filter((kind) => !FAULTS[kind].persistent);

/** Endpoints whose requests are for one symbol. All symbols share the crumb, so its requests depend on their order. */
const SYMBOL_ENDPOINTS: readonly Endpoint[] = ['chart', 'quote_summary', 'stooq', 'alpaca', 'tiingo'];

/**
 * Draws the random fault of a request. It depends only on the seed, the endpoint, the symbol and the number of earlier
 * requests for them, so requests may interleave in any order.
 *
 * @param count - requests to this endpoint for this symbol before this one
 */
export function faultByChance(
  { rate, seed, kinds = TRANSIENT_KINDS, symbols, endpoints = SYMBOL_ENDPOINTS }: RandomFaults,
  endpoint: Endpoint,
  symbol: string | undefined,
  count: number,
): Fault | undefined {
  if (!endpoints.includes(endpoint) || (symbols && !(symbol && symbols.includes(symbol)))) return undefined;
  const source = random(hash(seed, endpoint, symbol ?? '', count));
  return source.next() < rate ? drawFault(source, endpoint, kinds) : undefined;
}

/**
 * Draws a fault with its parameters.
 *
 * @example
 * market.faults.add({ symbol: 'AAPL', times: Infinity, fault: drawFault(random(7), 'chart') });
 *
 * @returns undefined if none of the kinds can happen to the endpoint
 */
export function drawFault(
  source: Random,
  endpoint: Endpoint,
  kinds: readonly FaultKind[] = TRANSIENT_KINDS,
): Fault | undefined {
  const [first, ...others] = kinds.filter((kind) => FAULTS[kind].endpoints.includes(endpoint));
  return first && withParameters(source, source.pick([first, ...others]));
}

function withParameters(source: Random, kind: FaultKind): Fault {
  const ratio = () => source.pick([2, 3, 4, 1.5, 0.1]);
  // Without a report, a split of three for two may look like a volatile day.
  const clearRatio = () => source.pick([2, 3, 4, 0.1]);
  switch (kind) {
    case 'rate_limit':
      return source.next() < 0.5 ? { kind } : { kind, retryAfter: 1 + source.int(3) };
    case 'rate_limit_crumb':
      return { kind, status: source.pick([200, 429]) };
    case 'rate_limit_delisted':
      return { kind, status: source.pick([200, 404, 429]) };
    case 'server_error':
      return { kind, status: source.pick([500, 502, 503]) };
    case 'reset':
      return { kind, at: source.pick(['before', 'body']) };
    case 'truncated':
      return { kind, share: source.between(0.05, 0.95) };
    case 'empty':
      return { kind, form: source.pick(['null', 'list', 'no_timestamps', 'stub']) };
    case 'null_prices':
      return {
        kind,
        rows: 1 + source.int(3),
        ...(source.next() < 0.5 && { only: source.pick(['open', 'high', 'low', 'close', 'volume']) }),
      };
    case 'nan_prices':
      return { kind, form: source.pick(['token', 'string']) };
    case 'daily_limit':
      return { kind, status: source.pick([200, 429]) };
    case 'missing_recent':
      return { kind, days: 1 + source.int(5) };
    case 'evening_stamps':
      return { kind, rows: 1 + source.int(8) };
    case 'missing_field':
      return {
        kind,
        field: source.pick([
          'adjclose',
          'exchangeTimezoneName',
          'currentTradingPeriod',
          'close',
          'volume',
          'currency',
        ]),
      };
    case 'unequal_columns':
      return { kind, column: source.pick(['open', 'high', 'low', 'close', 'volume']) };
    case 'clock_skew':
      return { kind, hours: (3 + source.int(12)) * source.pick([1, -1]) };
    case 'split':
    case 'split_unapplied':
    case 'split_reversed':
      return { kind, ratio: ratio() };
    case 'split_untold':
    case 'page_restated':
      return { kind, ratio: clearRatio() };
    case 'split_shifted':
      return { kind, ratio: ratio(), sessions: (1 + source.int(8)) * source.pick([1, -1]) };
    case 'split_late':
      return { kind, ratio: clearRatio(), sessions: 1 + source.int(4) };
    case 'mixed_units':
      return { kind, rows: 1 + source.int(4), factor: source.pick([100, 0.01]) };
    case 'non_positive_price':
      return { kind, price: source.pick([0, -1]) };
    case 'slipped_decimal':
      return {
        kind,
        column: source.pick(['open', 'high', 'low', 'close']),
        factor: source.pick([10, 100, 1000, 0.1, 0.01, 0.001]),
      };
    case 'dividend_unapplied':
    case 'dividend_untold':
      return { kind, share: source.between(0.005, 0.05) };
    case 'dividend_shifted':
      return {
        kind,
        share: source.between(0.005, 0.05),
        sessions: (3 + source.int(6)) * source.pick([1, -1]),
      };
    case 'dividend_misstated':
      return { kind, share: source.between(0.005, 0.05), times: source.pick([0.01, 0.5, 2, 100]) };
    case 'restated_close':
      return { kind, factor: source.between(0.98, 1.02) };
    default:
      // TypeScript does not compare a union of so many kinds with another.
      return { kind } as Fault;
  }
}
