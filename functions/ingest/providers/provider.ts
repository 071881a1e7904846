import type { Interval, ProviderName } from '../../shared/constants.ts';
import { BoursomaticError } from '../../shared/errors.ts';

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

/** An instrument as a provider describes it. */
export interface Listing {
  symbol: string;
  exchange?: string;
  name?: string;
  sector?: string;
}

/** A source of bars. One folder a vendor; each speaks its vendor's format and nothing else of the pipeline. */
export interface Provider {
  readonly name: ProviderName;
  /**
   * The bars of one instrument within the days asked for, in ascending order of ts; none is not an error.
   *
   * @throws ProviderError saying why there are none
   */
  fetchBars(request: BarRequest): Promise<Bar[]>;
}

/** A provider that has its whole universe at hand, as files have and vendors have not. */
export interface FileProvider extends Provider {
  /** Every instrument in the file, by symbol. */
  listings(): Listing[];
  /** The last trading day of any instrument in the file, `YYYY-MM-DD`. */
  lastDay(): string;
}

/** Why a provider gave no bars of an instrument. */
export type ProviderReason =
  | 'not_found'
  | 'bad_row'
  | 'rate_limited'
  | 'blocked'
  | 'timeout'
  | 'schema_drift'
  | 'unavailable';

/** A provider's refusal for one instrument; the others of the batch go on. */
export class ProviderError extends BoursomaticError {
  readonly reason: ProviderReason;
  constructor(reason: ProviderReason, message: string, options?: ErrorOptions) {
    super(`provider_${reason}`, message, options);
    this.reason = reason;
  }
}
