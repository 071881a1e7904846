import type { RawBar } from '../raw.ts';
import type { StoredBar } from './stored-state.ts';

/** Relative difference up to which two values of one source are equal: some sources compute in single precision. */
const FLOAT_NOISE = 1e-6;

/**
 * Relative difference up to which closes of two sources agree. Their last trades differ a little; their opens, ranges
 * and volumes differ a lot and are not compared.
 */
const SOURCE_NOISE = 2.5e-3;

/** The largest spread of close ratios between two sources that another adjustment explains, as a difference of logs. */
export const LARGEST_SPREAD = 2 * SOURCE_NOISE;

/** How a series differs from the stored bars of the requested days. Instants are milliseconds since the epoch. */
export interface Comparison {
  /** Stored bars of those days, and how many of them are in the series as well. */
  stored: number;
  common: number;
  /** Bars of the series that are not stored, or stored with other values; ascending. */
  changes: readonly RawBar[];
  /** How many of the changes replace a stored bar. */
  changed: number;
  /** Stored bars that the series lacks, ascending. */
  missing: number[];
  /** The first common bar. */
  firstCommon: number | null;
  /** The first common bar with other prices, and the first one of the same source with the same prices. */
  firstMoved: number | null;
  firstSame: number | null;
  /** Common bars of another source whose closes disagree. */
  disputed: number;
  /** The smallest and the largest ratio of a close to the stored close of another source. */
  ratios: { low: number; high: number } | null;
}

const NOTHING_STORED: Omit<Comparison, 'changes'> = {
  stored: 0,
  common: 0,
  changed: 0,
  missing: [],
  firstCommon: null,
  firstMoved: null,
  firstSame: null,
  disputed: 0,
  ratios: null,
};

/**
 * Compares a series with the stored bars of the requested days.
 *
 * @param bars - ascending, without faults
 * @param source - the provider of the series
 * @param stored - by instant, in milliseconds since the epoch
 */
export function compare(
  bars: readonly RawBar[],
  source: string,
  stored: ReadonlyMap<number, StoredBar>,
): Comparison {
  if (stored.size === 0) return { ...NOTHING_STORED, changes: bars };
  const changes: RawBar[] = [];
  const result = { stored: stored.size, common: 0, changed: 0, disputed: 0 };
  let firstCommon: number | null = null;
  let firstMoved: number | null = null;
  let firstSame: number | null = null;
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const bar of bars) {
    const before = stored.get(bar[0]);
    if (!before) {
      changes.push(bar);
      continue;
    }
    result.common++;
    firstCommon ??= bar[0];
    const isOwn = before.source === null || before.source === source;
    const isMoved = isOwn ? hasMoved(bar, before.bar) : differs(bar[4], before.bar[4], SOURCE_NOISE);
    if (isMoved) firstMoved ??= bar[0];
    else if (isOwn) firstSame ??= bar[0];
    if (isMoved || (isOwn && hasOtherVolume(bar, before.bar))) {
      changes.push(bar);
      result.changed++;
    }
    if (isOwn) continue;
    if (isMoved) result.disputed++;
    const ratio = bar[4] / before.bar[4];
    low = Math.min(low, ratio);
    high = Math.max(high, ratio);
  }
  const missing = result.common === stored.size ? [] : missingFrom(bars, stored);
  const ratios = high > 0 ? { low, high } : null;
  return { ...result, changes, missing, firstCommon, firstMoved, firstSame, ratios };
}

function hasMoved(bar: RawBar, before: RawBar): boolean {
  return (
    differs(bar[4], before[4], FLOAT_NOISE) ||
    differs(bar[1], before[1], FLOAT_NOISE) ||
    differs(bar[2], before[2], FLOAT_NOISE) ||
    differs(bar[3], before[3], FLOAT_NOISE)
  );
}

function hasOtherVolume(bar: RawBar, before: RawBar): boolean {
  return Math.abs(bar[5] - before[5]) > FLOAT_NOISE * Math.max(bar[5], before[5]);
}

function differs(value: number, before: number, noise: number): boolean {
  return Math.abs(value - before) > noise * before;
}

function missingFrom(bars: readonly RawBar[], stored: ReadonlyMap<number, StoredBar>): number[] {
  const present = new Set(bars.map(([ts]) => ts));
  return [...stored.keys()].filter((ts) => !present.has(ts)).sort((a, b) => a - b);
}
