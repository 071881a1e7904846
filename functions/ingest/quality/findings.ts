import type { RawBar } from '../raw.ts';

/**
 * Everything that may be wrong with a series, grouped by its consequence. The codes are stable: operators filter by
 * them.
 *
 * - A *fault* rejects the series: none of it is stored, and the instrument fails.
 * - A *suspicion* puts bars into quarantine: they are kept with the reason, and nothing is computed from them.
 * - A *note* is recorded with the fetch, and the bars are stored.
 */
export const FAULT_REASONS = [
  /** A bar has no instant. */
  'not_finite',
  /** A bar is earlier than the bar before it. */
  'not_ascending',
  'outside_request',
  'not_midnight',
  /** Most bars of the series are bad. */
  'bad_bars',
  /** More sessions are missing or in quarantine than the features tolerate. */
  'gap',
] as const;
export type FaultReason = (typeof FAULT_REASONS)[number];

export const SUSPICION_REASONS = [
  /** Open, high and low are 0. */
  'ohlc_zero',
  /** A price is 0 or below. */
  'non_positive',
  /** A price is missing or infinite. */
  'missing_price',
  /** All prices are missing, because the source has no adjusted close. */
  'no_adjusted_close',
  'missing_volume',
  'negative_volume',
  /** One price is 10, 100 or 1000 times too large or too small. */
  'slipped_decimal',
  /** Open or close is far outside low to high. */
  'ohlc_order',
  /** Two different rows of one day. */
  'two_rows',
  /** Bars before a step by the ratio of a reported split: the prices are not adjusted for it, or on another day. */
  'split_unapplied',
  /** Bars before a lasting step by the ratio of a split that the source does not report. */
  'split_untold',
  /** Bars before a dividend that the source did not take off, or not by its amount. */
  'dividend_misapplied',
  /** Bars before a step of the adjustment for which the source reports no dividend. */
  'dividend_untold',
  /**
   * A close far from the previous one: the next bar reverses it, or there is no next bar yet. Also the bars before a
   * lasting move that is larger than any listed share's.
   */
  'jump',
  /** A reversed move by about the ratio of a split. */
  'split_spurious',
  /** An open, high or low far from the close of the same bar. */
  'wick',
  /** The last bar repeated, which some sources do when they have no new data. */
  'stale',
  /** A bar that contradicts another source. */
  'disagreement',
] as const;
export type SuspicionReason = (typeof SUSPICION_REASONS)[number];

export const NOTE_REASONS = [
  /** An open or close slightly outside low to high, whose range is widened. */
  'widened',
  /** Equal rows of one day, of which one is used. */
  'repeated_row',
  /** A large move that the next bar confirms. */
  'jump',
  /** Sessions without a bar. */
  'gap',
  /** The newest sessions are missing, or a bar was repeated before others followed. */
  'stale',
  /** Bars without volume in a series that has volume. */
  'zero_volume',
  /** The source has no volume of such an instrument: a currency, a fund or an index. */
  'no_volume',
  /** A bar of a session that was still open at the time of the fetch; it is left out. */
  'unclosed',
  /** The answer is older than the stored bars, which stay. */
  'superseded',
] as const;
export type NoteReason = (typeof NOTE_REASONS)[number];

/** A reason code, and one sentence for an operator. */
export interface Finding<Reason extends string = string> {
  reason: Reason;
  message: string;
}
export type Fault = Finding<FaultReason>;
export interface Note extends Finding<NoteReason> {
  /** The days of the bars before each gap: the next fetch may begin there. */
  gaps?: string[];
}

/** A change of level that no market explains: the bars before and after it must not be joined. */
export interface LevelDoubt extends Finding<SuspicionReason> {
  /** The first bar after the change. */
  ts: number;
}

/** A bar for the quarantine. */
export interface Suspect extends Finding<SuspicionReason> {
  bar: RawBar;
}

/** The start of a bar in messages: the day and the minute in UTC. */
export function barTime(ts: number): string {
  return Number.isFinite(ts) ? new Date(ts).toISOString().slice(0, 16) : String(ts);
}
