import {
  comparedLevel,
  comparedReturn,
  type FeatureDefinition,
  moved,
  percent,
  sideOf,
  signedPercent,
} from './sentences.ts';

/**
 * All features. An entry here, its column in `compute.ts` and a migration written by
 * `npm run features:migration` make a feature.
 *
 * Notation: O, H, L, C and V are a bar's open, high, low, close and volume; t is the row's own bar and t-n the n-th
 * bar before it. No feature reads a bar after t. A feature is null where the history is shorter than its look-back.
 * Values are stored with 7 significant digits, the precision of the model's float32 inputs.
 */
export const FEATURES = {
  ret_1d: {
    meaning: 'Return over 1 bar: C[t] / C[t-1] - 1',
    storage: 'column',
    sentence: (v) => `Its price ${moved(v)} on its last trading day`,
    rank: comparedReturn('On its last trading day'),
  },
  ret_5d: {
    meaning: 'Return over 5 bars: C[t] / C[t-5] - 1',
    storage: 'column',
    sentence: (v) => `Its price ${moved(v)} over the last week`,
    rank: comparedReturn('Over the last week'),
  },
  ret_20d: {
    meaning: 'Return over 20 bars: C[t] / C[t-20] - 1',
    storage: 'column',
    sentence: (v) => `Its price ${moved(v)} over the last month`,
    rank: comparedReturn('Over the last month'),
  },
  rsi_14: {
    meaning:
      "Relative strength index over 14 bars with Wilder's smoothing, 0 to 100, rounded to hundredths; 100 if no close fell (Wilder 1978)",
    storage: 'column',
    sentence: (v) => `Its relative strength index (RSI) is ${v.toFixed(0)} on a scale of 0 to 100`,
    rank: comparedLevel('Its relative strength index (RSI)'),
  },
  momentum_5d: {
    meaning:
      'Change over 5 bars in average true ranges, comparable across prices: (C[t] - C[t-5]) / atr_14; 0 if atr_14 is 0',
    storage: 'column',
    sentence: (v) =>
      `Its price moved ${v < 0 ? 'down' : 'up'} by ${Math.abs(v).toFixed(1)} average daily ranges over the last week`,
  },
  vol_20d: {
    meaning: 'Annualised volatility: sample standard deviation of the last 20 log returns times sqrt(252)',
    storage: 'column',
    sentence: (v) => `Its price would move by ${percent(v, 0)} in a usual year at the pace of the last month`,
  },
  atr_14: {
    meaning: "Average true range over 14 bars with Wilder's smoothing, in the price's currency (Wilder 1978)",
    storage: 'column',
    sentence: (v) => `Its usual daily price range is ${v.toPrecision(3)}`,
  },
  volume_zscore: {
    meaning: 'Volume against its last 20 bars: (V[t] - mean) / sample standard deviation; 0 if all are equal',
    storage: 'column',
    sentence: (v) =>
      `Its volume on its last trading day was ${v < 0 ? 'below' : 'above'} its monthly average by ${Math.abs(v).toFixed(1)} times its usual variation`,
    rank: comparedLevel('Its volume on its last trading day, relative to its last month,'),
  },
  ret_60d: {
    meaning: 'Return over 60 bars: C[t] / C[t-60] - 1',
    storage: 'column',
    sentence: (v) => `Its price ${moved(v)} over the last three months`,
    rank: comparedReturn('Over the last three months'),
  },
  ret_120d: {
    meaning: 'Return over 120 bars: C[t] / C[t-120] - 1',
    storage: 'column',
    sentence: (v) => `Its price ${moved(v)} over the last six months`,
    rank: comparedReturn('Over the last six months'),
  },
  ret_252d: {
    meaning: 'Return over 252 bars, about a year: C[t] / C[t-252] - 1',
    storage: 'column',
    sentence: (v) => `Its price ${moved(v)} over the last year`,
  },
  mom_12_1: {
    meaning:
      '12-1 momentum: the last year without its last month, C[t-21] / C[t-252] - 1 (Jegadeesh and Titman 1993)',
    storage: 'column',
    sentence: (v) => `Its price ${moved(v)} in the year up to a month ago`,
    rank: comparedReturn('In the year up to a month ago'),
  },
  dist_high_252: {
    meaning:
      'Distance to the 52-week high: C[t] / max(H over 252 bars) - 1, at most 0 (George and Hwang 2004)',
    storage: 'column',
    sentence: (v) => `Its price is ${sideOf(v, 'its 52-week high')}`,
    rank: {
      lowest: 'Its price is among the furthest of all stocks below its 52-week high',
      low: 'Its price is further below its 52-week high than that of {share} of stocks',
      middle: 'Its price is about as far below its 52-week high as that of the typical stock',
      high: 'Its price is closer to its 52-week high than that of {share} of stocks',
      highest: 'Its price is among the closest of all stocks to its 52-week high',
    },
  },
  dist_low_252: {
    meaning: 'Distance to the 52-week low: C[t] / min(L over 252 bars) - 1, at least 0',
    storage: 'column',
    sentence: (v) => `Its price is ${sideOf(v, 'its 52-week low')}`,
  },
  sma_ratio_20: {
    meaning: 'Distance to the 20-bar moving average: C[t] / mean(C over 20 bars) - 1',
    storage: 'column',
    sentence: (v) => `Its price is ${sideOf(v, 'its 20-day average')}`,
  },
  sma_ratio_50: {
    meaning: 'Distance to the 50-bar moving average: C[t] / mean(C over 50 bars) - 1',
    storage: 'column',
    sentence: (v) => `Its price is ${sideOf(v, 'its 50-day average')}`,
  },
  sma_ratio_200: {
    meaning: 'Distance to the 200-bar moving average: C[t] / mean(C over 200 bars) - 1',
    storage: 'column',
    sentence: (v) => `Its price is ${sideOf(v, 'its 200-day average')}`,
    rank: comparedLevel('Its price, relative to its 200-day average,'),
  },
  macd_hist: {
    meaning: 'MACD (12, 26) less its 9-bar signal, as a share of the close (Appel 1979)',
    storage: 'column',
    sentence: (v) => `Its MACD histogram is ${signedPercent(v, 2)} of its price`,
  },
  bollinger_pct_b: {
    meaning:
      'Position within the 20-bar, 2-deviation Bollinger bands: 0 at the lower, 1 at the upper; 0.5 if flat',
    storage: 'column',
    sentence: (v) =>
      `Its price is at ${v.toFixed(2)} within its Bollinger bands, where 0 is the lower and 1 the upper`,
  },
  adx_14: {
    meaning:
      "Average directional index over 14 bars with Wilder's smoothing, 0 to 100; 0 if no price moved (Wilder 1978)",
    storage: 'column',
    sentence: (v) => `Its trend strength (ADX) is ${v.toFixed(0)} on a scale of 0 to 100`,
  },
  vol_60d: {
    meaning: 'Annualised volatility over 60 log returns, as vol_20d',
    storage: 'column',
    sentence: (v) =>
      `Its price would move by ${percent(v, 0)} in a usual year at the pace of the last three months`,
    rank: {
      lowest: 'Its price swings are among the smallest of all stocks',
      low: 'Its price swings less than that of {share} of stocks',
      middle: 'Its price swings about as much as that of the typical stock',
      high: 'Its price swings more than that of {share} of stocks',
      highest: 'Its price swings are among the largest of all stocks',
    },
  },
  vol_ratio: {
    meaning: 'Short against long volatility: vol_20d / vol_60d; 1 if both are 0',
    storage: 'column',
    sentence: (v) => `Its price swings this month are ${v.toFixed(2)} times those of the last three months`,
    rank: comparedLevel('Its typical price swing this month, relative to its last three months,'),
  },
  atr_pct: {
    meaning: 'Average true range as a share of the close: atr_14 / C[t]',
    storage: 'column',
    sentence: (v) => `Its usual daily range is ${percent(v)} of its price`,
  },
  illiquidity_20: {
    meaning:
      "Log of the Amihud illiquidity: ln(mean over 20 bars of (1e-12 + |ret_1d|) / (C V)) in the price's currency, bars without volume left out, null if there is none (Amihud 2002)",
    storage: 'column',
    isPerCurrency: true,
    sentence: (v) => `Its illiquidity score is ${v.toFixed(1)}; a higher score means harder to trade`,
    rank: {
      lowest: 'It is among the easiest of all stocks to trade',
      low: 'It is easier to trade than {share} of stocks',
      middle: 'It is about as easy to trade as the typical stock',
      high: 'It is harder to trade than {share} of stocks',
      highest: 'It is among the hardest of all stocks to trade',
    },
  },
  max_ret_20d: {
    meaning: 'The largest 1-bar return of the last 20 bars (Bali, Cakici and Whitelaw 2011)',
    storage: 'column',
    sentence: (v) => `Its best day of the last month was ${signedPercent(v)}`,
    rank: {
      lowest: 'Its best day of the last month was among the weakest of all stocks',
      low: 'Its best day of the last month was weaker than that of {share} of stocks',
      middle: 'Its best day of the last month was about that of the typical stock',
      high: 'Its best day of the last month was stronger than that of {share} of stocks',
      highest: 'Its best day of the last month was among the strongest of all stocks',
    },
  },
  mom_12_7: {
    meaning: 'Momentum from 12 to 7 months ago: C[t-126] / C[t-252] - 1 (Novy-Marx 2012)',
    storage: 'column',
    sentence: (v) => `Its price ${moved(v)} seven to twelve months ago`,
    rank: comparedReturn('Seven to twelve months ago'),
  },
  season_12: {
    meaning:
      'Return a year ago over the 20 bars that correspond to the coming ones: C[t-232] / C[t-252] - 1 (Heston and Sadka 2008)',
    storage: 'column',
    sentence: (v) => `Its price ${moved(v)} over the month that began a year ago`,
    rank: comparedReturn('Over the month that began a year ago'),
  },
  up_share_231: {
    meaning:
      'Rising less falling bars, as a share of the 231 bars that end at t-21 (information discreteness of Da, Gurun and Warachka 2014)',
    storage: 'column',
    sentence: (v) =>
      `Its ${v < 0 ? 'falling days outnumbered its rising' : 'rising days outnumbered its falling'} ones by ${percent(Math.abs(v), 0)} of the days in the year up to a month ago`,
    rank: comparedLevel('Its surplus of rising over falling days in the year up to a month ago'),
  },
  intraday_231: {
    meaning: 'Sum of ln(C / O) over the 231 bars that end at t-21 (Lou, Polk and Skouras 2019)',
    storage: 'column',
    sentence: (v) => `Its price ${moved(Math.expm1(v))} during trading hours in the year up to a month ago`,
    rank: comparedReturn('During trading hours in the year up to a month ago'),
  },
  overnight_231: {
    meaning: 'Sum of ln(O / C of the bar before) over the 231 bars that end at t-21 (as intraday_231)',
    storage: 'column',
    sentence: (v) => `Its price ${moved(Math.expm1(v))} overnight in the year up to a month ago`,
    rank: comparedReturn('Overnight in the year up to a month ago'),
  },
  intraday_20: {
    meaning: 'Sum of ln(C / O) over the last 20 bars',
    storage: 'column',
    sentence: (v) => `Its price ${moved(Math.expm1(v))} during trading hours over the last month`,
    rank: comparedReturn('During trading hours over the last month'),
  },
  close_place_5: {
    meaning:
      'Position of the close within the bar, (C - L) / (H - L), mean of 5 bars; 0.5 for a bar without range',
    storage: 'column',
    sentence: (v) =>
      `It closed at ${percent(v, 0)} of its daily range on average this week (100% is the high)`,
    rank: comparedClose('this week'),
  },
  close_place_20: {
    meaning: 'Position of the close within the bar, as close_place_5, mean of 20 bars',
    storage: 'column',
    sentence: (v) =>
      `It closed at ${percent(v, 0)} of its daily range on average this month (100% is the high)`,
    rank: comparedClose('this month'),
  },
  volume_ratio_5_60: {
    meaning:
      'Log of this week over this quarter in volume: ln((1 + mean V over 5 bars) / (1 + mean V over 60 bars))',
    storage: 'column',
    sentence: (v) => `Its volume this week was ${Math.exp(v).toFixed(2)} times its three-month average`,
    rank: comparedLevel('Its volume this week, relative to its last three months,'),
  },
} as const satisfies Record<string, FeatureDefinition>;

