import type { Call, Outlook } from './profiles.ts';

/** What a justification is written from. */
export interface Reasons {
  call: Call;
  outlook: Outlook;
  horizonDays: number;
  /** Model inputs by name. */
  features: Record<string, number>;
  /** What each adds to the expected return, as a fraction, by name. */
  contributions: Record<string, number>;
}

/** How many features a justification names. */
const NAMED = 3;

const percent = (value: number, digits = 1) => `${value < 0 ? '' : '+'}${(value * 100).toFixed(digits)}%`;
const share = (value: number) => `${(value * 100).toFixed(0)}%`;

/** Plain words for an input and its value; an input not listed is named as it is. */
const WORDS: Record<string, (value: number) => string> = {
  ret_1d: (v) => `its last day (${percent(v)})`,
  ret_5d: (v) => `its last week (${percent(v)})`,
  ret_20d: (v) => `its last month (${percent(v)})`,
  ret_60d: (v) => `its last three months (${percent(v)})`,
  ret_120d: (v) => `its last six months (${percent(v)})`,
  ret_252d: (v) => `its last year (${percent(v)})`,
  mom_12_1: (v) => `its year up to a month ago (${percent(v)})`,
  rsi_14: (v) => `a relative strength index of ${v.toFixed(0)}`,
  momentum_5d: (v) => `a week's move of ${v.toFixed(1)} average daily ranges`,
  vol_20d: (v) => `a volatility of ${share(v)} a year over the last month`,
  vol_60d: (v) => `a volatility of ${share(v)} a year over three months`,
  vol_ratio: (v) => `a last month ${v.toFixed(2)} times as volatile as its last three`,
  volume_zscore: (v) => `volume ${Math.abs(v).toFixed(1)} deviations ${v < 0 ? 'below' : 'above'} its month`,
  dist_high_252: (v) => `its distance to the year's high (${percent(v)})`,
  dist_low_252: (v) => `its distance to the year's low (${percent(v)})`,
  sma_ratio_20: (v) => `its distance to the 20-day average (${percent(v)})`,
  sma_ratio_50: (v) => `its distance to the 50-day average (${percent(v)})`,
  sma_ratio_200: (v) => `its distance to the 200-day average (${percent(v)})`,
  macd_hist: (v) => `a MACD histogram of ${percent(v, 2)} of the price`,
  bollinger_pct_b: (v) =>
    `its place in the Bollinger bands (${v.toFixed(2)}, where 0 is the lower and 1 the upper)`,
  adx_14: (v) => `a trend strength (ADX) of ${v.toFixed(0)}`,
  atr_pct: (v) => `a usual daily range of ${(v * 100).toFixed(1)}%`,
  illiquidity_20: (v) => `how far its price moves for what is traded (log illiquidity ${v.toFixed(1)})`,
  max_ret_20d: (v) => `its best day of the month (${percent(v)})`,
  mom_12_7: (v) => `the older half of its year (${percent(v)})`,
  season_12: (v) => `the same month a year ago (${percent(v)})`,
  up_share_231: (v) => `rising days ahead of falling ones by ${share(v)} of its year`,
  intraday_231: (v) => `what its year made between open and close (${percent(v)})`,
  overnight_231: (v) => `what its year made overnight (${percent(v)})`,
  intraday_20: (v) => `what its month made between open and close (${percent(v)})`,
  close_place_5: (v) => `closes at ${share(v)} of the day's range this week`,
  close_place_20: (v) => `closes at ${share(v)} of the day's range this month`,
  volume_ratio_5_60: (v) => `this week's volume against the quarter's (${Math.exp(v).toFixed(2)} times)`,
  market_ret_1d: (v) => `the market's last day (${percent(v)})`,
  market_ret_20d: (v) => `the market's last month (${percent(v)})`,
  market_mom_12_1: (v) => `the market's year up to a month ago (${percent(v)})`,
  market_vol_20d: (v) => `the average stock's volatility (${share(v)} a year)`,
  market_breadth_200: (v) => `${share(v)} of stocks being above their 200-day average`,
};

/** What a cross-sectional rank compares, after which "beats n% of instruments" can be said. */
const RANKED: Record<string, string> = {
  ret_1d_rank: "last day's return",
  ret_5d_rank: "last week's return",
  ret_20d_rank: "last month's return",
  ret_60d_rank: "last three months' return",
  ret_120d_rank: "last six months' return",
  rsi_14_rank: 'relative strength index',
  mom_12_1_rank: 'year up to a month ago',
  mom_12_7_rank: "year's older half",
  season_12_rank: 'same month a year ago',
  up_share_231_rank: "share of the year's days that rose",
  intraday_231_rank: "year's gain between open and close",
  overnight_231_rank: "year's gain overnight",
  intraday_20_rank: "month's gain between open and close",
  close_place_5_rank: "closing place within the week's ranges",
  close_place_20_rank: "closing place within the month's ranges",
  volume_ratio_5_60_rank: "week's volume against its quarter",
  vol_ratio_rank: 'month against quarter volatility',
  sma_ratio_200_rank: 'distance to the 200-day average',
  max_ret_20d_rank: "month's best day",
  vol_60d_rank: 'volatility',
  volume_zscore_rank: 'unusual volume',
  dist_high_252_rank: "closeness to the year's high",
  illiquidity_20_rank: 'price impact of trading',
};

/** An input in plain words, with its number. */
export function inWords(name: string, value: number): string {
  const ranked = RANKED[name];
  if (ranked) return `its ${ranked}, ahead of ${share(value)} of instruments`;
  return WORDS[name]?.(value) ?? `${name} of ${value.toPrecision(3)}`;
}

/**
 * Says a call and why in plain words: the label and its chance, the features that moved this row's expected
 * return most, what held a call back, and the risk in one sentence.
 */
export function justify({ call, outlook, horizonDays, features, contributions }: Reasons): string {
  const chance = `${call.label} with a probability of ${share(call.confidence)}`;
  const expectation = `expected return ${percent(outlook.expectedReturnPct / 100)} over ${horizonDays} trading days`;
  const strongest = Object.entries(contributions)
    .filter(([, contribution]) => contribution !== 0)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .slice(0, NAMED)
    .map(([name, contribution]) => `${inWords(name, features[name] ?? Number.NaN)} ${points(contribution)}`);
  const average = percent(outlook.averageReturnPct / 100);
  const because =
    strongest.length > 0 ? ` From the average instrument's ${average}: ${strongest.join('; ')}.` : '';
  const held = call.heldBack ? ` Held back: ${call.heldBack}.` : '';
  return `${chance}, ${expectation}.${because}${held} ${risk(call, outlook)}`;
}

function points(contribution: number): string {
  const size = Math.abs(contribution * 100).toFixed(2);
  return contribution < 0 ? `takes ${size} points off` : `adds ${size} points`;
}

function risk(call: Call, { close, volatility }: Outlook): string {
  const distance = Math.abs(call.stopLoss / close - 1);
  const swing = `It swings about ${share(volatility)} a year`;
  return call.label === 'SELL'
    ? `${swing}; a rise of ${(distance * 100).toFixed(1)}% to ${call.stopLoss.toFixed(2)} would prove the call wrong.`
    : `${swing}; the stop at ${call.stopLoss.toFixed(2)} is a loss of ${(distance * 100).toFixed(1)}%.`;
}
