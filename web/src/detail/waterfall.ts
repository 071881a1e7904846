import type { Explanation } from '../../api-types.d.ts';

/** A bar that begins where the one before it ended. */
export interface Step {
  key: string;
  words: string;
  /** Percentage points that it adds, or takes off. */
  points: number;
  from: number;
  to: number;
}

/**
 * The way from the average instrument's expected return to this one's, step by step. What moved it least is put
 * together, so that the steps still add up.
 *
 * @param most - how many inputs have a step of their own
 */
export function waterfall({ baseReturnPct, contributions }: Explanation, most: number): Step[] {
  const moved = contributions.filter(({ points }) => points !== 0);
  const rest = moved.slice(most);
  const shown = moved.slice(0, most).map(({ feature, words, points }) => ({ key: feature, words, points }));
  if (rest.length > 0) {
    const points = rest.reduce((sum, { points }) => sum + points, 0);
    shown.push({ key: 'rest', words: `${rest.length} smaller reasons together`, points });
  }
  let at = baseReturnPct;
  return shown.map((step) => {
    const from = at;
    at += step.points;
    return { ...step, from, to: at };
  });
}

/** The least and the greatest value that the steps touch, with nothing in view whatever they are. */
export function extent(values: number[]): { low: number; high: number } {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  return high === low ? { low, high: low + 1 } : { low, high };
}