export type FeatureName = keyof typeof FEATURES;
type StoredAs<Storage> = {
  [Name in FeatureName]: (typeof FEATURES)[Name]['storage'] extends Storage ? Name : never;
}[FeatureName];
export type ColumnFeature = StoredAs<'column'>;

export const FEATURE_NAMES = Object.keys(FEATURES) as FeatureName[];
export const COLUMN_FEATURE_NAMES = storedAs('column');
export const ADDITIONAL_FEATURE_NAMES = storedAs('additional');

/**
 * Bars before a block that are read to compute it. The longest look-back needs 252; the others let Wilder's and
 * exponential smoothing forget their start ((25/27)^300 is below 1e-9).
 */
export const WARM_UP_BARS = 300;

function comparedClose(period: string) {
  return {
    lowest: `Its closes ${period} were among the nearest of all stocks to the daily lows`,
    low: `It closed nearer its daily lows ${period} than {share} of stocks`,
    middle: `It closed about as high in its daily range ${period} as the typical stock`,
    high: `It closed nearer its daily highs ${period} than {share} of stocks`,
    highest: `Its closes ${period} were among the nearest of all stocks to the daily highs`,
  } as const;
}

function storedAs<Storage extends FeatureDefinition['storage']>(storage: Storage): StoredAs<Storage>[] {
  const isStored = (name: FeatureName) => (FEATURES[name] as FeatureDefinition).storage === storage;
  return FEATURE_NAMES.filter(isStored) as StoredAs<Storage>[];
}
