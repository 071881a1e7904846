/** The kinds of request that the server distinguishes. */
export type Endpoint =
  | 'chart'
  | 'quote_summary'
  | 'crumb'
  | 'cookie'
  | 'stooq'
  | 'alpaca'
  | 'tiingo'
  | 'massive';

/**
 * The outcome of a fault for a correct client: the reason of an instrument's failure, as this project's providers name
 * it, or one of
 *
 * - `data_quality`: Load refuses the series or its faulty bars, because they cannot be true;
 * - `harmless`: nothing is lost, and the client has the true bars (of a restated history, the new ones).
 */
export type Expectation =
  | 'rate_limited'
  | 'quota_exceeded'
  | 'not_covered'
  | 'blocked'
  | 'key_refused'
  | 'timeout'
  | 'unavailable'
  | 'schema_drift'
  | 'not_found'
  | 'delisted'
  | 'partial_answer'
  | 'data_quality'
  | 'harmless';

/** A fault of an answer. The market's seed decides absent parameters. */
export type Fault = TransportFault | DataFault;

/** The answer fails: the client gets none, or one without data. A retry may succeed. */
export type TransportFault =
  | { kind: 'rate_limit'; retryAfter?: number }
  | { kind: 'rate_limit_crumb'; status?: 200 | 429 }
  | { kind: 'rate_limit_delisted'; status?: 200 | 404 | 429 }
  | { kind: 'rate_limit_html' }
  | { kind: 'unauthorized' }
  | { kind: 'crumb_expired' }
  | { kind: 'server_error'; status?: 500 | 502 | 503 }
  | { kind: 'hang' }
  | { kind: 'slow_drip'; bytes?: number; everyMs?: number }
  | { kind: 'reset'; at?: 'before' | 'body' }
  | { kind: 'truncated'; share?: number }
  | { kind: 'proof_of_work' }
  | { kind: 'daily_limit'; status?: 200 | 429 }
  | { kind: 'key_refused' }
  | { kind: 'plan_refused' }
  | { kind: 'symbol_refused' };

/** The answer looks good but is wrong, or the market itself has changed. Days are `YYYY-MM-DD`. */
export type DataFault =
  | { kind: 'empty'; form?: 'null' | 'list' | 'no_timestamps' | 'stub' }
  | { kind: 'null_prices'; rows?: number; only?: Column }
  | { kind: 'nan_prices'; form?: 'token' | 'string' }
  | { kind: 'unclosed_bar' }
  | { kind: 'missing_recent'; days?: number }
  | { kind: 'missing_middle'; day?: string }
  | { kind: 'duplicate_last' }
  | { kind: 'evening_stamps'; rows?: number }
  | { kind: 'split_unapplied'; day?: string; ratio?: number }
  | { kind: 'split_reversed'; day?: string; ratio?: number }
  | { kind: 'extra_fields' }
  | { kind: 'missing_field'; field?: MissingField }
  | { kind: 'unequal_columns'; column?: Column }
  | { kind: 'clock_skew'; hours?: number }
  | { kind: 'single_bar' }
  | { kind: 'non_positive_price'; day?: string; price?: number }
  | { kind: 'high_below_low'; day?: string }
  | { kind: 'zero_volume'; day?: string }
  | { kind: 'negative_volume'; day?: string }
  | { kind: 'price_jump'; day?: string; factor?: number }
  | { kind: 'slipped_decimal'; day?: string; column?: PriceColumn; factor?: number }
  | { kind: 'zero_prices'; day?: string }
  | { kind: 'narrow_high'; day?: string }
  | { kind: 'no_adjusted_close'; day?: string }
  | { kind: 'dividend_unapplied'; day?: string; share?: number }
  | { kind: 'dividend_untold'; day?: string; share?: number }
  | { kind: 'split_untold'; day?: string; ratio?: number }
  | { kind: 'split_shifted'; day?: string; ratio?: number; sessions?: number }
  | { kind: 'split_late'; ratio?: number; sessions?: number }
  | { kind: 'dividend_shifted'; day?: string; share?: number; sessions?: number }
  | { kind: 'dividend_misstated'; day?: string; share?: number; times?: number }
  | { kind: 'mixed_units'; day?: string; rows?: number; factor?: number }
  | { kind: 'wrong_unit' }
  | { kind: 'other_unit' }
  | { kind: 'wrong_shape' }
  | { kind: 'symbol_missing' }
  | { kind: 'foreign_symbol' }
  | { kind: 'page_cut' }
  | { kind: 'page_repeated' }
  | { kind: 'page_restated'; ratio?: number }
  | { kind: 'split'; exDay?: string; ratio?: number }
  | { kind: 'restated_close'; day?: string; factor?: number }
  | { kind: 'renamed'; to?: string }
  | { kind: 'delisted' };

/** Columns of a chart. */
export type Column = 'open' | 'high' | 'low' | 'close' | 'volume';

