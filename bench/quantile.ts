/**
 * A quantile by the nearest-rank method; NaN for an empty list.
 *
 * @param share - 0.5 is the median
 * @example quantile([3, 1, 2], 0.5); // 2
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The 0.5 quantile. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Rounds to two decimals. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
