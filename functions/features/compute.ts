import { defined } from '../shared/invariant.ts';
import { FEATURE_NAMES, type FeatureName, WARM_UP_BARS } from './definitions.ts';
import {
  averageDirectionalIndex,
  averageTrueRange,
  macdHistogram,
  relativeStrengthIndex,
} from './smoothed.ts';
import { at, deviations, highest, lowest, means, meansOfIntegers, ratio } from './windows.ts';

/** Daily bars of one instrument, one array per field, ascending by ts (milliseconds since the epoch). */
export interface BarColumns {
  ts: number[];
  o: number[];
  h: number[];
  l: number[];
  c: number[];
  v: number[];
}

/** Features of one instrument: `columns[name][i]` is of the bar `ts[i]`; NaN if the history is too short. */
export interface FeatureColumns {
  ts: number[];
  columns: Record<FeatureName, Float64Array>;
}

/** The prices and volumes of bars as the computation reads them. */
type Prices = Record<'o' | 'h' | 'l' | 'c' | 'v', Float64Array>;

/**
 * The start of a bar's block, its calendar year in UTC. Smoothed indicators depend on every bar since their start, so
 * they start {@link WARM_UP_BARS} bars before each block. An incremental computation then equals a full one to the
 * last bit.
 */
export function blockStart(ts: number): number {
  return Date.UTC(new Date(ts).getUTCFullYear(), 0, 1);
}

/**
 * Computes the features of every bar from `from` on.
 *
 * @param bars - from at least {@link WARM_UP_BARS} bars before the block of `from`, or from the first bar
 * @param from - milliseconds since the epoch
 * @returns one entry per bar whose ts is at or after `from`
 */
export function computeFeatures(bars: BarColumns, from: number): FeatureColumns {
  const start = bars.ts.findIndex((ts) => ts >= from);
  const count = start < 0 ? 0 : bars.ts.length - start;
  const result = emptyFeatures(start < 0 ? [] : bars.ts.slice(start));
  // Typed arrays alone: a loop that also meets plain arrays takes several times as long.
  const prices: Prices = {
    o: Float64Array.from(bars.o),
    h: Float64Array.from(bars.h),
    l: Float64Array.from(bars.l),
    c: Float64Array.from(bars.c),
    v: Float64Array.from(bars.v),
  };
  let index = start;
  while (count > 0 && index < bars.ts.length) {
    const block = blockStart(defined(bars.ts[index], 'bar'));
    const nextBlock = Date.UTC(new Date(block).getUTCFullYear() + 1, 0, 1);
    const end = endOf(bars.ts, index, nextBlock);
    const first = endOf(bars.ts, 0, block);
    const origin = Math.max(0, first - WARM_UP_BARS);
    computeBlock(part(prices, origin, end), index - origin, result.columns, index - start);
    index = end;
  }
  return result;
}

/**
 * Computes every feature of every bar from index `start` on. Smoothed indicators start at the first bar.
 *
 * @param columns - receives the features
 * @param row - the row of the bar at `start`
 */
