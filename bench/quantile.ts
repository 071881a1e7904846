/**
 * A quantile of some numbers, the nearest of them by rank.
 *
 * @param share - 0.5 is the median
 * @example quantile([3, 1, 2], 0.5); // 2
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A number with two digits after the point, as figures are shown. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
