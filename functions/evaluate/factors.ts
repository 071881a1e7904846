import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Principal components that explain a month's returns. */
const FACTORS = 15;

/** Days of returns from which a month's loadings are estimated. */
const WINDOW = 252;

/** Unknown returns of an instrument in a window: one in twenty. A hole of one bar makes two returns unknown. */
const MOST_MISSING = 12;

/** With fewer instruments, the factors explain nearly everything by construction. */
const LEAST_INSTRUMENTS = 2 * FACTORS;

/** Values by day and instrument, day after day; NaN where one is unknown. */
export interface DayTable {
  /** `YYYY-MM-DD`, ascending. */
  days: readonly string[];
  instruments: number;
  /** `days.length * instruments` values. */
  values: Float64Array;
}

/** Return of each day over the day before; NaN without both closes. */
export function dailyReturns({ days, instruments, values: closes }: DayTable): DayTable {
  const values = new Float64Array(closes.length).fill(Number.NaN);
  for (let i = instruments; i < closes.length; i++)
    values[i] = at(closes, i) / at(closes, i - instruments) - 1;
  return { days, instruments, values };
}

/**
 * The part of each return beyond {@link FACTORS} statistical factors. On the first day of every month, the last
 * {@link WINDOW} returns of all instruments that lack at most {@link MOST_MISSING} of them are divided by their standard
 * deviations s, and their first principal components V are computed. A missing return is the instrument's mean there. A
 * day r of that month has z = r / s and the residual s (z - V V' z). Loadings look back only, so no residual reads a
 * later day. Without a return, z is 0 and the residual NaN. A month has none before its first {@link WINDOW} returns, or
 * with fewer than {@link LEAST_INSTRUMENTS} instruments.
 *
 * The method is that of Avellaneda and Lee, Statistical arbitrage in the US equities market, Quantitative Finance 10
 * (2010).
 *
 * @param returns - from {@link dailyReturns}
 */
export function residualReturns({ days, instruments, values }: DayTable): DayTable {
  const residuals = new Float64Array(values.length).fill(Number.NaN);
  for (let start = 0, end = 0; start < days.length; start = end) {
    end = start + 1;
    while (end < days.length && monthOf(days[end]) === monthOf(days[start])) end++;
    // The first day has no return.
    if (start <= WINDOW) continue;
    const loadings = estimate(
      values.subarray((start - WINDOW) * instruments, start * instruments),
      instruments,
    );
    if (!loadings) continue;
    for (let day = start; day < end; day++) {
      const row = values.subarray(day * instruments, (day + 1) * instruments);
      residuals.set(beyond(row, loadings, instruments), day * instruments);
    }
  }
  return { days, instruments, values: residuals };
}

/** Sum of the values of the next `horizon` days; NaN if one is unknown. */
export function sumAhead({ days, instruments, values }: DayTable, horizon: number): DayTable {
  const sums = new Float64Array(values.length).fill(Number.NaN);
  const last = values.length - horizon * instruments;
  for (let i = 0; i < last; i++) {
    let sum = 0;
    for (let ahead = 1; ahead <= horizon; ahead++) sum += at(values, i + ahead * instruments);
    sums[i] = sum;
  }
  return { days, instruments, values: sums };
}

interface Loadings {
  /** Columns of the instruments with loadings, and their deviations. */
  known: number[];
  scale: number[];
  /** Orthonormal: one array per factor, one number per known instrument. */
  components: Float64Array[];
}

function estimate(window: Float64Array, instruments: number): Loadings | undefined {
  const known: number[] = [];
  const scale: number[] = [];
  const scaled: Float64Array[] = [];
  for (let column = 0; column < instruments; column++) {
    let [count, sum] = [0, 0];
    for (let day = 0; day < WINDOW; day++) {
      const value = at(window, day * instruments + column);
      if (Number.isNaN(value)) continue;
      count++;
      sum += value;
    }
    if (count < WINDOW - MOST_MISSING) continue;
    const centre = sum / count;
    const series = new Float64Array(WINDOW);
    let squares = 0;
    for (let day = 0; day < WINDOW; day++) {
      const value = at(window, day * instruments + column);
      series[day] = Number.isNaN(value) ? 0 : value - centre;
      squares += at(series, day) ** 2;
    }
    const deviation = Math.sqrt(squares / (count - 1));
    if (!(deviation > 0)) continue;
    known.push(column);
    scale.push(deviation);
    scaled.push(series.map((value) => value / deviation));
  }
  if (known.length < LEAST_INSTRUMENTS) return undefined;
  return { known, scale, components: principalComponents(scaled) };
}

/** The components by the Gram matrix of the days, which is smaller than that of the instruments. */
function principalComponents(series: readonly Float64Array[]): Float64Array[] {
  const gram = new Float64Array(WINDOW * WINDOW);
  for (const values of series) {
    for (let i = 0; i < WINDOW; i++) {
      const value = at(values, i);
      for (let j = 0; j <= i; j++) gram[i * WINDOW + j] = at(gram, i * WINDOW + j) + value * at(values, j);
    }
  }
  const matrix = new Matrix(WINDOW, WINDOW);
  for (let i = 0; i < WINDOW; i++) {
    for (let j = 0; j <= i; j++) {
      matrix.set(i, j, at(gram, i * WINDOW + j));
      matrix.set(j, i, at(gram, i * WINDOW + j));
    }
  }
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const largest = realEigenvalues
    .map((value, place) => ({ value, place }))
    .sort((a, b) => b.value - a.value)
    .slice(0, FACTORS);
  return largest.map(({ place }) => {
    const days = eigenvectorMatrix.getColumn(place);
    const component = Float64Array.from(series, (values) => dot(values, days));
    const length = Math.sqrt(dot(component, component));
    return component.map((value) => value / length);
  });
}

function beyond(
  returns: Float64Array,
  { known, scale, components }: Loadings,
  instruments: number,
): Float64Array {
  const scaled = Float64Array.from(known, (column, i) => at(returns, column) / at(scale, i));
  const present = scaled.map((value) => (Number.isNaN(value) ? 0 : value));
  const explained = new Float64Array(known.length);
  for (const component of components) {
    const factor = dot(component, present);
    for (let i = 0; i < explained.length; i++) explained[i] = at(explained, i) + factor * at(component, i);
  }
  const result = new Float64Array(instruments).fill(Number.NaN);
  for (const [i, column] of known.entries())
    result[column] = at(scale, i) * (at(scaled, i) - at(explained, i));
  return result;
}

const monthOf = (day: string | undefined) => day?.slice(0, 7);

/** A value within the bounds of its array. */
const at = (values: ArrayLike<number>, i: number) => values[i] as number;

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += at(a, i) * at(b, i);
  return sum;
}
