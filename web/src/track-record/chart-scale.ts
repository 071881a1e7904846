/** The range of a chart's values and the values of its grid lines, lowest first. */
export interface Scale {
  low: number;
  high: number;
  ticks: number[];
}

/** About how many steps a scale has. */
const STEPS = 4;

/**
 * A scale that contains 0 and all values, with grid lines at multiples of 1, 2 or 5 times a power of ten.
 *
 * @example
 * scaleOf([-0.3, 1.2]); // { low: -0.5, high: 1.5, ticks: [-0.5, 0, 0.5, 1, 1.5] }
 */
export function scaleOf(values: readonly number[]): Scale {
  const least = Math.min(0, ...values);
  const most = Math.max(0, ...values);
  const rough = (most - least) / STEPS || 1 / STEPS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(least / step);
  const last = Math.max(Math.ceil(most / step), first + 1);
  const ticks = Array.from({ length: last - first + 1 }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
  return { low: first * step, high: last * step, ticks };
}
