/**
 * What every feature means, in one place. Notation: C, H, L, V are a bar's close, high, low and volume, t the
 * row's own bar, t-n the n-th bar before it; every feature reads bars up to t and none later. A feature whose
 * look-back is longer than the history is null.
 *
 * Values are kept to 7 significant digits, which is what the model's single precision holds.
 */

/** The features that have a column of their own in the table `features`. */
export const COLUMN_FEATURES = {
  ret_1d: 'Return over 1 bar: C[t] / C[t-1] - 1',
  ret_5d: 'Return over 5 bars: C[t] / C[t-5] - 1',
  ret_20d: 'Return over 20 bars: C[t] / C[t-20] - 1',
  rsi_14:
    "Relative strength index over 14 bars with Wilder's smoothing, 0 to 100 in hundredths; 100 if nothing fell (Wilder 1978)",
  momentum_5d:
    'Momentum in average true ranges, so that it compares across prices: (C[t] - C[t-5]) / atr_14; 0 if atr_14 is',
  vol_20d: 'Annualised volatility: sample standard deviation of the last 20 log returns times sqrt(252)',
  atr_14: "Average true range over 14 bars with Wilder's smoothing, in the price's currency (Wilder 1978)",
  volume_zscore:
    'Volume against its last 20 bars: (V[t] - mean) / sample standard deviation; 0 if all are equal',
} as const;

/** The features kept in `features.additional_features`. */
export const ADDITIONAL_FEATURES = {
  ret_60d: 'Return over 60 bars: C[t] / C[t-60] - 1',
  ret_120d: 'Return over 120 bars: C[t] / C[t-120] - 1',
  ret_252d: 'Return over 252 bars, about a year: C[t] / C[t-252] - 1',
  mom_12_1:
    '12-1 momentum: the year without its last month, C[t-21] / C[t-252] - 1 (Jegadeesh and Titman 1993)',
  dist_high_252:
    'Distance to the 52-week high: C[t] / max(H over 252 bars) - 1, at most 0 (George and Hwang 2004)',
  dist_low_252: 'Distance to the 52-week low: C[t] / min(L over 252 bars) - 1, at least 0',
  sma_ratio_20: 'Distance to the 20-bar moving average: C[t] / mean(C over 20 bars) - 1',
  sma_ratio_50: 'Distance to the 50-bar moving average: C[t] / mean(C over 50 bars) - 1',
  sma_ratio_200: 'Distance to the 200-bar moving average: C[t] / mean(C over 200 bars) - 1',
  macd_hist: 'MACD (12, 26) less its 9-bar signal, as a share of the close (Appel 1979)',
  bollinger_pct_b:
    'Place within the 20-bar, 2-deviation Bollinger bands: 0 at the lower, 1 at the upper; 0.5 if flat',
  adx_14:
    "Average directional index over 14 bars with Wilder's smoothing, 0 to 100; 0 if nothing moved (Wilder 1978)",
  vol_60d: 'Annualised volatility over 60 log returns, as vol_20d',
  vol_ratio: 'Short against long volatility: vol_20d / vol_60d; 1 if both are 0',
  atr_pct: 'Average true range as a share of the close: atr_14 / C[t]',
  illiquidity_20:
    'Log of the Amihud illiquidity: ln(1e-12 + mean over 20 bars of |ret_1d| / (C V)), bars without volume left out, null if there is none (Amihud 2002)',
  max_ret_20d: 'The largest 1-bar return of the last 20 bars (Bali, Cakici and Whitelaw 2011)',
  mom_12_7: 'Momentum of the year without its last half, C[t-126] / C[t-252] - 1 (Novy-Marx 2012)',
  season_12:
    'Return of the same 20 bars a year ago, C[t-232] / C[t-252] - 1: the bars ahead, seen a year before (Heston and Sadka 2008)',
  up_share_231:
    'Rising less falling bars, as a share of the 231 bars that end at t-21 (information discreteness of Da, Gurun and Warachka 2014)',
  intraday_231: 'Sum of ln(C / O) over the 231 bars that end at t-21 (Lou, Polk and Skouras 2019)',
  overnight_231: 'Sum of ln(O / C of the bar before) over the 231 bars that end at t-21 (as intraday_231)',
  intraday_20: 'Sum of ln(C / O) over the last 20 bars',
  close_place_5:
    'Place of the close within the bar, (C - L) / (H - L), mean of 5 bars; 0.5 for a bar without range',
  close_place_20: 'The same, mean of 20 bars',
  volume_ratio_5_60:
    'Log of recent volume against its quarter: ln((1 + mean V over 5 bars) / (1 + mean V over 60 bars))',
} as const;

export type ColumnFeature = keyof typeof COLUMN_FEATURES;
export type AdditionalFeature = keyof typeof ADDITIONAL_FEATURES;
export type FeatureName = ColumnFeature | AdditionalFeature;

export const COLUMN_FEATURE_NAMES = Object.keys(COLUMN_FEATURES) as ColumnFeature[];
export const ADDITIONAL_FEATURE_NAMES = Object.keys(ADDITIONAL_FEATURES) as AdditionalFeature[];

/**
 * Bars before a block that are read to compute it: 252 for the longest look-back, and the rest so that
 * Wilder's and exponential smoothing have forgotten where they began ((25/27)^300 is below 1e-9).
 */
export const WARM_UP_BARS = 300;

/** Bars that an instrument needs before all of its features exist: the longest look-back and the bar itself. */
export const LEAST_HISTORY_BARS = 253;
