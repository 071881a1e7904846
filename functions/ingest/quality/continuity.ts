import { DAY_MS, toDay } from '../../shared/days.ts';
import type { RawBar } from '../raw.ts';
import type { Fault, Finding, Note, Suspect } from './findings.ts';
import type { Sessions } from './sessions.ts';

/** Bars that the features of the last bar look back on. */
export const LOOK_BACK = 252;

/** With more sessions missing in the look-back, features would describe other days than they claim. */
const MOST_MISSING = 20;

/** The newest gaps that a note lists. A series with more gaps will not have them filled. */
const MOST_GAPS = 50;

/** This many identical bars in a row, volume included, are not trades: of 966,000 real bars no two were identical. */
const REPEATED = 4;

/** A last bar that lags by more sessions than this is too old for a recommendation. */
const MOST_BEHIND = 2;

/**
 * Finds sessions without a bar. A few are noted, and the features skip them. More than {@link MOST_MISSING} in the
 * look-back of the last bar are a fault of the series until they drop out of the look-back. Bars in quarantine are
 * missing to the features, too, but no gap: the source has them.
 *
 * @param bars - sound bars
 * @param held - the instants of bars in quarantine, among `bars` or not
 */
export function findGaps(
  bars: readonly RawBar[],
  sessions: Sessions,
  held: readonly number[] = [],
): { fault?: Fault; notes: Note[] } {
  const quarantined = new Set(held);
  const since = bars.at(-LOOK_BACK)?.[0] ?? Number.NEGATIVE_INFINITY;
  let missing = 0;
  let recent = [...quarantined].filter((ts) => ts >= since).length;
  const gaps: [after: number, before: number][] = [];
  let from: number | undefined;
  for (const [to] of bars) {
    const after = from;
    from = to;
    // Most bars are of consecutive days; looking each of them up would be most of the work.
    if (after === undefined || to - after <= DAY_MS) continue;
    let between = sessions.between(after, to);
    if (between > 0 && quarantined.size > 0) {
      between -= [...quarantined].filter(
        (ts) => ts > after && ts < to && sessions.between(ts - DAY_MS, ts + DAY_MS) > 0,
      ).length;
    }
    if (between <= 0) continue;
    gaps.push([after, to]);
    missing += between;
    if (to >= since) recent += between;
  }
  const [first] = gaps;
  if (recent > MOST_MISSING) {
    const place = first ? `, the first between ${toDay(first[0])} and ${toDay(first[1])}` : '';
    const what = quarantined.size > 0 ? 'missing or in quarantine' : 'missing';
    const message = `${recent} sessions of the last year are ${what}${place}`;
    return { fault: { reason: 'gap', message }, notes: [] };
  }
  if (!first) return { notes: [] };
  const place = `between ${toDay(first[0])} and ${toDay(first[1])}`;
  const message = `${missing} session${missing === 1 ? ' is' : 's are'} missing, the first ${place}`;
  const days = gaps.slice(-MOST_GAPS).map(([after]) => toDay(after));
  return { notes: [{ reason: 'gap', message, gaps: days }] };
}

/**
 * Finds identical bars in a row. At the end of the series the repetitions go into quarantine, because the real last
 * bars are unknown. With other bars after them they are a fact, such as a trading halt, and noted.
 *
 * @param bars - not empty
 */
export function findRepeated(bars: readonly RawBar[]): { suspects: Suspect[]; notes: Note[] } {
  const notes: Note[] = [];
  let run = 1;
  for (let i = 1; i <= bars.length; i++) {
    if (i < bars.length && isSame(bars[i - 1], bars[i])) {
      run++;
      continue;
    }
    const original = bars[i - run];
    if (run >= REPEATED && original) {
      const message = `the bar of ${toDay(original[0])} is repeated ${run} times in a row`;
      if (i < bars.length) notes.push({ reason: 'stale', message });
      else {
        const suspects = bars.slice(i - run + 1).map((bar): Suspect => ({ bar, reason: 'stale', message }));
        return { suspects, notes };
      }
    }
    run = 1;
  }
  return { suspects: [], notes };
}

function isSame(a: RawBar | undefined, b: RawBar | undefined): boolean {
  return [1, 2, 3, 4, 5].every((field) => a?.[field] === b?.[field]);
}

/**
 * Measures how many sessions an instrument lags behind its exchange.
 *
 * @param last - its last bar, stored or new, in milliseconds since the epoch
 * @returns a doubt if the lag is too long for a recommendation, a note if it is shorter
 */
export function findLag(
  last: number,
  sessions: Sessions,
): { doubt?: Finding<'stale'>; note?: Finding<'stale'> } {
  if (sessions.newest === undefined || sessions.newest <= last) return {};
  const behind = sessions.between(last, sessions.newest) + 1;
  const message = `the last bar is of ${toDay(last)}, ${behind} session${behind === 1 ? '' : 's'} before ${toDay(sessions.newest)}`;
  const finding = { reason: 'stale', message } as const;
  return behind > MOST_BEHIND ? { doubt: finding } : { note: finding };
}

/** Notes bars without volume in a series that has volume. An index has none at all. */
export function findZeroVolume(bars: readonly RawBar[]): Note[] {
  let without = 0;
  let first: RawBar | undefined;
  for (const bar of bars) {
    if (bar[5] !== 0) continue;
    without++;
    first ??= bar;
  }
  if (!first || without === bars.length) return [];
  const message = `${without} of ${bars.length} bars have no volume, the first of ${toDay(first[0])}`;
  return [{ reason: 'zero_volume', message }];
}
