import type { Interval, ProviderName } from '../../shared/constants.ts';
import type { ProviderReason } from './errors.ts';

export { ProviderError, type ProviderReason } from './errors.ts';

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

/** What to ask a provider for: both days are inclusive, `YYYY-MM-DD`. */
export interface BarRequest {
  symbol: string;
  interval: Interval;
  from: string;
  to: string;
}

/** What happened to an instrument's shares on a day, as the source tells it. */
export interface CorporateAction {
  /** The first trading day without the dividend, or with the new shares: `YYYY-MM-DD`. */
  exDay: string;
  kind: 'split' | 'dividend';
  /** A split's new shares for each old one (4 for 4:1); a dividend's cash a share, as paid. */
  value: number;
}

/** A provider that was asked and refused. */
export interface Attempt {
  provider: ProviderName;
  reason: ProviderReason;
  message: string;
}

/** What a provider has of one instrument within the days asked for. */
export interface FetchedBars {
  /** Closed bars, adjusted for all actions that the source knows, ascending by ts. */
  bars: Bar[];
  /** Splits and dividends within those days, ascending by exDay; empty where the source has none or tells of none. */
  actions: CorporateAction[];
  /** Whose bars these are, where several providers stand behind one. */
  provider?: ProviderName;
  /** Who was asked before, and why each refused. */
  attempts?: Attempt[];
}

/** An instrument as a provider describes it. */
export interface Listing {
  symbol: string;
  exchange?: string;
  name?: string;
  sector?: string;
  /** In the currency of its listing; absent where the source has none. */
  marketCap?: number;
  /** Price over the earnings of the last twelve months; absent where there are none. */
  trailingPe?: number;
}

/** A source of bars. One folder a vendor; each speaks its vendor's format and nothing else of the pipeline. */
export interface Provider {
  readonly name: ProviderName;
  /** How many requests it takes at once; one unless it says so. */
  readonly concurrency?: number;
  /**
   * The bars of one instrument within the days asked for, in ascending order of ts; none is not an error.
   *
   * @throws ProviderError saying why there are none
   */
  fetchBars(request: BarRequest): Promise<FetchedBars>;
  /**
   * What the instrument is: its name, exchange, sector and size. Absent where the source has bars alone.
   *
   * @throws ProviderError saying why it is not known
   */
  describe?(symbol: string): Promise<Listing>;
}

/** A provider that has its whole universe at hand, as files have and vendors have not. */
export interface FileProvider extends Provider {
  /** Every instrument in the file, by symbol. */
  listings(): Listing[];
  /** The last trading day of any instrument in the file, `YYYY-MM-DD`. */
  lastDay(): string;
}
