/**
 * Pearson's correlation of two series of the same length; 0 where one of them is constant, since a score that is
 * the same for all says nothing.
 *
 * @example
 * pearson([1, 2, 3], [2, 4, 6]); // 1
 */
export function pearson(a: readonly number[], b: readonly number[]): number {
  if (isConstant(a) || isConstant(b)) return 0;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  a.forEach((value, i) => {
    const deviationA = value - meanA;
    const deviationB = (b[i] ?? Number.NaN) - meanB;
    product += deviationA * deviationB;
    squareA += deviationA * deviationA;
    squareB += deviationB * deviationB;
  });
  const size = Math.sqrt(squareA * squareB);
  return size > 0 ? product / size : 0;
}

/** Spearman's correlation: Pearson's of the ranks. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  return pearson(averageRanks(a), averageRanks(b));
}

/**
 * Ranks from 1; equal values share the average of the ranks they take together.
 *
 * @example
 * averageRanks([10, 30, 10]); // [1.5, 3, 1.5]
 */
export function averageRanks(values: readonly number[]): number[] {
  const at = (place: number) => values[order[place] ?? 0] ?? Number.NaN;
  const order = values.map((_, i) => i).sort((i, j) => (values[i] ?? 0) - (values[j] ?? 0));
  const ranks = new Array<number>(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && at(end) === at(start)) end++;
    for (const i of order.slice(start, end)) ranks[i] = (start + 1 + end) / 2;
  }
  return ranks;
}

/** The arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The sample standard deviation (n - 1); NaN of fewer than two values. */
export function sampleDeviation(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : Number.NaN;
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}
