import { DAY_MS, toDay } from '../../shared/days.ts';
import type { RawBar } from '../raw.ts';
import type { Fault, Finding, Note, Suspect } from './findings.ts';
import type { Sessions } from './sessions.ts';

/** Bars before the last one that its features look back on. */
const LOOK_BACK = 252;

/** Missing among those, features would be of other days than they say; fewer move them by days. */
const MOST_MISSING = 20;

/** So many gaps are noted one by one, the newest: who has more has them for good. */
const MOST_GAPS = 50;

/** The same bar, volume included, so many times in a row is no trade: of 966,000 real ones no two were alike. */
const REPEATED = 4;

/** A last bar more sessions behind than this is too old to recommend anything on. */
const MOST_BEHIND = 2;

/**
 * Looks for sessions without a bar. A few are noted, and the features skip them; more than {@link MOST_MISSING} in
 * the look-back of the last bar condemn the series, until they have passed out of it.
 */
export function findGaps(bars: readonly RawBar[], sessions: Sessions): { fault?: Fault; notes: Note[] } {
  let missing = 0;
  let recent = 0;
  const gaps: [after: number, before: number][] = [];
  for (let i = 1; i < bars.length; i++) {
    const [from, to] = [bars[i - 1]?.[0] ?? 0, bars[i]?.[0] ?? 0];
    // Most bars are of neighbouring days, and a look-up each would be most of the work.
    const between = to - from > DAY_MS ? sessions.between(from, to) : 0;
    if (between === 0) continue;
    gaps.push([from, to]);
    missing += between;
    if (i >= bars.length - LOOK_BACK) recent += between;
  }
  const [first] = gaps;
  if (!first) return { notes: [] };
  const place = `between ${toDay(first[0])} and ${toDay(first[1])}`;
  if (recent > MOST_MISSING) {
    const message = `${recent} sessions of the last year are missing, the first ${place}`;
    return { fault: { reason: 'gap', message }, notes: [] };
  }
  const message = `${missing} session${missing === 1 ? ' is' : 's are'} missing, the first ${place}`;
  const days = gaps.slice(-MOST_GAPS).map(([after]) => toDay(after));
  return { notes: [{ reason: 'gap', message, gaps: days }] };
}

/**
 * Looks for one bar that came again and again. At the end of the series the repetitions go into quarantine, because
 * what came last is not known; with other bars after them they are a fact, such as a halt.
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
      const message = `the bar of ${toDay(original[0])} came ${run} times in a row`;
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
 * Says how far behind its exchange an instrument is.
 *
 * @param last - its last bar, stored or new
 * @returns a doubt if it is too far behind for a recommendation, a note if it is a little
 */
export function findLag(
  last: number,
  sessions: Sessions,
): { doubt?: Finding<'stale'>; note?: Finding<'stale'> } {
  if (sessions.newest === undefined || sessions.newest <= last) return {};
  const behind = sessions.between(last, sessions.newest) + 1;
  const message = `its last bar is of ${toDay(last)}, ${behind} session${behind === 1 ? '' : 's'} before ${toDay(sessions.newest)}`;
  const finding = { reason: 'stale', message } as const;
  return behind > MOST_BEHIND ? { doubt: finding } : { note: finding };
}

/** Notes bars without volume, where there are others with it: an index has none at all. */
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