export type PriceColumn = Exclude<Column, 'volume'>;

/** Fields of Yahoo's answers on which a client relies. */
export type MissingField =
  | 'adjclose'
  | 'exchangeTimezoneName'
  | 'currentTradingPeriod'
  | 'close'
  | 'volume'
  | 'currency';

export type FaultKind = Fault['kind'];

export interface FaultInfo {
  readonly category: 'transport' | 'data';
  /** Whether it changes the market, and so all later answers, rather than one answer. */
  readonly persistent: boolean;
  readonly endpoints: readonly Endpoint[];
  /**
   * The outcomes that a correct client may have, the best first. For a transport fault, they apply once the client has
   * given up: a retry may have helped.
   */
  readonly expected: readonly [Expectation, ...Expectation[]];
  /** Whether it affects one symbol of a request for several, or all of them. */
  readonly hits: 'one' | 'all';
  readonly about: string;
}

const YAHOO: readonly Endpoint[] = ['chart', 'quote_summary', 'crumb'];
const KEYED: readonly Endpoint[] = ['alpaca', 'tiingo'];
const BARS: readonly Endpoint[] = ['chart', 'stooq', ...KEYED];
const APIS: readonly Endpoint[] = ['chart', 'quote_summary', 'stooq', ...KEYED];
const ALL: readonly Endpoint[] = [...APIS, 'crumb', 'cookie', 'massive'];
/** Vendors that report splits and dividends. Without reports, a wrong dividend looks like a move of the market. */
const REPORTING: readonly Endpoint[] = ['chart', 'tiingo'];

// Either the provider or Load's checks may detect a gap or an impossible value.
const GAP = ['partial_answer', 'data_quality'] as const;
const IMPOSSIBLE = ['data_quality', 'partial_answer'] as const;

const transport = (about: string, endpoints: readonly Endpoint[], ...expected: FaultInfo['expected']) =>
  ({ category: 'transport', persistent: false, endpoints, expected, hits: 'all', about }) as const;
const data = (about: string, endpoints: readonly Endpoint[], ...expected: FaultInfo['expected']) =>
  ({ category: 'data', persistent: false, endpoints, expected, hits: 'one', about }) as const;
/** A data fault of a whole answer, which affects all symbols of it. */
const page = (about: string, endpoints: readonly Endpoint[], ...expected: FaultInfo['expected']) =>
  ({ ...data(about, endpoints, ...expected), hits: 'all' }) as const;
const lasting = (about: string, ...expected: FaultInfo['expected']) =>
  ({ category: 'data', persistent: true, endpoints: BARS, expected, hits: 'one', about }) as const;

