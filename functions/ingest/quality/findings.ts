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
  /** A value is not a finite number. */
  'not_finite',
  'non_positive',
  /** Open or close is outside low to high. */
  'ohlc_order',
  'negative_volume',
  /** A bar is not later than the bar before it. */
  'not_ascending',
  'outside_request',
  'not_midnight',
  /** The price moves to another level, further than any listed share ever moved in a day, and stays there. */
  'jump',
  /** Prices step by the ratio of a split on its ex day: they are not adjusted for it. */
  'split_unapplied',
  /** More sessions are missing than the features tolerate. */
  'gap',
] as const;
export type FaultReason = (typeof FAULT_REASONS)[number];

export const SUSPICION_REASONS = [
  /** A close far from the previous one: the next bar reverses it, or there is no next bar yet. */
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
  /** A large move that the next bar confirms. */
  'jump',
  /** Sessions without a bar. */
  'gap',
  /** The newest sessions are missing, or a bar was repeated before others followed. */
  'stale',
  /** Bars without volume in a series that has volume. */
  'zero_volume',
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

/** A bar for the quarantine. */
export interface Suspect extends Finding<SuspicionReason> {
  bar: RawBar;
}

/** The start of a bar in messages: the day and the minute in UTC. */
export function barTime(ts: number): string {
  return Number.isFinite(ts) ? new Date(ts).toISOString().slice(0, 16) : String(ts);
}
