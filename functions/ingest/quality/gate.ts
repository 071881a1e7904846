import type { Interval } from '../../shared/constants.ts';
import type { CorporateAction } from '../providers/provider.ts';
import type { RawBar } from '../raw.ts';
import { closedBars } from './closed.ts';
import { findGaps, findLag, findRepeated, findZeroVolume } from './continuity.ts';
import { findFault } from './faults.ts';
import type { Fault, Finding, Note, Suspect } from './findings.ts';
import { findJumps } from './jumps.ts';
import type { Sessions } from './sessions.ts';
import { findUnappliedSplit } from './splits.ts';

/** What a source gave of one instrument, and what it was asked. */
export interface Series {
  symbol: string;
  interval: Interval;
  from: string;
  asOf: string;
  /** When the source was asked, in milliseconds since the epoch. */
  fetchedAt: number;
  bars: readonly RawBar[];
  actions: readonly CorporateAction[];
}

/** The stored data that a series is examined against. */
export interface MarketContext {
  /** Trading days of its exchange; of daily bars alone. */
  sessions?: Sessions | undefined;
  /** Closes before its first bar, ascending; needed where {@link hasEarlyMove} says so. */
  closesBefore?: readonly number[] | undefined;
  /** The last bar that is stored. */
  lastStored?: number | undefined;
}

/** What becomes of a series. */
export interface Examination {
  /** Why nothing of it is stored. */
  fault?: Fault;
  /** Bars to store. */
  bars: readonly RawBar[];
  suspects: Suspect[];
  notes: Note[];
  /** Why the instrument gets no recommendation from this run, although its bars are stored. */
  doubt?: Finding;
}

/**
 * The gate that every series passes before it is stored.
 *
 * A bar in quarantine leaves a hole, and the features go from the bar before it to the one after as they do across a
 * holiday. That is safe because a hole is never where the price is another one: a suspicion holds a bar back only if
 * the bars around it agree with each other, or if it is the last. While the last bar is in doubt, the instrument
 * gets no recommendation; what is before the doubt is stored, and a later fetch brings the doubtful bar again, with
 * the one after it that tells. Whatever would put later bars on another footing than earlier ones condemns the
 * series whole.
 */
export function examine(series: Series, context: MarketContext = {}): Examination {
  const condemned = (fault: Fault): Examination => ({ fault, bars: [], suspects: [], notes: [] });
  const fault = findFault(series.bars, series);
  if (fault) return condemned(fault);
  const closed = closedBars(series.bars, series);
  const split = findUnappliedSplit(closed.bars, series.actions);
  if (split) return condemned(split);
  const jumps = findJumps(closed.bars, context.closesBefore);
  if (jumps.fault) return condemned(jumps.fault);
  const continuity = series.interval === 'daily' ? examineDays(closed.bars, context) : NOTHING;
  if (continuity.fault) return condemned(continuity.fault);

  const suspects = [...jumps.suspects, ...continuity.suspects];
  const held = new Set(suspects.map(({ bar }) => bar));
  const last = closed.bars.at(-1);
  const doubt = suspects.find(({ bar }) => bar === last) ?? continuity.doubt;
  return {
    bars: held.size > 0 ? closed.bars.filter((bar) => !held.has(bar)) : closed.bars,
    suspects,
    notes: [...(closed.note ? [closed.note] : []), ...jumps.notes, ...continuity.notes],
    ...(doubt && { doubt: { reason: doubt.reason, message: doubt.message } }),
  };
}

interface Continuity {
  fault?: Fault;
  suspects: Suspect[];
  notes: Note[];
  doubt?: Finding;
}

const NOTHING: Continuity = { suspects: [], notes: [] };

/** Bars of 15 minutes without a trade are ordinary, so that all this is asked of daily bars alone. */
function examineDays(bars: readonly RawBar[], { sessions, lastStored }: MarketContext): Continuity {
  const gaps = sessions ? findGaps(bars, sessions) : NOTHING;
  if (gaps.fault) return { ...NOTHING, fault: gaps.fault };
  const repeated = findRepeated(bars);
  const last = Math.max(bars.at(-1)?.[0] ?? 0, lastStored ?? 0);
  const lag = sessions && last > 0 ? findLag(last, sessions) : {};
  return {
    suspects: repeated.suspects,
    notes: [...gaps.notes, ...repeated.notes, ...(lag.note ? [lag.note] : []), ...findZeroVolume(bars)],
    ...(lag.doubt && { doubt: lag.doubt }),
  };
}
