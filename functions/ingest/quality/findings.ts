import type { RawBar } from '../raw.ts';

/**
 * What may be wrong with a series, by what happens to it. The codes are stable: operators count by them.
 *
 * - A *fault* condemns the series: nothing of it is stored, and the instrument fails.
 * - A *suspicion* puts bars into quarantine: they are kept, with the reason, and nothing is computed from them.
 * - A *note* is written down beside what is stored.
 */
export const FAULT_REASONS = [
  /** A value is not a finite number. */
  'not_finite',
  'non_positive',
  /** Open or close is outside low to high. */
  'ohlc_order',
  'negative_volume',
  /** A bar is not later than the one before it, or is there twice. */
  'not_ascending',
  'outside_request',
  'not_midnight',
  /** A price that goes to another level, further than any listed share ever went in a day, and stays there. */
  'jump',
  /** Prices step by a split that is announced for that very day, so that they are not adjusted for it. */
  'split_unapplied',
  /** More sessions are missing than the features can look across. */
  'gap',
] as const;
export type FaultReason = (typeof FAULT_REASONS)[number];

export const SUSPICION_REASONS = [
  /** A close far from the last one: it is gone on the next bar, or there is no next bar to tell. */
  'jump',
  /** The same, by about the ratio of a split. */
  'split_spurious',
  /** An open, high or low far from the close of the same bar. */
  'wick',
  /** The last bar again and again, which is what a source does that has nothing new. */
  'stale',
  /** A bar that another source has differently. */
  'disagreement',
] as const;
export type SuspicionReason = (typeof SUSPICION_REASONS)[number];

export const NOTE_REASONS = [
  /** A large move that the bars after it confirm. */
  'jump',
  /** Sessions without a bar. */
  'gap',
  /** The newest sessions are missing, or the same bar came several times and then others. */
  'stale',
  /** Bars without volume in a series that has volume. */
  'zero_volume',
  /** A bar of a session that was not over when the source was asked; it is left out. */
  'unclosed',
  /** What came is older than what is stored, which stays. */
  'superseded',
] as const;
export type NoteReason = (typeof NOTE_REASONS)[number];

/** Something that was found, in one sentence for an operator. */
export interface Finding<Reason extends string = string> {
  reason: Reason;
  message: string;
}
export type Fault = Finding<FaultReason>;
export interface Note extends Finding<NoteReason> {
  /** Of gaps, the days of the bars before them: from there the source may be asked again. */
  gaps?: string[];
}

/** A bar that is kept and not used. */
export interface Suspect extends Finding<SuspicionReason> {
  bar: RawBar;
}

/** When a bar begins, as findings say it: the day and, within it, the minute in UTC. */
export function barTime(ts: number): string {
  return Number.isFinite(ts) ? new Date(ts).toISOString().slice(0, 16) : String(ts);
}
