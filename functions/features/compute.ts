import { ATR, MACD, RSI, WEMA } from 'technicalindicators';
import { defined } from '../shared/invariant.ts';
import { FEATURE_NAMES, type FeatureName, WARM_UP_BARS } from './definitions.ts';
import { at, deviation, highest, largest, lowest, mean } from './windows.ts';

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
  let index = start;
  while (count > 0 && index < bars.ts.length) {
    const block = blockStart(defined(bars.ts[index], 'bar'));
    const nextBlock = Date.UTC(new Date(block).getUTCFullYear() + 1, 0, 1);
    const end = endOf(bars.ts, index, nextBlock);
    const first = endOf(bars.ts, 0, block);
    const origin = Math.max(0, first - WARM_UP_BARS);
    const slice = sliceBars(bars, origin, end);
    const computed = computeBlock(slice, index - origin);
    for (const name of Object.keys(computed) as FeatureName[]) {
      result.columns[name].set(computed[name].subarray(index - origin), index - start);
    }
    index = end;
  }
  return result;
}

/** Every feature of every bar from `start` on. Smoothed indicators start at the first bar. */
function computeBlock(bars: BarColumns, start: number): Record<FeatureName, Float64Array> {
  const n = bars.c.length;
  // Typed arrays alone: a loop that also meets plain arrays takes several times as long.
  const o = Float64Array.from(bars.o);
  const h = Float64Array.from(bars.h);
  const l = Float64Array.from(bars.l);
  const c = Float64Array.from(bars.c);
  const v = Float64Array.from(bars.v);
  const each = (f: (i: number) => number, from = 0) => {
    const values = new Float64Array(n).fill(Number.NaN, 0, from);
    for (let i = from; i < n; i++) values[i] = f(i);
    return values;
  };
  const fromStart = (f: (i: number) => number, from = 0) => each(f, Math.max(start, from));
  const change = (later: number, earlier: number) =>
    fromStart((i) => at(c, i - later) / at(c, i - earlier) - 1, earlier);
  const ret1 = each((i) => at(c, i) / at(c, i - 1) - 1, 1);
  const logReturns = each((i) => Math.log(at(c, i) / at(c, i - 1)), 1);
  const vol20 = fromStart((i) => deviation(logReturns, i, 20) * Math.sqrt(252));
  const vol60 = fromStart((i) => deviation(logReturns, i, 60) * Math.sqrt(252));
  const atr = aligned(n, ATR.calculate({ period: 14, high: bars.h, low: bars.l, close: bars.c }));
  const macd = aligned(
    n,
    MACD.calculate({
      values: bars.c,
      fastPeriod: 12,
      slowPeriod: 26,
      signalPeriod: 9,
      SimpleMAOscillator: false,
      SimpleMASignal: false,
    }).map(({ histogram = Number.NaN }) => histogram),
  );
  const mean20 = fromStart((i) => mean(c, i, 20));
  // Half the width of the bands: two deviations with Bollinger's divisor, 20.
  const width20 = fromStart((i) => 2 * Math.sqrt(19 / 20) * deviation(c, i, 20));
  const priceImpact = each((i) =>
    // The least return keeps the log finite. It is no amount of money, so it has no currency.
    at(v, i) > 0 ? (1e-12 + Math.abs(at(ret1, i))) / (at(c, i) * at(v, i)) : Number.NaN,
  );
  const intraday = each((i) => Math.log(at(c, i) / at(o, i)));
  const overnight = each((i) => Math.log(at(o, i) / at(c, i - 1)), 1);
  const direction = each((i) => Math.sign(at(ret1, i)));
  const place = each((i) => ratio(at(c, i) - at(l, i), at(h, i) - at(l, i), 0.5));
  const high252 = highest(h, 252);
  const low252 = lowest(l, 252);
  const toAverage = (size: number) => fromStart((i) => at(c, i) / mean(c, i, size) - 1);
  return {
    ret_1d: ret1,
    ret_5d: change(0, 5),
    ret_20d: change(0, 20),
    rsi_14: aligned(n, RSI.calculate({ period: 14, values: bars.c })),
    momentum_5d: fromStart((i) => ratio(at(c, i) - at(c, i - 5), at(atr, i), 0), 5),
    vol_20d: vol20,
    atr_14: atr,
    volume_zscore: fromStart((i) => ratio(at(v, i) - mean(v, i, 20), deviation(v, i, 20), 0)),
    ret_60d: change(0, 60),
    ret_120d: change(0, 120),
    ret_252d: change(0, 252),
    mom_12_1: change(21, 252),
    dist_high_252: fromStart((i) => at(c, i) / at(high252, i) - 1),
    dist_low_252: fromStart((i) => at(c, i) / at(low252, i) - 1),
    sma_ratio_20: fromStart((i) => at(c, i) / at(mean20, i) - 1),
    sma_ratio_50: toAverage(50),
    sma_ratio_200: toAverage(200),
    macd_hist: fromStart((i) => at(macd, i) / at(c, i)),
    bollinger_pct_b: fromStart((i) => {
      const width = at(width20, i);
      return ratio(at(c, i) - at(mean20, i) + width, 2 * width, 0.5);
    }),
    adx_14: aligned(n, averageDirectionalIndex(h, l, 14)),
    vol_60d: vol60,
    vol_ratio: fromStart((i) => ratio(at(vol20, i), at(vol60, i), 1)),
    atr_pct: fromStart((i) => at(atr, i) / at(c, i)),
    illiquidity_20: fromStart((i) => Math.log(meanOfPresent(priceImpact, i, 20))),
    max_ret_20d: fromStart((i) => largest(ret1, i, 20)),
    mom_12_7: change(126, 252),
    season_12: change(232, 252),
    up_share_231: fromStart((i) => mean(direction, i - 21, 231), 21),
    intraday_231: fromStart((i) => 231 * mean(intraday, i - 21, 231), 21),
    overnight_231: fromStart((i) => 231 * mean(overnight, i - 21, 231), 21),
    intraday_20: fromStart((i) => 20 * mean(intraday, i, 20)),
    close_place_5: fromStart((i) => mean(place, i, 5)),
    close_place_20: fromStart((i) => mean(place, i, 20)),
    volume_ratio_5_60: fromStart((i) => Math.log((1 + mean(v, i, 5)) / (1 + mean(v, i, 60)))),
  };
}

