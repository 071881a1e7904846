import type { BarColumns } from '../../../functions/features/compute.ts';
import type { FeatureName } from '../../../functions/features/definitions.ts';

/**
 * A second implementation of the features, directly from their definitions and the literature, without regard for
 * speed. Smoothed features start at the first bar. NaN stands for a missing value.
 */

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const average = (values: number[]) => sum(values) / values.length;

/** Sample standard deviation. */
export function sampleDeviation(values: number[]): number {
  const centre = average(values);
  return Math.sqrt(sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1));
}

/** The `size` values that end at t; undefined if there are fewer. */
function windowOf(values: number[], t: number, size: number): number[] | undefined {
  return t + 1 < size ? undefined : values.slice(t + 1 - size, t + 1);
}

/** Starts with the plain average of the first `period` values, then moves by `weight` of each difference. */
function smoothed(values: number[], period: number, weight: number): number[] {
  const result = values.map(() => Number.NaN);
  const begin = values.findIndex((value) => !Number.isNaN(value)) + period - 1;
  for (let t = begin; t < values.length; t++) {
    const previous = result[t - 1] as number;
    const value = values[t] as number;
    result[t] =
      t === begin ? average(values.slice(t + 1 - period, t + 1)) : previous + weight * (value - previous);
  }
  return result;
}

const exponentialAverage = (values: number[], period: number) => smoothed(values, period, 2 / (period + 1));
const wilderAverage = (values: number[], period: number) => smoothed(values, period, 1 / period);

const changes = (values: number[], f: (now: number, before: number, t: number) => number) =>
  values.map((value, t) => (t === 0 ? Number.NaN : f(value, values[t - 1] as number, t)));

function rsi(c: number[]): number[] {
  const gains = wilderAverage(
    changes(c, (now, before) => Math.max(now - before, 0)),
    14,
  );
  const losses = wilderAverage(
    changes(c, (now, before) => Math.max(before - now, 0)),
    14,
  );
  return gains.map((gain, t) => (losses[t] === 0 ? 100 : 100 - 100 / (1 + gain / (losses[t] as number))));
}

function trueRanges({ h, l, c }: BarColumns): number[] {
  return changes(c, (_, before, t) => Math.max(h[t] as number, before) - Math.min(l[t] as number, before));
}

const atr = (bars: BarColumns) => wilderAverage(trueRanges(bars), 14);

function adx(bars: BarColumns): number[] {
  const up = changes(bars.h, (now, before) => now - before);
  const down = changes(bars.l, (now, before) => before - now);
  const only = (moves: number[], others: number[]) =>
    moves.map((move, t) => (Number.isNaN(move) ? move : move > (others[t] as number) && move > 0 ? move : 0));
  const range = atr(bars);
  const plus = wilderAverage(only(up, down), 14).map((value, t) => (100 * value) / (range[t] as number));
  const minus = wilderAverage(only(down, up), 14).map((value, t) => (100 * value) / (range[t] as number));
  return wilderAverage(
    plus.map((value, t) => (100 * Math.abs(value - (minus[t] as number))) / (value + (minus[t] as number))),
    14,
  );
}

function macdHistogram(c: number[]): number[] {
  const slow = exponentialAverage(c, 26);
  const macd = exponentialAverage(c, 12).map((fast, t) => fast - (slow[t] as number));
  const signal = exponentialAverage(macd, 9);
  return macd.map((value, t) => value - (signal[t] as number));
}

