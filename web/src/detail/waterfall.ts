import type { Explanation } from '../../api-types.d.ts';

/** A bar of the waterfall chart, which starts where the previous one ends. */
export interface Step {
  key: string;
  words: string;
  /** Percentage points that it adds; negative if it subtracts. */
  points: number;
  from: number;
  to: number;
}

/**
 * The steps from the average stock's expected return, which is 0, to this one's. The smallest contributions share one step,
 * so that the steps still add up.
 *
 * @param limit - number of inputs with a step of their own
 */
export function waterfall({ contributions }: Explanation, limit: number): Step[] {
  const moved = contributions.filter(({ points }) => points !== 0);
  const rest = moved.slice(limit);
  const shown = moved.slice(0, limit).map(({ feature, words, points }) => ({ key: feature, words, points }));
  if (rest.length > 0) {
    const points = rest.reduce((sum, { points }) => sum + points, 0);
    shown.push({ key: 'rest', words: `${rest.length} smaller reasons combined`, points });
  }
  let end = 0;
  return shown.map((step) => {
    const from = end;
    end += step.points;
    return { ...step, from, to: end };
  });
}

/** The lowest and highest value of an axis that always includes 0. */
export function extent(values: number[]): { low: number; high: number } {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  return high === low ? { low, high: low + 1 } : { low, high };
}