/**
 * Wilder's ADX. The library's ADX stays NaN after an average without directional movement. The true range by which it
 * divides both movements cancels out.
 */
function averageDirectionalIndex(h: Float64Array, l: Float64Array, period: number): number[] {
  const moves = Array.from(h.subarray(1), (high, i) => {
    const up = high - at(h, i);
    const down = at(l, i) - at(l, i + 1);
    if (up > down && up > 0) return up;
    return down > up && down > 0 ? -down : 0;
  });
  const plus = WEMA.calculate({ period, values: moves.map((move) => Math.max(move, 0)) });
  const minus = WEMA.calculate({ period, values: moves.map((move) => Math.max(-move, 0)) });
  const directional = plus.map((rise, i) => {
    const fall = defined(minus[i], 'falls are as many as rises');
    return 100 * ratio(Math.abs(rise - fall), rise + fall, 0);
  });
  return WEMA.calculate({ period, values: directional });
}

/** Places an indicator's shorter output at the end of `n` rows, with NaN before it. */
function aligned(n: number, values: number[]): Float64Array {
  const result = new Float64Array(n).fill(Number.NaN);
  if (values.length > 0) result.set(values.slice(-n), Math.max(0, n - values.length));
  return result;
}

/** a / b, or the value for a flat market if b is 0. */
function ratio(a: number, b: number, flat: number): number {
  return b === 0 ? flat : a / b;
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

function sliceBars(bars: BarColumns, from: number, to: number): BarColumns {
  const part = (values: number[]) => values.slice(from, to);
  return {
    ts: part(bars.ts),
    o: part(bars.o),
    h: part(bars.h),
    l: part(bars.l),
    c: part(bars.c),
    v: part(bars.v),
  };
}

/** Index of the first ts at or after an instant, from an index on; the length if there is no such ts. */
function endOf(ts: number[], from: number, instant: number): number {
  let index = from;
  while (index < ts.length && (ts[index] as number) < instant) index++;
  return index;
}

function emptyFeatures(ts: number[]): FeatureColumns {
  const columns = Object.fromEntries(FEATURE_NAMES.map((name) => [name, new Float64Array(ts.length)]));
  return { ts, columns: columns as Record<FeatureName, Float64Array> };
}