/** Every feature of every bar of a series that lies within one calendar year. */
export function naiveFeatures(bars: BarColumns): Record<FeatureName, number[]> {
  const { o, h, l, c, v } = bars;
  const each = (f: (t: number, close: number) => number | undefined) =>
    c.map((close, t) => f(t, close) ?? Number.NaN);
  const back = (values: number[], t: number) => values[t] ?? Number.NaN;
  const ret = (n: number) => each((t, close) => close / back(c, t - n) - 1);
  const ret1 = ret(1);
  const logReturns = changes(c, (now, before) => Math.log(now / before));
  const volatility = (n: number) =>
    each((t) => (t < n ? undefined : sampleDeviation(windowOf(logReturns, t, n) ?? []) * Math.sqrt(252)));
  const toAverage = (n: number) =>
    each((t, close) => {
      const window = windowOf(c, t, n);
      return window && close / average(window) - 1;
    });
  const vol20 = volatility(20);
  const vol60 = volatility(60);
  const trueRange = atr(bars);
  const histogram = macdHistogram(c);
  return {
    ret_1d: ret1,
    ret_5d: ret(5),
    ret_20d: ret(20),
    rsi_14: rsi(c),
    momentum_5d: each((t, close) => (close - back(c, t - 5)) / back(trueRange, t)),
    vol_20d: vol20,
    atr_14: trueRange,
    volume_zscore: each((t) => {
      const window = windowOf(v, t, 20);
      return window && (back(v, t) - average(window)) / sampleDeviation(window);
    }),
    ret_60d: ret(60),
    ret_120d: ret(120),
    ret_252d: ret(252),
    mom_12_1: each((t) => back(c, t - 21) / back(c, t - 252) - 1),
    dist_high_252: each((t, close) => {
      const window = windowOf(h, t, 252);
      return window && close / Math.max(...window) - 1;
    }),
    dist_low_252: each((t, close) => {
      const window = windowOf(l, t, 252);
      return window && close / Math.min(...window) - 1;
    }),
    sma_ratio_20: toAverage(20),
    sma_ratio_50: toAverage(50),
    sma_ratio_200: toAverage(200),
    macd_hist: each((t, close) => back(histogram, t) / close),
    bollinger_pct_b: each((t, close) => {
      const window = windowOf(c, t, 20);
      if (!window) return undefined;
      const width = 2 * sampleDeviation(window) * Math.sqrt(19 / 20);
      return (close - (average(window) - width)) / (2 * width);
    }),
    adx_14: adx(bars),
    vol_60d: vol60,
    vol_ratio: each((t) => back(vol20, t) / back(vol60, t)),
    atr_pct: each((t, close) => back(trueRange, t) / close),
    illiquidity_20: each((t) => {
      if (t < 20) return undefined;
      const traded = [...Array(20).keys()].map((n) => t - n).filter((day) => back(v, day) > 0);
      const impacts = traded.map(
        (day) => (1e-12 + Math.abs(back(ret1, day))) / (back(c, day) * back(v, day)),
      );
      return Math.log(average(impacts));
    }),
    max_ret_20d: each((t) => (t < 20 ? undefined : Math.max(...(windowOf(ret1, t, 20) ?? [])))),
    mom_12_7: each((t) => back(c, t - 126) / back(c, t - 252) - 1),
    season_12: each((t) => back(c, t - 232) / back(c, t - 252) - 1),
    up_share_231: each((t) => {
      const year = windowOf(ret1, t - 21, 231);
      return (
        year &&
        (year.filter((r) => r > 0).length - year.filter((r) => r < 0).length) / (t < 252 ? Number.NaN : 231)
      );
    }),
    intraday_231: each((t) => {
      const days = windowOf([...c.keys()], t - 21, 231);
      return days && Math.log(days.reduce((product, day) => (product * back(c, day)) / back(o, day), 1));
    }),
    overnight_231: each((t) => {
      const days = windowOf([...c.keys()], t - 21, 231);
      return days && Math.log(days.reduce((product, day) => (product * back(o, day)) / back(c, day - 1), 1));
    }),
    intraday_20: each((t) => {
      const days = windowOf([...c.keys()], t, 20);
      return days && sum(days.map((day) => Math.log(back(c, day)) - Math.log(back(o, day))));
    }),
    close_place_5: each((t) => placeOver(bars, t, 5)),
    close_place_20: each((t) => placeOver(bars, t, 20)),
    volume_ratio_5_60: each((t) => {
      const [week, quarter] = [windowOf(v, t, 5), windowOf(v, t, 60)];
      return week && quarter && Math.log(1 + average(week)) - Math.log(1 + average(quarter));
    }),
  };
}

/** Average position of the close between low and high over the bars that end at t. */
function placeOver({ h, l, c }: BarColumns, t: number, size: number): number | undefined {
  const days = windowOf([...c.keys()], t, size);
  const at = (values: number[], day: number) => values[day] as number;
  return days && average(days.map((day) => (at(c, day) - at(l, day)) / (at(h, day) - at(l, day))));
}
