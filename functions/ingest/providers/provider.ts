import type { Interval } from '../../shared/constants.ts';
import type { Attempt, ProviderError } from './errors.ts';

/**
 * One bar, adjusted for splits and dividends.
 *
 * `ts` is the bar's start in milliseconds since the epoch; a daily bar's is midnight UTC of its trading day.
 * Prices are in the instrument's currency, volume in shares.
 */
export interface Bar {
  ts: number;
  o: number;
  h: number;
  l: number;
  c: number;
  v: number;
}

/** A request for bars. Both days are inclusive, `YYYY-MM-DD`. */
export interface BarRequest {
  symbol: string;
  interval: Interval;
  from: string;
  to: string;
  /**
   * The symbols that the caller requests over these days, this one among them: a vendor may answer all of them with one
   * request. Absent where there are no others.
   */
  batch?: readonly string[];
}

/** A request for bars of several instruments over the same days. */
export interface ManyBarsRequest extends Omit<BarRequest, 'symbol' | 'batch'> {
  symbols: readonly string[];
}

/** A split or a dividend, as the source reports it. */
export interface CorporateAction {
  /** The first trading day without the dividend, or with the new shares: `YYYY-MM-DD`. */
  exDay: string;
  kind: 'split' | 'dividend';
  /** A split's new shares for each old one (4 for 4:1); a dividend's cash a share, as paid. */
  value: number;
}

/** What a source says about an instrument in its answer with bars. A fact that it does not say is absent. */
export interface SourceFacts {
  /** ISO 4217 code of the currency of the prices, always of the major unit: GBP where the source quotes pence. */
  currency?: string;
  /** The exchange by the source's name. */
  exchange?: string;
  /** The exchange's IANA time zone. */
  timeZone?: string;
  /** Whether it trades on Saturdays and Sundays, too, as cryptocurrencies do. */
  tradesEveryDay?: boolean;
  /** False where the source has no volume of this kind of instrument, as of currencies, funds and some indices. */
  hasVolume?: boolean;
}

/** A provider's bars of one instrument within the requested days. */
export interface FetchedBars extends SourceFacts {
  /**
   * Closed bars, adjusted for all actions that the source knows, ascending by ts. A value that the source lacks is
   * NaN. Two rows of one day that differ are both here, with one ts; the quality gate doubts both.
   */
  bars: Bar[];
  /** Splits and dividends within those days, ascending by exDay; empty where the source has or reports none. */
  actions: CorporateAction[];
  /**
   * The source's factor adjusted close / close at the first bar and wherever it changes, as [ts, factor]. It shows how
   * the source applied each dividend. Absent where the source does not send both closes.
   */
  adjustments?: [ts: number, factor: number][];
  /** The provider that answered, where failover chose among several. */
  provider?: string;
  /** The providers that refused before it, and why. */
  attempts?: Attempt[];
}

/** An instrument as a provider describes it. */
export interface Listing {
  symbol: string;
  exchange?: string;
  name?: string;
  sector?: string;
  /** ISO 4217 code of the currency of `marketCap`, always of the major unit. */
  currency?: string;
  /** In `currency`; absent where the source has none. */
  marketCap?: number;
  /** Price over the earnings of the last twelve months; absent where there are none. */
  trailingPe?: number;
}

/** A source of bars. Each vendor's client knows its vendor's format and nothing else of the pipeline. */
export interface Provider {
  readonly name: string;
  /** Calls of `fetchBars` that may be in flight at once; 1 where it is absent. */
  readonly concurrency?: number;
  /**
   * Fetches the bars of one instrument within the requested days, ascending by ts. No bars is not an error.
   *
   * @throws ProviderError with the reason of the refusal
   */
  fetchBars(request: BarRequest): Promise<FetchedBars>;
  /**
   * Fetches the bars of several instruments with one request. Present where the vendor takes several symbols a
   * request. An instrument without an answer of its own is absent from the map, or has its refusal there.
   *
   * @throws ProviderError where the whole request was refused
   */
  fetchMany?(request: ManyBarsRequest): Promise<ReadonlyMap<string, FetchedBars | ProviderError>>;
  /**
   * Describes an instrument: its name, exchange, sector and size. Absent where the source has only bars.
   *
   * @throws ProviderError with the reason of the refusal
   */
  describe?(symbol: string): Promise<Listing>;
}

/** A provider that holds its whole universe, as a file does and a vendor does not. */
export interface FileProvider extends Provider {
  /** Every instrument in the file, by symbol. */
  listings(): Listing[];
  /** The last trading day of any instrument in the file, `YYYY-MM-DD`. */
  lastDay(): string;
  /** What was understood of the file and what was left out, as lines for a person. */
  report(): string[];
}

/** Whether a provider holds its whole universe. */
export function hasListings(provider: Provider): provider is FileProvider {
  return 'listings' in provider && 'lastDay' in provider;
}
