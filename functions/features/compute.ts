import { ATR, MACD, RSI, WEMA } from 'technicalindicators';
import { FEATURE_NAMES, type FeatureName, WARM_UP_BARS } from './definitions.ts';
import { deviation, highest, largest, lowest, mean } from './windows.ts';

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
    const block = blockStart(at(bars.ts, index));
    const nextBlock = Date.UTC(new Date(block).getUTCFullYear() + 1, 0, 1);
    const end = endOf(bars.ts, index, nextBlock);
    const first = endOf(bars.ts, 0, block);
    const origin = Math.max(0, first - WARM_UP_BARS);
    const slice = sliceBars(bars, origin, end);
    const computed = computeBlock(slice);
    for (const name of Object.keys(computed) as FeatureName[]) {
      result.columns[name].set(computed[name].subarray(index - origin), index - start);
    }
    index = end;
  }
  return result;
}

/** The value at an index; NaN before the first and after the last. */
function at(values: ArrayLike<number>, i: number): number {
  return values[i] ?? Number.NaN;
}

/** Every feature of every bar. Smoothed indicators start at the first bar. */
function computeBlock({ o, h, l, c, v }: BarColumns): Record<FeatureName, Float64Array> {
  const n = c.length;
  const each = (f: (i: number) => number) => {
    const values = new Float64Array(n);
    for (let i = 0; i < n; i++) values[i] = f(i);
    return values;
  };
  const ret = (bars: number) => each((i) => at(c, i) / at(c, i - bars) - 1);
  const ret1 = ret(1);
  const logReturns = each((i) => Math.log(at(c, i) / at(c, i - 1)));
  const vol20 = each((i) => deviation(logReturns, i, 20) * Math.sqrt(252));
  const vol60 = each((i) => deviation(logReturns, i, 60) * Math.sqrt(252));
  const atr = aligned(n, ATR.calculate({ period: 14, high: h, low: l, close: c }));
  const macd = aligned(
    n,
    MACD.calculate({
      values: c,
      fastPeriod: 12,
      slowPeriod: 26,
      signalPeriod: 9,
      SimpleMAOscillator: false,
      SimpleMASignal: false,
    }).map(({ histogram = Number.NaN }) => histogram),
  );
  // Half the width of the bands: two deviations with Bollinger's divisor, 20.
  const width20 = each((i) => 2 * Math.sqrt(19 / 20) * deviation(c, i, 20));
  const priceImpact = each((i) =>
    at(v, i) > 0 ? Math.abs(at(ret1, i)) / (at(c, i) * at(v, i)) : Number.NaN,
  );
  const intraday = each((i) => Math.log(at(c, i) / at(o, i)));
  const overnight = each((i) => Math.log(at(o, i) / at(c, i - 1)));
  const direction = each((i) => Math.sign(at(ret1, i)));
  const place = each((i) => ratio(at(c, i) - at(l, i), at(h, i) - at(l, i), 0.5));
  const high252 = highest(h, 252);
  const low252 = lowest(l, 252);
  const toAverage = (bars: number) => each((i) => at(c, i) / mean(c, i, bars) - 1);
  return {
    ret_1d: ret1,
    ret_5d: ret(5),
    ret_20d: ret(20),
    rsi_14: aligned(n, RSI.calculate({ period: 14, values: c })),
    momentum_5d: each((i) => ratio(at(c, i) - at(c, i - 5), at(atr, i), 0)),
    vol_20d: vol20,
    atr_14: atr,
    volume_zscore: each((i) => ratio(at(v, i) - mean(v, i, 20), deviation(v, i, 20), 0)),
    ret_60d: ret(60),
    ret_120d: ret(120),
    ret_252d: ret(252),
    mom_12_1: each((i) => at(c, i - 21) / at(c, i - 252) - 1),
    dist_high_252: each((i) => at(c, i) / at(high252, i) - 1),
    dist_low_252: each((i) => at(c, i) / at(low252, i) - 1),
    sma_ratio_20: toAverage(20),
    sma_ratio_50: toAverage(50),
    sma_ratio_200: toAverage(200),
    macd_hist: each((i) => at(macd, i) / at(c, i)),
    bollinger_pct_b: each((i) => {
      const width = at(width20, i);
      return ratio(at(c, i) - mean(c, i, 20) + width, 2 * width, 0.5);
    }),
    adx_14: aligned(n, averageDirectionalIndex(h, l, 14)),
    vol_60d: vol60,
    vol_ratio: each((i) => ratio(at(vol20, i), at(vol60, i), 1)),
    atr_pct: each((i) => at(atr, i) / at(c, i)),
    illiquidity_20: each((i) => Math.log(1e-12 + meanOfPresent(priceImpact, i, 20))),
    max_ret_20d: each((i) => largest(ret1, i, 20)),
    mom_12_7: each((i) => at(c, i - 126) / at(c, i - 252) - 1),
    season_12: each((i) => at(c, i - 232) / at(c, i - 252) - 1),
    up_share_231: each((i) => mean(direction, i - 21, 231)),
    intraday_231: each((i) => 231 * mean(intraday, i - 21, 231)),
    overnight_231: each((i) => 231 * mean(overnight, i - 21, 231)),
    intraday_20: each((i) => 20 * mean(intraday, i, 20)),
    close_place_5: each((i) => mean(place, i, 5)),
    close_place_20: each((i) => mean(place, i, 20)),
    volume_ratio_5_60: each((i) => Math.log((1 + mean(v, i, 5)) / (1 + mean(v, i, 60)))),
  };
}

/**
 * Wilder's ADX. The library's ADX stays NaN after an average without directional movement. The true range by which it
 * divides both movements cancels out.
 */
function averageDirectionalIndex(h: number[], l: number[], period: number): number[] {
  const moves = h.slice(1).map((high, i) => {
    const up = high - at(h, i);
    const down = at(l, i) - at(l, i + 1);
    if (up > down && up > 0) return up;
    return down > up && down > 0 ? -down : 0;
  });
  const plus = WEMA.calculate({ period, values: moves.map((move) => Math.max(move, 0)) });
  const minus = WEMA.calculate({ period, values: moves.map((move) => Math.max(-move, 0)) });
  const directional = plus.map((rise, i) => {
    const fall = at(minus, i);
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
  while (index < ts.length && at(ts, index) < instant) index++;
  return index;
}

function emptyFeatures(ts: number[]): FeatureColumns {
  const columns = Object.fromEntries(FEATURE_NAMES.map((name) => [name, new Float64Array(ts.length)]));
  return { ts, columns: columns as Record<FeatureName, Float64Array> };
}
