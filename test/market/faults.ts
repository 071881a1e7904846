/** The kinds of request that the server tells apart. */
export type Endpoint = 'chart' | 'quote_summary' | 'crumb' | 'cookie' | 'stooq';

/**
 * What a correct client makes of a fault: the reason that it gives for an instrument's failure, in the words of
 * this project's providers, or one of
 *
 * - `data_quality`: the bars are refused, or the faulty ones are, because they cannot be true;
 * - `harmless`: nothing is lost, the client ends up with the truth (for a restated history, the new one).
 */
export type Expectation =
  | 'rate_limited'
  | 'quota_exceeded'
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

/** Something that goes wrong with an answer. What is left out is drawn by the market's seed. */
export type Fault = TransportFault | DataFault;

/** The answer fails: the client gets none, or one that is no data. The next try may be good. */
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
  | { kind: 'daily_limit' }
  | { kind: 'key_refused' };

/** The answer is a success but wrong, or the market itself has changed. Days are `YYYY-MM-DD`. */
export type DataFault =
  | { kind: 'empty'; form?: 'null' | 'list' | 'no_timestamps' }
  | { kind: 'null_prices'; rows?: number; only?: Column }
  | { kind: 'nan_prices'; form?: 'token' | 'string' }
  | { kind: 'unclosed_bar' }
  | { kind: 'missing_recent'; days?: number }
  | { kind: 'missing_middle'; day?: string }
  | { kind: 'duplicate_last' }
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
  | { kind: 'split'; exDay?: string; ratio?: number }
  | { kind: 'restated_close'; day?: string; factor?: number }
  | { kind: 'renamed'; to?: string }
  | { kind: 'delisted' };

/** Columns of a chart. */
export type Column = 'open' | 'high' | 'low' | 'close' | 'volume';

/** Fields that Yahoo's answers have and a client relies on. */
export type MissingField = 'adjclose' | 'exchangeTimezoneName' | 'currentTradingPeriod' | 'close' | 'volume';

export type FaultKind = Fault['kind'];

/** What is known of a kind of fault. */
export interface FaultInfo {
  readonly category: 'transport' | 'data';
  /** Whether it changes the market, and with it all later answers, rather than one answer. */
  readonly persistent: boolean;
  readonly endpoints: readonly Endpoint[];
  /**
   * What a correct client makes of it, the best first; any of them is right. Of a transport fault, once it has
   * given up: trying again may have helped.
   */
  readonly expected: readonly [Expectation, ...Expectation[]];
  readonly about: string;
}

const YAHOO: readonly Endpoint[] = ['chart', 'quote_summary', 'crumb'];
const BARS: readonly Endpoint[] = ['chart', 'stooq'];
const APIS: readonly Endpoint[] = ['chart', 'quote_summary', 'stooq'];
const ALL: readonly Endpoint[] = [...APIS, 'crumb', 'cookie'];

// Whether a hole or a value that cannot be is for the provider to see or for the checks of bars, is a matter of taste.
const GAP = ['partial_answer', 'data_quality'] as const;
const IMPOSSIBLE = ['data_quality', 'partial_answer'] as const;

const transport = (about: string, endpoints: readonly Endpoint[], ...expected: FaultInfo['expected']) =>
  ({ category: 'transport', persistent: false, endpoints, expected, about }) as const;
const data = (about: string, endpoints: readonly Endpoint[], ...expected: FaultInfo['expected']) =>
  ({ category: 'data', persistent: false, endpoints, expected, about }) as const;
const lasting = (about: string, ...expected: FaultInfo['expected']) =>
  ({ category: 'data', persistent: true, endpoints: BARS, expected, about }) as const;

/** Every kind of fault: what it does, where it can happen, and what is to come of it. */
export const FAULTS: Readonly<Record<FaultKind, FaultInfo>> = {
  rate_limit: transport('429 in plain text, with Retry-After if given', ALL, 'rate_limited'),
  rate_limit_crumb: transport('Too Many Requests in place of the crumb', ['crumb'], 'rate_limited'),
  rate_limit_delisted: transport(
    'a throttled request answered as "No data found, symbol may be delisted"',
    ['chart'],
    ...(['rate_limited', 'not_found', 'delisted'] as const),
  ),
  rate_limit_html: transport('429 with a page', ALL, 'rate_limited'),
  unauthorized: transport('401', YAHOO, 'blocked'),
  crumb_expired: transport('401, for the crumb is no longer good', ['quote_summary'], 'blocked', 'harmless'),
  server_error: transport('500, 502 or 503', ALL, 'unavailable'),
  hang: transport('no answer at all', ALL, 'timeout'),
  slow_drip: transport('the answer comes a few bytes at a time', ALL, 'timeout'),
  reset: transport('the connection breaks before the answer, or amid it', ALL, 'unavailable'),
  truncated: transport(
    'half the answer, as though it were whole',
    APIS,
    'schema_drift',
    'unavailable',
    ...GAP,
  ),
  proof_of_work: transport('200 with a page that has a browser solve a puzzle', ALL, 'blocked'),
  daily_limit: transport(
    '200 with Exceeded the daily hits limit',
    ['stooq'],
    'rate_limited',
    'quota_exceeded',
  ),
  key_refused: transport('200 with instructions how to get a key', ['stooq'], 'blocked', 'key_refused'),

  empty: data('no result: null, an empty list, or no timestamps', APIS, 'schema_drift', 'not_found', ...GAP),
  null_prices: data('rows without prices, or without one of them', BARS, ...GAP, 'harmless'),
  nan_prices: data('NaN for a price, bare (which is no JSON) or as text', BARS, 'schema_drift', ...GAP),
  unclosed_bar: data('the answer as it was amid the last session', ['chart'], ...GAP, 'harmless'),
  missing_recent: data('the last days are missing', BARS, ...GAP),
  missing_middle: data('a day in the middle is missing', BARS, ...GAP),
  duplicate_last: data(
    'the last row twice, the second stamped with the last trade',
    BARS,
    'harmless',
    ...GAP,
  ),
  split_unapplied: data(
    'a split is told of, the prices before it are not adjusted',
    ['chart'],
    ...IMPOSSIBLE,
    'harmless',
  ),
  split_reversed: data('one day divided by a ratio as though split, the next is right', BARS, 'data_quality'),
  extra_fields: data('fields that nobody knows', APIS, 'harmless'),
  missing_field: data('a field is missing', APIS, 'schema_drift', 'harmless'),
  unequal_columns: data('a column is one shorter than the others', BARS, 'schema_drift', ...GAP),
  clock_skew: data('the Date header and the current session are hours off', ['chart'], 'harmless', ...GAP),
  single_bar: data('nothing but the last row', BARS, ...GAP),
  non_positive_price: data('a low of zero or less', BARS, ...IMPOSSIBLE),
  high_below_low: data('high and low the wrong way round', BARS, ...IMPOSSIBLE),
  zero_volume: data('a day without volume', BARS, 'harmless', 'data_quality'),
  negative_volume: data('a day with less than no volume', BARS, ...IMPOSSIBLE),
  price_jump: data('one day at ten times its prices', BARS, 'data_quality'),

  split: lasting('an ordinary split: every earlier price is restated', 'harmless'),
  restated_close: lasting('an earlier day is restated by a factor', 'harmless'),
  renamed: lasting('the symbol is unknown, its data are under another', 'not_found', 'delisted'),
  delisted: lasting('the symbol is unknown', 'delisted', 'not_found'),
};

/** All kinds, transport faults first. */
export const FAULT_KINDS = Object.keys(FAULTS) as readonly FaultKind[];
