import { PRICE_NOISE } from '../../shared/constants.ts';
import type { RawBar } from '../raw.ts';
import type { StoredBar } from './stored-state.ts';

/** What a load replaces. Instants are milliseconds since the epoch. */
interface Replacement {
  /** The bars that passed the gate, ascending. */
  bars: readonly RawBar[];
  /** Those of them that are written. The others stay as they are stored. */
  changes: readonly RawBar[];
  /** The stored bars of the requested days, by instant. */
  stored: ReadonlyMap<number, StoredBar>;
  /** Stored bars that are removed, ascending. */
  removed: readonly number[];
  /** The first and the last stored bar of any day. */
  firstTs: number;
  lastTs: number;
}

/**
 * The first bar whose return from the bar before it changes, up to the last stored one. A split or a dividend after that
 * one multiplies all stored bars by one factor, which changes no return. A corrected, an inserted or a removed bar does.
 *
 * @returns undefined if all these returns are as before
 */
export function firstChangedReturn({
  bars,
  changes,
  stored,
  removed,
  firstTs,
  lastTs,
}: Replacement): number | undefined {
  const written = new Set(changes);
  // The bars before the requested days stay as they are.
  let factor = firstTs < (bars[0]?.[0] ?? firstTs) ? 1 : undefined;
  const changed = bars.find((bar) => {
    const [ts] = bar;
    if (ts < firstTs || ts > lastTs) return false;
    const before = stored.get(ts)?.bar;
    if (!before) return true;
    const after = written.has(bar) ? bar : before;
    factor ??= after[4] / before[4];
    return !isMultiple(after, before, factor);
  })?.[0];
  const touched = [changed, removed[0]].filter((ts) => ts !== undefined);
  return touched.length > 0 ? Math.min(...touched) : undefined;
}

/** Whether all four prices of a bar are those of another one times a factor. */
function isMultiple(bar: RawBar, before: RawBar, factor: number): boolean {
  return ([1, 2, 3, 4] as const).every((price) => {
    const expected = before[price] * factor;
    return Math.abs(bar[price] - expected) <= PRICE_NOISE * expected;
  });
}