/** Every kind of fault: its effect, its endpoints and its expected outcomes. */
export const FAULTS: Readonly<Record<FaultKind, FaultInfo>> = {
  rate_limit: transport('HTTP 429 in plain text, with Retry-After if given', ALL, 'rate_limited'),
  rate_limit_crumb: transport('"Too Many Requests" instead of the crumb', ['crumb'], 'rate_limited'),
  rate_limit_delisted: transport(
    'a throttled request answered as "No data found, symbol may be delisted"',
    ['chart'],
    ...(['rate_limited', 'not_found', 'delisted'] as const),
  ),
  rate_limit_html: transport('HTTP 429 with a page', ALL, 'rate_limited'),
  unauthorized: transport('HTTP 401', YAHOO, 'blocked'),
  crumb_expired: transport(
    'HTTP 401, because the crumb has expired',
    ['quote_summary'],
    'blocked',
    'harmless',
  ),
  server_error: transport('HTTP 500, 502 or 503', ALL, 'unavailable'),
  hang: transport('no answer', ALL, 'timeout'),
  slow_drip: transport('the answer arrives a few bytes at a time', ALL, 'timeout'),
  reset: transport('the connection is reset before or within the answer', ALL, 'unavailable'),
  truncated: transport('half the answer, sent as if complete', APIS, 'schema_drift', 'unavailable', ...GAP),
  proof_of_work: transport('HTTP 200 with a page whose script must solve a puzzle', ALL, 'blocked'),
  daily_limit: transport(
    "the vendor's sentence that the allowance is used up, with HTTP 200 or 429",
    ['stooq', 'tiingo'],
    'rate_limited',
    'quota_exceeded',
  ),
  key_refused: transport(
    'the key is refused, by Stooq with HTTP 200 and instructions for getting one',
    ['stooq', ...KEYED],
    ...(['key_refused', 'blocked'] as const),
  ),
  plan_refused: transport(
    'HTTP 403, because the plan does not include these days',
    ['alpaca'],
    'not_covered',
  ),
  symbol_refused: {
    ...transport('HTTP 400, because of one symbol', ['alpaca'], 'not_found'),
    hits: 'one',
  },

  empty: page(
    'no result: null, an empty list, no timestamps, or the stub of a renamed symbol',
    APIS,
    'schema_drift',
    'not_found',
    ...GAP,
  ),
  null_prices: data('rows without prices, or without one price', BARS, ...GAP, 'harmless'),
  nan_prices: data('NaN instead of a price, bare (invalid JSON) or as text', BARS, 'schema_drift', ...GAP),
  unclosed_bar: data('the answer as of an instant within the last session', ['chart'], ...GAP, 'harmless'),
  missing_recent: data('the last days are missing', BARS, ...GAP),
  missing_middle: data('a day in the middle is missing', BARS, ...GAP),
  duplicate_last: data('the last row repeated, stamped with the last trade', BARS, 'harmless', ...GAP),
  evening_stamps: data(
    'rows stamped with 22:00 or 23:00 of the evening before',
    ['chart'],
    ...(['harmless', 'data_quality'] as const),
  ),
  split_unapplied: data(
    'a split is announced, but earlier prices are not adjusted',
    REPORTING,
    ...IMPOSSIBLE,
    'harmless',
  ),
  split_reversed: data('one day divided by a ratio, as if split', BARS, 'data_quality'),
  extra_fields: page('unknown fields', APIS, 'harmless'),
  missing_field: data('a field is missing', APIS, 'schema_drift', 'harmless'),
  unequal_columns: data('one column is shorter by one value', BARS, 'schema_drift', ...GAP),
  clock_skew: data('the Date header and the current session are off by hours', ['chart'], 'harmless', ...GAP),
  single_bar: data('only the last row', BARS, ...GAP),
  non_positive_price: data('a low of zero or below', BARS, ...IMPOSSIBLE),
  high_below_low: data('high and low exchanged', BARS, ...IMPOSSIBLE),
  zero_volume: data('a day without volume', BARS, 'harmless', 'data_quality'),
  negative_volume: data('a day with a negative volume', BARS, ...IMPOSSIBLE),
  price_jump: data('one day at ten times its price', BARS, 'data_quality'),
  slipped_decimal: data('one price of a day 10, 100 or 1000 times off', BARS, ...IMPOSSIBLE),
  zero_prices: data('a day with an open, high and low of 0', BARS, ...IMPOSSIBLE),
  narrow_high: data('a high slightly below the close or open', BARS, 'harmless', 'data_quality'),
  no_adjusted_close: data('a day without an adjusted close', REPORTING, ...IMPOSSIBLE, 'harmless'),
  dividend_unapplied: data(
    'a dividend is announced, but not taken off earlier closes',
    REPORTING,
    'data_quality',
  ),
  dividend_untold: data('a dividend is taken off, but not announced', REPORTING, 'data_quality', 'harmless'),
  split_untold: data(
    'earlier prices are on the level before a split that is not announced',
    BARS,
    'data_quality',
  ),
  split_shifted: data(
    'a split is applied up to eight sessions before or after its day, and announced for the wrong one',
    BARS,
    'data_quality',
  ),
  split_late: data('the newest days are split, and nothing says so yet', BARS, 'data_quality', 'harmless'),
  dividend_shifted: data(
    'a dividend is taken off some sessions before or after its day',
    REPORTING,
    'data_quality',
  ),
  dividend_misstated: data(
    'a dividend is announced with another amount than was taken off',
    REPORTING,
    // The provider refuses one above the price where it adjusts the bars itself, as those of 15 minutes.
    'schema_drift',
    'data_quality',
  ),
  mixed_units: data('some days in pence among days in pounds, or the reverse', BARS, 'data_quality'),
  wrong_unit: data('pence with the code of pounds, or the reverse', ['chart'], 'harmless', 'data_quality'),
  other_unit: data('pounds with their code, where other answers have pence', ['chart'], 'harmless'),
  wrong_shape: page('a list instead of an object, or the reverse', KEYED, 'schema_drift'),
  symbol_missing: data('one symbol is missing', ['alpaca'], 'not_found'),
  foreign_symbol: page('a symbol that was not requested', ['alpaca'], 'schema_drift', 'harmless'),
  page_cut: page(
    'half a page, as if it were the last one',
    ['alpaca'],
    'partial_answer',
    'not_found',
    'data_quality',
  ),
  page_repeated: page('the same page twice', ['alpaca'], 'partial_answer', 'harmless'),
  page_restated: page('a share is split while the page is read', ['alpaca'], 'data_quality'),

  split: lasting('a regular split: every earlier price is restated', 'harmless'),
  restated_close: lasting('an earlier day is restated by a factor', 'harmless'),
  renamed: lasting('the symbol is unknown; its data has another symbol', 'not_found', 'delisted'),
  delisted: lasting('the symbol is unknown', 'delisted', 'not_found'),
};

/** All kinds, transport faults first. */
export const FAULT_KINDS = Object.keys(FAULTS) as readonly FaultKind[];