function computeBlock(
  { o, h, l, c, v }: Prices,
  start: number,
  columns: Record<FeatureName, Float64Array>,
  row: number,
): void {
  const n = c.length;
  const returns = new Float64Array(n).fill(Number.NaN, 0, 1);
  const logReturns = new Float64Array(n).fill(Number.NaN, 0, 1);
  const directions = new Float64Array(n).fill(Number.NaN, 0, 1);
  const overnight = new Float64Array(n).fill(Number.NaN, 0, 1);
  const intraday = new Float64Array(n);
  const places = new Float64Array(n);
  const impacts = new Float64Array(n).fill(Number.NaN, 0, 1);
  for (let i = 0; i < n; i++) {
    const close = at(c, i);
    intraday[i] = Math.log(close / at(o, i));
    places[i] = ratio(close - at(l, i), at(h, i) - at(l, i), 0.5);
    if (i === 0) continue;
    const before = at(c, i - 1);
    const change = close / before - 1;
    returns[i] = change;
    logReturns[i] = Math.log(close / before);
    directions[i] = Math.sign(change);
    overnight[i] = Math.log(at(o, i) / before);
    // The least return keeps the log finite. It is no amount of money, so it has no currency.
    impacts[i] = at(v, i) > 0 ? (1e-12 + Math.abs(change)) / (close * at(v, i)) : Number.NaN;
  }
  const meansOf = (values: Float64Array, size: number) => means(values, size, start);
  const deviationsOf = (values: Float64Array, centres: Float64Array, size: number) =>
    deviations(values, centres, size, start);
  const logReturns20 = deviationsOf(logReturns, meansOf(logReturns, 20), 20);
  const logReturns60 = deviationsOf(logReturns, meansOf(logReturns, 60), 60);
  const close20 = meansOf(c, 20);
  const closeDeviation20 = deviationsOf(c, close20, 20);
  const close50 = meansOf(c, 50);
  const close200 = meansOf(c, 200);
  const volume5 = meansOf(v, 5);
  const volume20 = meansOf(v, 20);
  const volumeDeviation20 = deviationsOf(v, volume20, 20);
  const volume60 = meansOf(v, 60);
  const intraday20 = meansOf(intraday, 20);
  const places5 = meansOf(places, 5);
  const places20 = meansOf(places, 20);
  const direction231 = meansOfIntegers(directions, 231);
  const intraday231 = means(intraday, 231, start - 21);
  const overnight231 = means(overnight, 231, start - 21);
  const returnHigh20 = highest(returns, 20);
  const high252 = highest(h, 252);
  const low252 = lowest(l, 252);
  const rsi = relativeStrengthIndex(c, 14);
  const atr = averageTrueRange(h, l, c, 14);
  const macd = macdHistogram(c, { fast: 12, slow: 26, signal: 9 });
  const adx = averageDirectionalIndex(h, l, 14);
  /** A value that may lie before the first bar. */
  const earlier = (values: Float64Array, i: number) => (i < 0 ? Number.NaN : at(values, i));
  for (let i = start, to = row; i < n; i++, to++) {
    const close = at(c, i);
    const range = at(atr, i);
    const vol20 = at(logReturns20, i) * Math.sqrt(252);
    const vol60 = at(logReturns60, i) * Math.sqrt(252);
    // Half the width of the bands: two deviations with Bollinger's divisor, 20.
    const width = 2 * Math.sqrt(19 / 20) * at(closeDeviation20, i);
    const yearAgo = earlier(c, i - 252);
    columns.ret_1d[to] = at(returns, i);
    columns.ret_5d[to] = close / earlier(c, i - 5) - 1;
    columns.ret_20d[to] = close / earlier(c, i - 20) - 1;
    columns.rsi_14[to] = at(rsi, i);
    columns.momentum_5d[to] = ratio(close - earlier(c, i - 5), range, 0);
    columns.vol_20d[to] = vol20;
    columns.atr_14[to] = range;
    columns.volume_zscore[to] = ratio(at(v, i) - at(volume20, i), at(volumeDeviation20, i), 0);
    columns.ret_60d[to] = close / earlier(c, i - 60) - 1;
    columns.ret_120d[to] = close / earlier(c, i - 120) - 1;
    columns.ret_252d[to] = close / yearAgo - 1;
    columns.mom_12_1[to] = earlier(c, i - 21) / yearAgo - 1;
    columns.dist_high_252[to] = close / at(high252, i) - 1;
    columns.dist_low_252[to] = close / at(low252, i) - 1;
    columns.sma_ratio_20[to] = close / at(close20, i) - 1;
    columns.sma_ratio_50[to] = close / at(close50, i) - 1;
    columns.sma_ratio_200[to] = close / at(close200, i) - 1;
    columns.macd_hist[to] = at(macd, i) / close;
    columns.bollinger_pct_b[to] = ratio(close - at(close20, i) + width, 2 * width, 0.5);
    columns.adx_14[to] = at(adx, i);
    columns.vol_60d[to] = vol60;
    columns.vol_ratio[to] = ratio(vol20, vol60, 1);
    columns.atr_pct[to] = range / close;
    columns.illiquidity_20[to] = Math.log(meanOfPresent(impacts, i, 20));
    columns.max_ret_20d[to] = at(returnHigh20, i);
    columns.mom_12_7[to] = earlier(c, i - 126) / yearAgo - 1;
    columns.season_12[to] = earlier(c, i - 232) / yearAgo - 1;
    columns.up_share_231[to] = earlier(direction231, i - 21);
    columns.intraday_231[to] = 231 * earlier(intraday231, i - 21);
    columns.overnight_231[to] = 231 * earlier(overnight231, i - 21);
    columns.intraday_20[to] = 20 * at(intraday20, i);
    columns.close_place_5[to] = at(places5, i);
    columns.close_place_20[to] = at(places20, i);
    columns.volume_ratio_5_60[to] = Math.log((1 + at(volume5, i)) / (1 + at(volume60, i)));
  }
}

/** Mean of the values that are not NaN in a window; NaN if the window has too few bars or no such value. */
function meanOfPresent(values: Float64Array, end: number, size: number): number {
  if (end < size) return Number.NaN;
  let sum = 0;
  let present = 0;
  for (let i = end - size + 1; i <= end; i++) {
    const value = at(values, i);
    if (Number.isNaN(value)) continue;
    sum += value;
    present++;
  }
  return sum / present;
}

function part({ o, h, l, c, v }: Prices, from: number, to: number): Prices {
  const slice = (values: Float64Array) => values.subarray(from, to);
  return { o: slice(o), h: slice(h), l: slice(l), c: slice(c), v: slice(v) };
}

/** Index of the first ts at or after an instant, from an index on; the length if there is no such ts. */
function endOf(ts: number[], from: number, instant: number): number {
  let index = from;
  while (index < ts.length && (ts[index] as number) < instant) index++;
  return index;
}

function emptyFeatures(ts: number[]): FeatureColumns {
  const columns = Object.fromEntries(
    FEATURE_NAMES.map((name) => [name, new Float64Array(ts.length).fill(Number.NaN)]),
  );
  return { ts, columns: columns as Record<FeatureName, Float64Array> };
}
