import { defined } from '../shared/invariant.ts';

/**
 * Pearson's correlation of two series of equal length; 0 if one is constant, because a constant score ranks nothing.
 *
 * @example
 * pearson([1, 2, 3], [2, 4, 6]); // 1
 */
export function pearson(a: readonly number[], b: readonly number[]): number {
  if (isConstant(a) || isConstant(b)) return 0;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    const deviationA = value - meanA;
    const deviationB = defined(b[i], 'value of the second series') - meanB;
    product += deviationA * deviationB;
    squareA += deviationA * deviationA;
    squareB += deviationB * deviationB;
  }
  const size = Math.sqrt(squareA * squareB);
  return size > 0 ? product / size : 0;
}

/**
 * Ranks from 1. Equal values share the average of their ranks.
 *
 * @example
 * averageRanks([10, 30, 10]); // [1.5, 3, 1.5]
 */
export function averageRanks(values: readonly number[]): number[] {
  const at = (i: number) => values[i] as number;
  const order = values.map((_, i) => i).sort((i, j) => at(i) - at(j));
  const placed = order.map(at);
  const ranks = new Array<number>(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && placed[end] === placed[start]) end++;
    for (const i of order.slice(start, end)) ranks[i] = (start + 1 + end) / 2;
  }
  return ranks;
}

/** The arithmetic mean; NaN without values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}
