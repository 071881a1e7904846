import { defined } from '../shared/invariant.ts';

/** A 95 % interval: its lower and upper end. */
export type Interval = [low: number, high: number];

/** A percentile of sorted values, interpolated between the two nearest. */
export function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = defined(sorted[Math.floor(place)], 'percentile');
  const above = defined(sorted[Math.ceil(place)], 'percentile');
  return below + (above - below) * (place - Math.floor(place));
}

/** A repeatable stream of numbers in [0, 1): mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
