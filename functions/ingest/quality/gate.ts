import type { Interval } from '../../shared/constants.ts';
import type { CorporateAction } from '../providers/provider.ts';
import type { RawBar } from '../raw.ts';
import { separateBars } from './bad-bars.ts';
import { closedBars } from './closed.ts';
import { findGaps, findLag, findRepeated, findZeroVolume } from './continuity.ts';
import { findFault } from './faults.ts';
import type { Fault, Finding, Note, Suspect } from './findings.ts';
import { findJumps } from './jumps.ts';
import type { Sessions } from './sessions.ts';
import { findUnappliedSplit } from './splits.ts';

/** The answer of a source for one instrument, with its request. */
export interface Series {
  symbol: string;
  interval: Interval;
  from: string;
  asOf: string;
  /** When the source was asked, in milliseconds since the epoch. */
  fetchedAt: number;
  bars: readonly RawBar[];
  actions: readonly CorporateAction[];
  /** False where the source has no volume of such an instrument. */
  hasVolume?: boolean | undefined;
}

/** The stored data that a series is examined against. */
export interface MarketContext {
  /** Sessions of its exchange; for daily bars only. */
  sessions?: Sessions | undefined;
  /** Closes before its first bar, ascending; needed where `hasEarlyMove` is true. */
  closesBefore?: readonly number[] | undefined;
  /** The last stored bar, in milliseconds since the epoch. */
  lastStored?: number | undefined;
}

/** The gate's result for a series. */
export interface Examination {
  /** Why none of it may be stored. */
  fault?: Fault;
  /** Bars to store. */
  bars: readonly RawBar[];
  suspects: Suspect[];
  notes: Note[];
  /** Why the instrument gets no recommendation from this run although its bars are stored. */
  doubt?: Finding;
}

/**
 * The gate that every series passes before it is stored.
 *
 * A bar in quarantine leaves a gap that the features skip, as they skip a holiday. That is safe because the price is
 * on the same level on both sides: a bar goes into quarantine only if it cannot be true by its own values, if the bars
 * around it agree with each other, or if it is the last one. While the last bar is in doubt, the instrument gets no
 * recommendation. The bars before it are stored, and a later fetch brings the doubtful bar again together with the bar
 * that confirms or refutes it. A change of level within the series that no market explains rejects the whole series.
 */
export function examine(series: Series, context: MarketContext = {}): Examination {
  const rejected = (fault: Fault): Examination => ({ fault, bars: [], suspects: [], notes: [] });
  const fault = findFault(series.bars, series);
  if (fault) return rejected(fault);
  const closed = closedBars(series.bars, series);
  const separated = separateBars(closed.bars);
  if (separated.fault) return rejected(separated.fault);
  const { bars } = separated;
  const split = findUnappliedSplit(bars, series.actions);
  if (split) return rejected(split);
  const jumps = findJumps(bars, context.closesBefore);
  if (jumps.fault) return rejected(jumps.fault);
  const implausible = [...separated.suspects, ...jumps.suspects];
  const continuity = series.interval === 'daily' ? examineDays(bars, implausible, series, context) : NOTHING;
  if (continuity.fault) return rejected(continuity.fault);

  const suspects = [...implausible, ...continuity.suspects];
  const held = new Set(suspects.map(({ bar }) => bar));
  const last = closed.bars.at(-1)?.[0];
  const doubt = suspects.find(({ bar }) => bar[0] === last) ?? continuity.doubt;
  return {
    bars: held.size > 0 ? bars.filter((bar) => !held.has(bar)) : bars,
    suspects,
    notes: [...(closed.note ? [closed.note] : []), ...separated.notes, ...jumps.notes, ...continuity.notes],
    ...(doubt && { doubt: { reason: doubt.reason, message: doubt.message } }),
  };
}

interface Continuity {
  fault?: Fault;
  suspects: Suspect[];
  notes: Note[];
  doubt?: Finding;
}

const NO_VOLUME: Note = {
  reason: 'no_volume',
  message: 'the source has no volume of this kind of instrument',
};

const NOTHING: Continuity = { suspects: [], notes: [] };

/** Checks of daily bars only: 15-minute bars without a trade are ordinary. */
function examineDays(
  bars: readonly RawBar[],
  suspects: readonly Suspect[],
  { hasVolume = true }: Series,
  { sessions, lastStored }: MarketContext,
): Continuity {
  const held = suspects.map(({ bar }) => bar[0]);
  const gaps = sessions ? findGaps(bars, sessions, held) : NOTHING;
  if (gaps.fault) return { ...NOTHING, fault: gaps.fault };
  // Without volume, equal bars prove nothing: the value of a fund may not change for weeks.
  const repeated = hasVolume ? findRepeated(bars) : NOTHING;
  const lastBars = [bars.at(-1)?.[0], lastStored, ...held].filter((ts) => ts !== undefined);
  const lag = sessions && lastBars.length > 0 ? findLag(Math.max(...lastBars), sessions) : {};
  return {
    suspects: repeated.suspects,
    notes: [
      ...gaps.notes,
      ...repeated.notes,
      ...(lag.note ? [lag.note] : []),
      ...(hasVolume ? findZeroVolume(bars) : [NO_VOLUME]),
    ],
    ...(lag.doubt && { doubt: lag.doubt }),
  };
}
