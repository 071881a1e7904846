import type { Interval } from '../../shared/constants.ts';
import type { CorporateAction } from '../providers/provider.ts';
import type { RawBar } from '../raw.ts';
import { findActionDoubts } from './actions.ts';
import { type CheckedBars, checkBars, separateBars } from './bad-bars.ts';
import { closedBars } from './closed.ts';
import { findGaps, findLag, findRepeated, findZeroVolume, LOOK_BACK } from './continuity.ts';
import type { Fault, Finding, LevelDoubt, Note, Suspect } from './findings.ts';
import { findJumps } from './jumps.ts';
import type { Sessions } from './sessions.ts';

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
  /** How the source adjusted for dividends, as in `FetchedBars`; absent where it does not show. */
  adjustments?: readonly (readonly [ts: number, factor: number])[] | undefined;
  /** Whether it trades on weekends, too; absent where the source does not say. */
  tradesEveryDay?: boolean | undefined;
  /** False where the source has no volume of such an instrument. */
  hasVolume?: boolean | undefined;
  /** The result of `checkBars` for these bars and days, where it is known already. */
  checked?: CheckedBars | undefined;
}

/** The stored data that a series is examined against. */
export interface MarketContext {
  /** Sessions of its exchange; for daily bars only. */
  sessions?: Sessions | undefined;
  /** The last bars before its first one, ascending; needed where `hasEarlyMove` is true. */
  barsBefore?: readonly RawBar[] | undefined;
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
  /**
   * The first bar after the last change of level that no market explains, in milliseconds since the epoch. The bars
   * before it are all in quarantine and must not be joined with those after it.
   */
  cut?: number;
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
 * that confirms or refutes it. Where a change of level within the series has no explanation, such as a split that was
 * not applied, the bars before it are all in quarantine.
 */
export function examine(series: Series, context: MarketContext = {}): Examination {
  const rejected = (fault: Fault): Examination => ({ fault, bars: [], suspects: [], notes: [] });
  const checked = series.checked ?? checkBars(series.bars, series);
  if (checked.fault) return rejected(checked.fault);
  const closed = closedBars(series.bars, series);
  // Nearly all answers have closed bars only.
  const separated = closed.bars === series.bars ? checked.separated : separateBars(closed.bars);
  if (separated.fault) return rejected(separated.fault);
  const sound = separated.bars;
  const unadjusted = latest(
    findActionDoubts({
      ...series,
      bars: sound,
      earlier: context.barsBefore,
      held: separated.suspects.map(({ bar }) => bar),
    }),
  );
  const joined = unadjusted ? sound.filter(([ts]) => ts >= unadjusted.ts) : sound;
  const jumps = findJumps(joined, unadjusted ? [] : context.barsBefore);
  const level = latest(jumps.doubts) ?? unadjusted;
  const bars = level ? joined.filter(([ts]) => ts >= level.ts) : sound;
  const implausible = [...separated.suspects, ...jumps.suspects].filter(
    ({ bar }) => !level || bar[0] >= level.ts,
  );
  const continuity = series.interval === 'daily' ? examineDays(bars, implausible, series, context) : NOTHING;
  if (continuity.fault) return rejected(continuity.fault);

  const before = level
    ? sound
        .filter(([ts]) => ts < level.ts)
        .map((bar) => ({ bar, reason: level.reason, message: level.message }))
    : [];
  const suspects = [...before, ...implausible, ...continuity.suspects];
  const held = new Set(suspects.map(({ bar }) => bar));
  const last = closed.bars.at(-1)?.[0];
  const isShort = level !== undefined && bars.length < LOOK_BACK;
  const doubt =
    (isShort ? level : undefined) ?? suspects.find(({ bar }) => bar[0] === last) ?? continuity.doubt;
  return {
    bars: held.size > 0 ? bars.filter((bar) => !held.has(bar)) : bars,
    suspects,
    notes: [...(closed.note ? [closed.note] : []), ...separated.notes, ...jumps.notes, ...continuity.notes],
    ...(level && { cut: level.ts }),
    ...(doubt && { doubt: { reason: doubt.reason, message: doubt.message } }),
  };
}

/** The doubt about the latest change of level. */
function latest(doubts: readonly LevelDoubt[]): LevelDoubt | undefined {
  return doubts.reduce<LevelDoubt | undefined>(
    (last, one) => (last && last.ts >= one.ts ? last : one),
    undefined,
  );
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
