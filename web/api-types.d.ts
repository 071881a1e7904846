// The API's types, for clients. Made from the OpenAPI document by `npm run synth:openapi`: not to be edited.

/** The registration has been dealt with. */
export type Accepted = {
  /** Always the same. */
  status: 'accepted';
};

/** An instrument, as an administrator sees one. */
export type AdminInstrument = {
  /** The id. */
  id: string;
  /** The ticker, as Yahoo writes it: `BRK-B`. Active ones are each other's only. */
  symbol: string;
  /** Where it is listed, such as `NASDAQ`; `UNKNOWN` where nobody said. */
  exchange: string;
  /** The name of the company. */
  name: string | null;
  /** The sector that it is in. */
  sector: string | null;
  /** How large it is. */
  marketCapBucket: 'small' | 'mid' | 'large' | null;
  /** How dear it is, by price over earnings. */
  peBucket: 'low' | 'medium' | 'high' | null;
  /** Whether runs cover it. One that is not keeps its history. */
  isActive: boolean;
  /** An instant in UTC. */
  createdAt: string;
  /** An instant in UTC. */
  updatedAt: string;
};

/** A page of instruments, as an administrator sees them. */
export type AdminInstrumentPage = {
  items: AdminInstrument[];
  /** Asks for the entries after these, with the same parameters; null at the end of the list. */
  nextCursor: string | null;
};

/** A user, as an administrator sees one. */
export type AdminUser = {
  /** The id. */
  id: string;
  /** The address that the user signs in with. */
  email: string;
  /** Whether the user is an administrator. */
  isAdmin: boolean;
  /** Whether the user has been deleted: such a user cannot sign in. */
  isDeleted: boolean;
  /** An instant in UTC. */
  createdAt: string;
};

/** A page of users. */
export type AdminUserPage = {
  items: AdminUser[];
  /** Asks for the entries after these, with the same parameters; null at the end of the list. */
  nextCursor: string | null;
};

/** What was traded in a day or a quarter of an hour. */
export type Bar = {
  /** When it begins, in UTC; a daily bar's is midnight of its trading day. */
  ts: string;
  /** First price. */
  open: number;
  /** Highest price. */
  high: number;
  /** Lowest price. */
  low: number;
  /** Last price. */
  close: number;
  /** Shares traded. */
  volume: number;
};

/** A page of an instrument's bars. */
export type BarPage = {
  /** The instrument. */
  symbol: string;
  /** How long a bar is. */
  interval: 'daily' | '15m';
  /** First day asked for. */
  from: string;
  /** Last day asked for. */
  to: string;
  /** The oldest first; daily ones are adjusted for splits and dividends. */
  items: Bar[];
  /** Asks for the entries after these, with the same parameters; null at the end of the list. */
  nextCursor: string | null;
  /** What every answer must say, such as that the data is a sample; null for nothing. */
  notice: string | null;
};

/** What came of the calls of a profile and label. */
export type CallRecord = {
  /** The risk profile. */
  profile: 'conservative' | 'moderate' | 'aggressive';
  /** The call. */
  label: 'SELL' | 'HOLD' | 'BUY';
  /** How many calls have an outcome. */
  scored: number;
  /** How many of them were right: a BUY that did better than the average instrument of its days, a SELL that did worse. Null for HOLD. */
  right: number | null;
  /** The same as a share of those scored; null for HOLD. */
  shareRight: number | null;
  /** Average return over the horizon, in percent. */
  averageReturnPct: number;
  /** Average return of all instruments over the same days, in percent. */
  averageMarketReturnPct: number | null;
};

/** That the user accepted a text. */
export type Consent = {
  /** The version of the text: the day from which it is valid. */
  version: string;
  /** SHA-256 of the text, in hexadecimal. */
  textSha256: string;
  /** When it was given. */
  acceptedAt: string;
  /** When it was withdrawn; null while it stands. */
  withdrawnAt: string | null;
};

/** The risk consent that is asked for now. */
export type ConsentText = {
  /** The version of the text: the day from which it is valid. */
  version: string;
  /** What has to be accepted, in Markdown. */
  text: string;
  /** SHA-256 of the text, in hexadecimal. */
  sha256: string;
};

/** All consents that the user ever gave. */
export type Consents = {
  /** The newest first. */
  items: Consent[];
};

/** One of an instrument's recommendations, and what came of it. */
export type EarlierRecommendation = {
  /** The id. */
  id: string;
  /** The risk profile that it is for. */
  profile: 'conservative' | 'moderate' | 'aggressive';
  /** The call. */
  label: 'SELL' | 'HOLD' | 'BUY';
  /** The label's calibrated probability. */
  confidence: number;
  /** Expected return over the horizon, in percent. */
  expectedReturnPct: number;
  /** The horizon, in trading days. */
  horizonDays: number;
  /** The price at which the call proves wrong; above the close for SELL. */
  stopLoss: number;
  /** The price at which the call proves right; below the close for SELL. */
  takeProfit: number;
  /** The close that it is based on; null where it was not kept. */
  lastClose: number | null;
  /** Trading day of the newest bar that was read. */
  asOf: string;
  /** When it was published. */
  generatedAt: string;
  /** The model that made it. */
  modelVersion: string;
  /** `current`: to be acted on. `withheld`: the newest there is, but not to be acted on, and not in the list. `archived`: history. */
  standing: 'current' | 'withheld' | 'archived';
  /** When a later one took its place; null for one that is not archived. */
  archivedAt: string | null;
  /** Why it is not to be acted on, in a sentence; null if it is current. */
  warning: string | null;
  outcome: Outcome | null;
};

/** Where an expected return comes from, input by input. */
export type Explanation = {
  /** The average instrument's expected return, in percent. */
  baseReturnPct: number;
  /** What moved this recommendation away from the average, the strongest first. */
  contributions: {
    /** The input, as the model names it. */
    feature: string;
    /** The input and its value as a sentence, without its full stop. */
    words: string;
    /** Its value; null where it was not kept. */
    value: number | null;
    /** Percentage points that it adds to the expected return, or takes off it. */
    points: number;
  }[];
  /** The base and all contributions together, in percent. */
  sumPct: number;
  /** Whether that sum is the expected return, but for rounding. */
  addsUp: boolean;
};

/** All that the service keeps about the user, but the hash of the password. */
export type Export = {
  /** When this was put together. */
  exportedAt: string;
  /** The account. */
  user: {
    /** The id. */
    id: string;
    /** The address to log in with. */
    email: string;
    /** Whether it is an administrator. */
    isAdmin: boolean;
    /** When it was registered. */
    createdAt: string;
  };
  settings: Settings;
  /** The newest first. */
  consents: Consent[];
  /** Those that are not over. */
  sessions: SessionItem[];
};

/** A value to filter by. */
export type Facet = {
  /** What a filter takes. */
  value: string;
  /** Active instruments that have it. */
  instruments: number;
};

/** What lists can be filtered by. */
export type Facets = {
  /** By name. */
  sectors: Facet[];
  /** By name. */
  exchanges: Facet[];
  /** What every answer must say, such as that the data is a sample; null for nothing. */
  notice: string | null;
};

/** A page of an instrument's features. */
export type FeaturePage = {
  /** The instrument. */
  symbol: string;
  /** First day asked for. */
  from: string;
  /** Last day asked for. */
  to: string;
  /** The oldest first. */
  items: FeatureRow[];
  /** Asks for the entries after these, with the same parameters; null at the end of the list. */
  nextCursor: string | null;
  /** What every answer must say, such as that the data is a sample; null for nothing. */
  notice: string | null;
};

/** What the model knows of a day. */
export type FeatureRow = {
  /** The bar that they are computed from: midnight UTC of its trading day. */
  ts: string;
  /** The basic features, by name; null where the history is too short. */
  values: {
    /** Return over 1 bar: C[t] / C[t-1] - 1 */
    ret_1d: number | null;
    /** Return over 5 bars: C[t] / C[t-5] - 1 */
    ret_5d: number | null;
    /** Return over 20 bars: C[t] / C[t-20] - 1 */
    ret_20d: number | null;
    /** Relative strength index over 14 bars with Wilder's smoothing, 0 to 100, rounded to hundredths; 100 if no close fell (Wilder 1978) */
    rsi_14: number | null;
    /** Change over 5 bars in average true ranges, comparable across prices: (C[t] - C[t-5]) / atr_14; 0 if atr_14 is 0 */
    momentum_5d: number | null;
    /** Annualised volatility: sample standard deviation of the last 20 log returns times sqrt(252) */
    vol_20d: number | null;
    /** Average true range over 14 bars with Wilder's smoothing, in the price's currency (Wilder 1978) */
    atr_14: number | null;
    /** Volume against its last 20 bars: (V[t] - mean) / sample standard deviation; 0 if all are equal */
    volume_zscore: number | null;
  };
  /** Further features, by name: `ret_60d` (Return over 60 bars: C[t] / C[t-60] - 1), `ret_120d` (Return over 120 bars: C[t] / C[t-120] - 1), `ret_252d` (Return over 252 bars, about a year: C[t] / C[t-252] - 1), `mom_12_1` (12-1 momentum: the last year without its last month, C[t-21] / C[t-252] - 1 (Jegadeesh and Titman 1993)), `dist_high_252` (Distance to the 52-week high: C[t] / max(H over 252 bars) - 1, at most 0 (George and Hwang 2004)), `dist_low_252` (Distance to the 52-week low: C[t] / min(L over 252 bars) - 1, at least 0), `sma_ratio_20` (Distance to the 20-bar moving average: C[t] / mean(C over 20 bars) - 1), `sma_ratio_50` (Distance to the 50-bar moving average: C[t] / mean(C over 50 bars) - 1), `sma_ratio_200` (Distance to the 200-bar moving average: C[t] / mean(C over 200 bars) - 1), `macd_hist` (MACD (12, 26) less its 9-bar signal, as a share of the close (Appel 1979)), `bollinger_pct_b` (Position within the 20-bar, 2-deviation Bollinger bands: 0 at the lower, 1 at the upper; 0.5 if flat), `adx_14` (Average directional index over 14 bars with Wilder's smoothing, 0 to 100; 0 if no price moved (Wilder 1978)), `vol_60d` (Annualised volatility over 60 log returns, as vol_20d), `vol_ratio` (Short against long volatility: vol_20d / vol_60d; 1 if both are 0), `atr_pct` (Average true range as a share of the close: atr_14 / C[t]), `illiquidity_20` (Log of the Amihud illiquidity: ln(1e-12 + mean over 20 bars of |ret_1d| / (C V)), bars without volume left out, null if there is none (Amihud 2002)), `max_ret_20d` (The largest 1-bar return of the last 20 bars (Bali, Cakici and Whitelaw 2011)), `mom_12_7` (Momentum from 12 to 7 months ago: C[t-126] / C[t-252] - 1 (Novy-Marx 2012)), `season_12` (Return a year ago over the 20 bars that correspond to the coming ones: C[t-232] / C[t-252] - 1 (Heston and Sadka 2008)), `up_share_231` (Rising less falling bars, as a share of the 231 bars that end at t-21 (information discreteness of Da, Gurun and Warachka 2014)), `intraday_231` (Sum of ln(C / O) over the 231 bars that end at t-21 (Lou, Polk and Skouras 2019)), `overnight_231` (Sum of ln(O / C of the bar before) over the 231 bars that end at t-21 (as intraday_231)), `intraday_20` (Sum of ln(C / O) over the last 20 bars), `close_place_5` (Position of the close within the bar, (C - L) / (H - L), mean of 5 bars; 0.5 for a bar without range), `close_place_20` (Position of the close within the bar, as close_place_5, mean of 20 bars), `volume_ratio_5_60` (Log of this week over this quarter in volume: ln((1 + mean V over 5 bars) / (1 + mean V over 60 bars))). */
  additional: Record<string, number | null>;
};

/** Whether the service works, and how fresh what it serves is. */
export type Health = {
  /** The service works. */
  status: 'ok';
  /** The database answers. */
  database: 'ok';
  /** Day of the newest active recommendation; null where there is none. */
  asOf: string | null;
  /** The run that started last; null where there is none. */
  lastRun: {
    /** The execution's name. */
    id: string;
    /** How it stands. */
    status: 'running' | 'succeeded' | 'failed';
    /** The last step from which it has written anything; `publish` for one that succeeded. */
    step: 'plan' | 'ingest' | 'features' | 'infer' | 'publish';
    /** When it ended; null while it runs. */
    finishedAt: string | null;
  } | null;
  /** The active model; null where there is none. */
  modelVersion: string | null;
  /** What every answer must say, such as that the data is a sample; null for nothing. */
  notice: string | null;
};

/** A stock. */
export type Instrument = {
  /** The ticker, such as `AAPL`. */
  symbol: string;
  /** Where it is listed; `UNKNOWN` where nobody said. */
  exchange: string;
  /** The name of the company. */
  name: string | null;
  /** The sector that it is in. */
  sector: string | null;
  /** How large it is; null if unknown. */
  marketCapBucket: 'small' | 'mid' | 'large' | null;
  /** How dear it is, by price over earnings; null if unknown. */
  peBucket: 'low' | 'medium' | 'high' | null;
  /** Whether runs cover it. One that is not keeps its history, which stays readable. */
  isActive: boolean;
};

/** What is to change; the rest stays. */
export type InstrumentChange = {
  /** The ticker, as Yahoo writes it: `BRK-B`. Active ones are each other's only. */
  symbol?: string;
  /** Where it is listed, such as `NASDAQ`; `UNKNOWN` where nobody said. */
  exchange?: string;
  /** The name of the company. */
  name?: string | null;
  /** The sector that it is in. */
  sector?: string | null;
  /** How large it is. */
  marketCapBucket?: 'small' | 'mid' | 'large' | null;
  /** How dear it is, by price over earnings. */
  peBucket?: 'low' | 'medium' | 'high' | null;
};

/** A stock, and which bars of it there are. */
export type InstrumentDetail = {
  /** The ticker, such as `AAPL`. */
  symbol: string;
  /** Where it is listed; `UNKNOWN` where nobody said. */
  exchange: string;
  /** The name of the company. */
  name: string | null;
  /** The sector that it is in. */
  sector: string | null;
  /** How large it is; null if unknown. */
  marketCapBucket: 'small' | 'mid' | 'large' | null;
  /** How dear it is, by price over earnings; null if unknown. */
  peBucket: 'low' | 'medium' | 'high' | null;
  /** Whether runs cover it. One that is not keeps its history, which stays readable. */
  isActive: boolean;
  /** Day of its first daily bar; null where there is none. */
  firstDay: string | null;
  /** Day of its last daily bar; null where there is none. */
  lastDay: string | null;
  /** Close of that bar, adjusted for splits and dividends. */
  lastClose: number | null;
  /** What every answer must say, such as that the data is a sample; null for nothing. */
  notice: string | null;
};

/** A page of instruments. */
export type InstrumentPage = {
  /** By symbol, then by exchange. */
  items: Instrument[];
  /** Asks for the entries after these, with the same parameters; null at the end of the list. */
  nextCursor: string | null;
  /** What every answer must say, such as that the data is a sample; null for nothing. */
  notice: string | null;
};

/** Who is logged in. */
export type Me = {
  /** The id. */
  id: string;
  /** The address to log in with. */
  email: string;
  /** Whether it is an administrator. */
  isAdmin: boolean;
  /** When it was registered. */
  createdAt: string;
  /** The risk profile whose recommendations are shown unless a request names another. */
  preferredProfile: 'conservative' | 'moderate' | 'aggressive';
  /** Whether the current risk consent has been accepted and stands. */
  hasConsented: boolean;
  /** The version of the risk consent that is current. */
  consentVersion: string;
};

/** What promoting or rolling back came to. */
export type ModelActivation = {
  /** The version that is active now. */
  version: string;
  /** What was active before; null if nothing was. */
  previous: string | null;
  /** False if the version was active already. */
  changed: boolean;
  /** What the gate said. */
  verdict: {
    /** Whether every check passed. */
    passed: boolean;
    checks: {
      /** What was checked. */
      name: string;
      passed: boolean;
      /** What was found, and what is asked. */
      detail: string;
    }[];
  };
};

/** How good a model is, and is not. */
export type ModelCard = {
  /** Rows that it was measured on: an instrument on a day each. */
  rows: number | null;
  /** Days among them. */
  days: number | null;
  /** Basis points that each trade costs in measures after costs. */
  costBpsOneWay: number | null;
  /** All test slices of a purged walk-forward, none of which it had seen. */
  measures: ModelMeasure[];
  /** By label. */
  hitRates: {
    /** Of SELL. */
    SELL: {
      /** How often the label came true where it was the likeliest. */
      hitRate: number | null;
      /** How often it came true at all. */
      baseRate: number | null;
    };
    /** Of HOLD. */
    HOLD: {
      /** How often the label came true where it was the likeliest. */
      hitRate: number | null;
      /** How often it came true at all. */
      baseRate: number | null;
    };
    /** Of BUY. */
    BUY: {
      /** How often the label came true where it was the likeliest. */
      hitRate: number | null;
      /** How often it came true at all. */
      baseRate: number | null;
    };
  };
  /** The slices one by one: how steady it is. */
  folds: {
    /** First day of the test slice. */
    testFrom: string | null;
    /** Last day of the test slice. */
    testTo: string | null;
    /** Rows in it. */
    rows: number | null;
    /** Rank IC in it. */
    rankIc: number | null;
    /** IC in it. */
    ic: number | null;
    /** Log loss in it. */
    logLoss: number | null;
    /** Expected calibration error in it. */
    ece: number | null;
  }[];
  /** By label, in bins of rising probability: whether a probability means what it says. */
  reliability: {
    /** Of SELL. */
    SELL: {
      /** Mean probability that was given. */
      probability: number;
      /** How often the label came true. */
      frequency: number;
      /** Rows in the bin. */
      rows: number;
    }[];
    /** Of HOLD. */
    HOLD: {
      /** Mean probability that was given. */
      probability: number;
      /** How often the label came true. */
      frequency: number;
      /** Rows in the bin. */
      rows: number;
    }[];
    /** Of BUY. */
    BUY: {
      /** Mean probability that was given. */
      probability: number;
      /** How often the label came true. */
      frequency: number;
      /** Rows in the bin. */
      rows: number;
    }[];
  };
  /** What it can't do, in sentences. */
  limits: string[];
};

/** A model version and its card. */
export type ModelDetail = {
  /** Its name, such as `v1.2.3`. */
  version: string;
  /** When it was trained. */
  trainedAt: string;
  /** Whether runs use it now. */
  isActive: boolean;
  /** Mean precision over SELL, HOLD and BUY, on days it had not seen. */
  precision: number | null;
  /** Mean F1 score over SELL, HOLD and BUY, on days it had not seen. */
  f1: number | null;
  /** Recommendations that it made, archived ones included. */
  recommendationsCount: number;
  /** Calendar days since it was trained. */
  ageDays: number;
  /** Fingerprint of its training parameters. */
  paramsHash: string;
  /** What the promotion gate said of it last; null if it was not asked. */
  gate: {
    /** Whether every check passed. */
    passed: boolean;
    /** Why it was made active all the same; null if it was not. */
    forcedReason: string | null;
    /** When it was judged. */
    at: string;
    /** Each check. */
    checks: {
      /** What was checked. */
      name: string;
      /** Whether it passed. */
      passed: boolean;
      /** What was found, and what is asked. */
      detail: string;
    }[];
  } | null;
  card: ModelCard;
  /** What every answer must say, such as that the data is a sample; null for nothing. */
  notice: string | null;
};

/** Every registered model version. */
export type ModelList = {
  /** The newest training first. */
  items: ModelSummary[];
  /** What every answer must say, such as that the data is a sample; null for nothing. */
  notice: string | null;
};

/** A measure of a model, beside its baselines. */
export type ModelMeasure = {
  /** What was measured. */
  name: 'rank_ic' | 'ic' | 'rank_icir' | 'icir' | 'quintile_spread_sharpe' | 'log_loss' | 'ece' | 'accuracy' | 'precision' | 'recall' | 'f1_score';
  /** The same in words. */
  meaning: string;
  /** The model's. */
  value: number;
  /** Its 95 % interval, by bootstrap over blocks of days; null if not known. */
  interval: {
    /** Lower end. */
    low: number;
    /** Upper end. */
    high: number;
  } | null;
  /** The baselines that have this measure. */
  baselines: {
    /** What a reader could do without a model. */
    name: 'majority_class' | 'momentum_12_1' | 'short_term_reversal';
    /** The baseline's, on the same rows. */
    value: number;
    /** Its 95 % interval; null if not known. */
    interval: {
      /** Lower end. */
      low: number;
      /** Upper end. */
      high: number;
    } | null;
    /** 95 % interval of the model's less the baseline's; null if not known. One that holds 0 shows nothing. */
    difference: {
      /** Lower end. */
      low: number;
      /** Upper end. */
      high: number;
    } | null;
  }[];
};

/** A model version. */
export type ModelSummary = {
  /** Its name, such as `v1.2.3`. */
  version: string;
  /** When it was trained. */
  trainedAt: string;
  /** Whether runs use it now. */
  isActive: boolean;
  /** Mean precision over SELL, HOLD and BUY, on days it had not seen. */
  precision: number | null;
  /** Mean F1 score over SELL, HOLD and BUY, on days it had not seen. */
  f1: number | null;
  /** Recommendations that it made, archived ones included. */
  recommendationsCount: number;
};

/** An instrument to add. */
export type NewInstrument = {
  /** The ticker, as Yahoo writes it: `BRK-B`. Active ones are each other's only. */
  symbol: string;
  /** Where it is listed, such as `NASDAQ`; `UNKNOWN` where nobody said. */
  exchange?: string;
  /** The name of the company. */
  name?: string | null;
  /** The sector that it is in. */
  sector?: string | null;
  /** How large it is. */
  marketCapBucket?: 'small' | 'mid' | 'large' | null;
  /** How dear it is, by price over earnings. */
  peBucket?: 'low' | 'medium' | 'high' | null;
};

/** An OpenAPI document. */
export type OpenApiDocument = {
  /** The version of OpenAPI. */
  openapi: string;
  [member: string]: unknown;
};

/** What came of a recommendation. */
export type Outcome = {
  /** The day that the horizon ended on. */
  exitDay: string;
  /** The close that the call was based on, as the bars have it now. */
  entryClose: number;
  /** The close of the day that the horizon ended on. */
  exitClose: number;
  /** The return between the two, in percent. */
  realisedReturnPct: number;
  /** Average return of all instruments with a recommendation of that day, over the same horizon. */
  marketReturnPct: number | null;
  /** Whether a BUY did better than that average, or a SELL worse; null for HOLD, which says neither. */
  right: boolean | null;
};

/** What went wrong (RFC 9457). */
export type Problem = {
  /** The kind of problem, stable: a program may branch on it. A reference with a full path. */
  type: string;
  /** The kind of problem in words. */
  title: string;
  /** The status of the answer. */
  status: number;
  /** What went wrong this time, and what would be right. */
  detail?: string;
  /** Each part of the request that is wrong. */
  errors?: ({
    /** A parameter of the path or the query. */
    parameter: string;
    /** What is wrong with it; continues a sentence that its name begins. */
    detail: string;
  } | {
    /** A JSON pointer into the body, as the fragment of a URI. */
    pointer: string;
    /** What is wrong with it; continues a sentence that its name begins. */
    detail: string;
  })[];
  [member: string]: unknown;
};

/** How to promote. */
export type Promotion = {
  /** Promotes a version that fails the gate, for this reason, which is written down. */
  force?: string;
};

/** A public key (RFC 7517). */
export type PublicKey = {
  /** The kind of key. */
  kty: 'EC';
  /** Its curve. */
  crv: 'P-256';
  /** A coordinate. */
  x: string;
  /** The other coordinate. */
  y: string;
  /** The id by which tokens name it. */
  kid: string;
  /** What it is for. */
  alg: 'ES256';
  /** It verifies signatures. */
  use: 'sig';
};

/** A JSON Web Key Set. */
export type PublicKeys = {
  /** The one that signs first, then one that will, then those that were replaced. */
  keys: PublicKey[];
};

/** A bar that is kept aside, because it is hard to believe. */
export type QuarantinedBar = {
  /** The id. */
  id: string;
  /** The symbol of its instrument. */
  symbol: string;
  /** The start of the bar, in UTC. */
  ts: string;
  /** How long it is. */
  interval: 'daily' | '15m';
  /** The first price. */
  open: number;
  /** The highest price. */
  high: number;
  /** The lowest price. */
  low: number;
  /** The last price. */
  close: number;
  /** How many shares changed hands. */
  volume: number;
  /** The provider that it came from. */
  source: string;
  /** The id of the run: the name of its execution. */
  runId: string;
  /** A stable code for why it is hard to believe. */
  reason: string;
  /** Why, in a sentence. */
  message: string;
  /** An instant in UTC. */
  createdAt: string;
  /** When a later load found it to be good; null while in quarantine. */
  resolvedAt: string | null;
};

/** A page of quarantined bars. */
export type QuarantinedBarPage = {
  items: QuarantinedBar[];
  /** Asks for the entries after these, with the same parameters; null at the end of the list. */
  nextCursor: string | null;
};

/** What to do with a stock, for a risk profile, and why. */
export type Recommendation = {
  /** The id. */
  id: string;
  /** The risk profile that it is for. */
  profile: 'conservative' | 'moderate' | 'aggressive';
  /** The call. */
  label: 'SELL' | 'HOLD' | 'BUY';
  /** The label's calibrated probability. */
  confidence: number;
  /** Expected return over the horizon, in percent. */
  expectedReturnPct: number;
  /** The horizon, in trading days. */
  horizonDays: number;
  /** The price at which the call proves wrong; above the close for SELL. */
  stopLoss: number;
  /** The price at which the call proves right; below the close for SELL. */
  takeProfit: number;
  /** The close that it is based on; null where it was not kept. */
  lastClose: number | null;
  /** Trading day of the newest bar that was read. */
  asOf: string;
  /** When it was published. */
  generatedAt: string;
  /** The model that made it. */
  modelVersion: string;
  /** The ticker, such as `AAPL`. */
  symbol: string;
  /** Where it is listed; `UNKNOWN` where nobody said. */
  exchange: string;
  /** The name of the company. */
  name: string | null;
  /** The sector that it is in. */
  sector: string | null;
  /** The call and its reasons in plain words. */
  justification: string;
  /** Calendar days from that bar to now. */
  dataAgeDays: number;
};

/** All that is known of a recommendation. */
export type RecommendationDetail = {
  /** The id. */
  id: string;
  /** The risk profile that it is for. */
  profile: 'conservative' | 'moderate' | 'aggressive';
  /** The call. */
  label: 'SELL' | 'HOLD' | 'BUY';
  /** The label's calibrated probability. */
  confidence: number;
  /** Expected return over the horizon, in percent. */
  expectedReturnPct: number;
  /** The horizon, in trading days. */
  horizonDays: number;
  /** The price at which the call proves wrong; above the close for SELL. */
  stopLoss: number;
  /** The price at which the call proves right; below the close for SELL. */
  takeProfit: number;
  /** The close that it is based on; null where it was not kept. */
  lastClose: number | null;
  /** Trading day of the newest bar that was read. */
  asOf: string;
  /** When it was published. */
  generatedAt: string;
  /** The model that made it. */
  modelVersion: string;
  /** The ticker, such as `AAPL`. */
  symbol: string;
  /** Where it is listed; `UNKNOWN` where nobody said. */
  exchange: string;
  /** The name of the company. */
  name: string | null;
  /** The sector that it is in. */
  sector: string | null;
  /** The call and its reasons in plain words. */
  justification: string;
  /** Calendar days from that bar to now. */
  dataAgeDays: number;
  /** `current`: to be acted on. `withheld`: the newest there is, but not to be acted on, and not in the list. `archived`: history. */
  standing: 'current' | 'withheld' | 'archived';
  /** When a later one took its place; null for one that is not archived. */
  archivedAt: string | null;
  /** Why it is not to be acted on, in a sentence; null if it is current. */
  warning: string | null;
  /** When the model that made it was trained. */
  modelTrainedAt: string;
  /** Calendar days since then. */
  modelAgeDays: number;
  probabilities: {
    /** Of SELL. */
    SELL: number;
    /** Of HOLD. */
    HOLD: number;
    /** Of BUY. */
    BUY: number;
  } | null;
  explanation: Explanation | null;
  /** The state at inference: every input that was known, by the model's name for it. */
  features: Record<string, number>;
  outcome: Outcome | null;
  /** What every answer must say, such as that the data is a sample; null for nothing. */
  notice: string | null;
};

/** An instrument's recommendations, and how good they were. */
export type RecommendationHistory = {
  /** The instrument. */
  symbol: string;
  /** The risk profile. */
  profile: 'conservative' | 'moderate' | 'aggressive';
  /** What came of all calls of the instrument and profile whose horizon has passed, by label. */
  summary: {
    /** The call. */
    label: 'SELL' | 'HOLD' | 'BUY';
    /** How many calls have an outcome. */
    scored: number;
    /** How many of them were right: a BUY that did better than the average instrument of its days, a SELL that did worse. Null for HOLD. */
    right: number | null;
    /** The same as a share of those scored; null for HOLD. */
    shareRight: number | null;
    /** Average return over the horizon, in percent. */
    averageReturnPct: number;
    /** Average return of all instruments over the same days, in percent. */
    averageMarketReturnPct: number | null;
  }[];
  /** The newest first, the current one among them. */
  items: EarlierRecommendation[];
  /** Asks for the entries after these, with the same parameters; null at the end of the list. */
  nextCursor: string | null;
  /** What every answer must say, such as that the data is a sample; null for nothing. */
  notice: string | null;
};

/** A page of active recommendations, and how fresh they are. */
export type RecommendationPage = {
  /** The risk profile that the answer is for. */
  profile: 'conservative' | 'moderate' | 'aggressive';
  /** Trading day of the profile's newest active recommendation, withheld ones included; null where there is none. */
  asOf: string | null;
  /** Calendar days from that day to now; null where there is none. */
  dataAgeDays: number | null;
  /** The active model; each item names the one that made it. Null where none is active. */
  modelVersion: string | null;
  /** Calendar days since the active model was trained; null where none is active. */
  modelAgeDays: number | null;
  /** How much of the market the profile has calls for, whatever the filters. */
  coverage: {
    /** Active instruments with a recommendation for the profile that is not withheld. */
    recommended: number;
    /** Active instruments. */
    activeInstruments: number;
  };
  /** Recommendations too old to act on, which are not shown; null where there are none. */
  withheld: {
    /** How many of the profile are withheld, whatever the filters. */
    count: number;
    /** Why, in a sentence. */
    reason: string;
  } | null;
  /** What every answer must say, such as that the data is a sample; null for nothing. */
  notice: string | null;
  /** In the order that was asked for; the surest first by default. */
  items: Recommendation[];
  /** Asks for the entries after these, with the same parameters; null at the end of the list. */
  nextCursor: string | null;
};

/** How to roll back. */
export type Rollback = {
  /** A version that was active before; without it, the one that the active version replaced. */
  version?: string;
};

/** A run of the pipeline. */
export type Run = {
  /** The id of the run: the name of its execution. */
  id: string;
  /** How it stands. */
  status: 'running' | 'succeeded' | 'failed';
  /** The last step from which it has written anything; `publish` for one that succeeded. */
  step: 'plan' | 'ingest' | 'features' | 'infer' | 'publish';
  /** What it was asked for; null if its input was refused. */
  mode: 'daily' | 'intraday' | 'backfill' | null;
  /** Where its bars come from. */
  provider: string | null;
  /** The last day that it read. */
  asOf: string | null;
  /** The model that it used; null before it came to that. */
  modelVersion: string | null;
  /** An instant in UTC. */
  startedAt: string;
  /** When it ended; null while it runs. */
  finishedAt: string | null;
  /** How long it took; null while it runs. */
  durationSeconds: number | null;
  /** What it did. */
  counts: {
    /** Instruments that it covers. */
    instruments: number;
    /** Bars that it wrote because they were new or different. */
    bars: number;
    /** Rows of features that it wrote because they were new or different. */
    features: number;
    /** Recommendations that it wrote. */
    recommendations: number;
    /** Instruments that failed. */
    failures: number;
  };
  /** Why it failed; null unless it did. */
  error: string | null;
};

/** A run of the pipeline, with its input and its failures. */
export type RunDetail = {
  /** The id of the run: the name of its execution. */
  id: string;
  /** How it stands. */
  status: 'running' | 'succeeded' | 'failed';
  /** The last step from which it has written anything; `publish` for one that succeeded. */
  step: 'plan' | 'ingest' | 'features' | 'infer' | 'publish';
  /** What it was asked for; null if its input was refused. */
  mode: 'daily' | 'intraday' | 'backfill' | null;
  /** Where its bars come from. */
  provider: string | null;
  /** The last day that it read. */
  asOf: string | null;
  /** The model that it used; null before it came to that. */
  modelVersion: string | null;
  /** An instant in UTC. */
  startedAt: string;
  /** When it ended; null while it runs. */
  finishedAt: string | null;
  /** How long it took; null while it runs. */
  durationSeconds: number | null;
  /** What it did. */
  counts: {
    /** Instruments that it covers. */
    instruments: number;
    /** Bars that it wrote because they were new or different. */
    bars: number;
    /** Rows of features that it wrote because they were new or different. */
    features: number;
    /** Recommendations that it wrote. */
    recommendations: number;
    /** Instruments that failed. */
    failures: number;
  };
  /** Why it failed; null unless it did. */
  error: string | null;
  /** What it was started with. */
  input: Record<string, unknown>;
  /** Why instruments failed, the commonest reason first. */
  failuresByReason: {
    /** The step in which they failed. */
    step: string;
    /** A stable code, such as `insufficient_history`. */
    reason: string;
    /** How many failed so. */
    instruments: number;
  }[];
};

/** Why an instrument failed in a run. */
export type RunFailure = {
  /** The id. */
  id: string;
  /** The symbol of the instrument. */
  symbol: string;
  /** The step in which it failed. */
  step: 'plan' | 'fetch' | 'load' | 'features' | 'infer';
  /** A stable code, such as `insufficient_history`. */
  reason: string;
  /** What happened, in a sentence. */
  message: string;
  /** An instant in UTC. */
  createdAt: string;
};

/** A page of failures. */
export type RunFailurePage = {
  items: RunFailure[];
  /** Asks for the entries after these, with the same parameters; null at the end of the list. */
  nextCursor: string | null;
};

/** What a run is to do; `{}` is a daily run of all active instruments. */
export type RunInput = {
  /** `daily` asks for the days since the last bar, `backfill` for the whole history, `intraday` for 15-minute bars. */
  mode?: 'daily' | 'intraday' | 'backfill';
  /** Only these instruments; without it, all that are active. */
  symbols?: string[];
  /** The first day to ask for, instead of what each instrument needs. */
  from?: string;
  /** The last day that the run may read; without it, today. */
  to?: string;
  /** A run whose raw records are loaded again, in its mode and over its days, without asking any provider. */
  replay?: string;
};

/** A page of runs. */
export type RunPage = {
  items: Run[];
  /** Asks for the entries after these, with the same parameters; null at the end of the list. */
  nextCursor: string | null;
};

/** An access token, and what gets the next one. */
export type Session = {
  /** How the access token is sent: `Authorization: Bearer …`. */
  tokenType: 'Bearer';
  /** The access token, a JWT. */
  accessToken: string;
  /** Seconds until the access token expires. */
  expiresIn: number;
  /** Gets the next access token, once; null where it is in a cookie. */
  refreshToken: string | null;
  /** When the session ends and a new login is due. */
  sessionExpiresAt: string;
};

/** A session that is not over. */
export type SessionItem = {
  /** The id. */
  id: string;
  /** When it began, with a login. */
  startedAt: string;
  /** When it last got an access token. */
  lastUsedAt: string;
  /** When it ends by itself. */
  expiresAt: string;
  /** The program that logged in, as it named itself. */
  userAgent: string | null;
  /** Whether it is the one that asks. */
  isCurrent: boolean;
};

/** All sessions of the user. */
export type Sessions = {
  /** The one that was used last first. */
  items: SessionItem[];
};

/** What the user has set. */
export type Settings = {
  /** The risk profile whose recommendations are shown unless a request names another. */
  preferredProfile: 'conservative' | 'moderate' | 'aggressive';
};

/** A run that was started. */
export type StartedRun = {
  /** The id of the run: the name of its execution. */
  id: string;
};

/** How good earlier recommendations were. */
export type TrackRecord = {
  /** Day of the oldest call that has an outcome; null where there is none. */
  from: string | null;
  /** Day of the newest call that has an outcome; null where there is none. */
  to: string | null;
  /** By profile and label; one without a scored call is left out. */
  calls: CallRecord[];
  /** The same by model, the newest training first. */
  models: {
    /** The model that made them. */
    modelVersion: string;
    /** By profile and label; one without a scored call is left out. */
    calls: CallRecord[];
  }[];
  /** What every answer must say, such as that the data is a sample; null for nothing. */
  notice: string | null;
};

/** What each operation takes and gives, by its operationId. */
export interface Operations {
  /** The public keys of access tokens. */
  readKeys: {
    request: 'GET /.well-known/jwks.json';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: PublicKeys;
  };
  /** Register. */
  register: {
    request: 'POST /v1/auth/register';
    path: {};
    query: {};
    body: {
      /** The e-mail address of the account; capitals do not matter. */
      email: string;
      /** The password: any characters, but not one of the commonest and not the e-mail address. */
      password: string;
    };
    status: 202;
    answer: Accepted;
  };
  /** Log in. */
  login: {
    request: 'POST /v1/auth/login';
    path: {};
    query: {};
    body: {
      /** The e-mail address of the account; capitals do not matter. */
      email: string;
      /** The password. */
      password: string;
      /** Where the refresh token goes: into the `body` of the answer, or into a `cookie` that no script of a page can read. */
      session?: 'body' | 'cookie';
    };
    status: 200;
    answer: Session;
  };
  /** Get the next access token. */
  refresh: {
    request: 'POST /v1/auth/refresh';
    path: {};
    query: {};
    body: {
      /** The refresh token. Left out by pages, whose browser sends the cookie. */
      refreshToken?: string;
    };
    status: 200;
    answer: Session;
  };
  /** Log out. */
  logout: {
    request: 'POST /v1/auth/logout';
    path: {};
    query: {};
    body: {
      /** The refresh token. Left out by pages, whose browser sends the cookie. */
      refreshToken?: string;
    };
    status: 204;
    answer: undefined;
  };
  /** End all sessions. */
  logoutEverywhere: {
    request: 'POST /v1/auth/logout-everywhere';
    path: {};
    query: {};
    body: undefined;
    status: 204;
    answer: undefined;
  };
  /** Change the password. */
  changePassword: {
    request: 'POST /v1/auth/password';
    path: {};
    query: {};
    body: {
      /** The password until now. */
      currentPassword: string;
      /** The password: any characters, but not one of the commonest and not the e-mail address. */
      newPassword: string;
      /** Where the refresh token goes: into the `body` of the answer, or into a `cookie` that no script of a page can read. */
      session?: 'body' | 'cookie';
    };
    status: 200;
    answer: Session;
  };
  /** Who I am. */
  readMe: {
    request: 'GET /v1/me';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: Me;
  };
  /** Delete my account. */
  deleteMe: {
    request: 'DELETE /v1/me';
    path: {};
    query: {};
    body: {
      /** The password. */
      password: string;
    };
    status: 204;
    answer: undefined;
  };
  /** My settings. */
  readSettings: {
    request: 'GET /v1/me/settings';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: Settings;
  };
  /** Change my settings. */
  changeSettings: {
    request: 'PATCH /v1/me/settings';
    path: {};
    query: {};
    body: {
      /** The risk profile whose recommendations are shown unless a request names another. */
      preferredProfile: 'conservative' | 'moderate' | 'aggressive';
    };
    status: 200;
    answer: Settings;
  };
  /** The risk consent. */
  readConsent: {
    request: 'GET /v1/consent';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: ConsentText;
  };
  /** Accept the risk consent. */
  acceptConsent: {
    request: 'POST /v1/me/consent';
    path: {};
    query: {};
    body: {
      /** The version of the text: the day from which it is valid. */
      version: string;
    };
    status: 200;
    answer: Consent;
  };
  /** Withdraw the risk consent. */
  withdrawConsent: {
    request: 'DELETE /v1/me/consent';
    path: {};
    query: {};
    body: undefined;
    status: 204;
    answer: undefined;
  };
  /** What I accepted, and when. */
  listConsents: {
    request: 'GET /v1/me/consents';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: Consents;
  };
  /** Where I am logged in. */
  listSessions: {
    request: 'GET /v1/me/sessions';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: Sessions;
  };
  /** Log out elsewhere. */
  endSession: {
    request: 'DELETE /v1/me/sessions/{id}';
    path: {
      /** The id of the session. */
      id: string;
    };
    query: {};
    body: undefined;
    status: 204;
    answer: undefined;
  };
  /** All my data. */
  exportMe: {
    request: 'GET /v1/me/export';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: Export;
  };
  /** List current recommendations. */
  listRecommendations: {
    request: 'GET /v1/recommendations';
    path: {};
    query: {
      /** The risk profile; the caller's preferred one unless said otherwise. */
      profile?: 'conservative' | 'moderate' | 'aggressive';
      /** Only these calls. */
      label?: 'SELL' | 'HOLD' | 'BUY';
      /** Only instruments of this sector, as `/v1/facets` spells it. */
      sector?: string;
      /** Only instruments of this exchange, as `/v1/facets` spells it. */
      exchange?: string;
      /** Only these instruments: up to 50 symbols, separated by commas. */
      symbol?: string;
      /** Only calls at least this sure. */
      minConfidence?: number;
      /** The order; `-` before a name turns it round, the largest first. `-confidence` unless said otherwise. */
      sort?: '-confidence' | 'confidence' | '-expectedReturn' | 'expectedReturn' | '-generatedAt' | 'generatedAt' | '-symbol' | 'symbol';
      /** How many entries at most; 10 unless said otherwise. */
      limit?: number;
      /** The `nextCursor` of the page before, with the same other parameters. Not to be read or made. */
      cursor?: string;
    };
    body: undefined;
    status: 200;
    answer: RecommendationPage;
  };
  /** Read a recommendation and its reasons. */
  readRecommendation: {
    request: 'GET /v1/recommendations/{id}';
    path: {
      /** The id, as lists give it. */
      id: string;
    };
    query: {};
    body: undefined;
    status: 200;
    answer: RecommendationDetail;
  };
  /** List an instrument's recommendations, and what came of them. */
  listInstrumentRecommendations: {
    request: 'GET /v1/instruments/{symbol}/recommendations';
    path: {
      /** The instrument's symbol, such as `AAPL`. Where several instruments had it, the active one, else the newest. */
      symbol: string;
    };
    query: {
      /** The risk profile; the caller's preferred one unless said otherwise. */
      profile?: 'conservative' | 'moderate' | 'aggressive';
      /** How many entries at most; 50 unless said otherwise. */
      limit?: number;
      /** The `nextCursor` of the page before, with the same other parameters. Not to be read or made. */
      cursor?: string;
    };
    body: undefined;
    status: 200;
    answer: RecommendationHistory;
  };
  /** Read how good earlier recommendations were. */
  readTrackRecord: {
    request: 'GET /v1/track-record';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: TrackRecord;
  };
  /** List and search instruments. */
  listInstruments: {
    request: 'GET /v1/instruments';
    path: {};
    query: {
      /** Only those whose symbol or name has this text in it, in capitals or not. */
      search?: string;
      /** Only those of this sector, as `/v1/facets` spells it. */
      sector?: string;
      /** Only those of this exchange, as `/v1/facets` spells it. */
      exchange?: string;
      /** Only those of this size. */
      marketCapBucket?: 'small' | 'mid' | 'large';
      /** Only those this dear. */
      peBucket?: 'low' | 'medium' | 'high';
      /** Only those that runs cover (`true`, unless said otherwise), only the others, or all. */
      active?: 'true' | 'false' | 'all';
      /** How many entries at most; 50 unless said otherwise. */
      limit?: number;
      /** The `nextCursor` of the page before, with the same other parameters. Not to be read or made. */
      cursor?: string;
    };
    body: undefined;
    status: 200;
    answer: InstrumentPage;
  };
  /** Read an instrument. */
  readInstrument: {
    request: 'GET /v1/instruments/{symbol}';
    path: {
      /** The instrument's symbol, such as `AAPL`. Where several instruments had it, the active one, else the newest. */
      symbol: string;
    };
    query: {};
    body: undefined;
    status: 200;
    answer: InstrumentDetail;
  };
  /** List an instrument's bars. */
  listBars: {
    request: 'GET /v1/instruments/{symbol}/bars';
    path: {
      /** The instrument's symbol, such as `AAPL`. Where several instruments had it, the active one, else the newest. */
      symbol: string;
    };
    query: {
      /** How long a bar is; `daily` unless said otherwise. 15-minute bars go back a month. */
      interval?: 'daily' | '15m';
      /** First day, inclusive; a year before the last one unless said otherwise. */
      from?: string;
      /** Last day, inclusive; today unless said otherwise. */
      to?: string;
      /** How many entries at most; 1000 unless said otherwise. */
      limit?: number;
      /** The `nextCursor` of the page before, with the same other parameters. Not to be read or made. */
      cursor?: string;
    };
    body: undefined;
    status: 200;
    answer: BarPage;
  };
  /** List an instrument's features. */
  listFeatures: {
    request: 'GET /v1/instruments/{symbol}/features';
    path: {
      /** The instrument's symbol, such as `AAPL`. Where several instruments had it, the active one, else the newest. */
      symbol: string;
    };
    query: {
      /** First day, inclusive; a year before the last one unless said otherwise. */
      from?: string;
      /** Last day, inclusive; today unless said otherwise. */
      to?: string;
      /** How many entries at most; 250 unless said otherwise. */
      limit?: number;
      /** The `nextCursor` of the page before, with the same other parameters. Not to be read or made. */
      cursor?: string;
    };
    body: undefined;
    status: 200;
    answer: FeaturePage;
  };
  /** List what lists can be filtered by. */
  listFacets: {
    request: 'GET /v1/facets';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: Facets;
  };
  /** List model versions. */
  listModels: {
    request: 'GET /v1/models';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: ModelList;
  };
  /** Read the active model and its card. */
  readActiveModel: {
    request: 'GET /v1/models/active';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: ModelDetail;
  };
  /** Read a model version and its card. */
  readModel: {
    request: 'GET /v1/models/{version}';
    path: {
      /** The version, such as `v1.2.3`. */
      version: string;
    };
    query: {};
    body: undefined;
    status: 200;
    answer: ModelDetail;
  };
  /** Ask whether the service works. */
  readHealth: {
    request: 'GET /v1/health';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: Health;
  };
  /** This API as an OpenAPI document. */
  readOpenApi: {
    request: 'GET /v1/openapi.json';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: OpenApiDocument;
  };
  /** This API as a page for people. */
  readDocs: {
    request: 'GET /v1/docs';
    path: {};
    query: {};
    body: undefined;
    status: 200;
    answer: string;
  };
  /** List users. */
  listUsers: {
    request: 'GET /v1/admin/users';
    path: {};
    query: {
      /** A part of the e-mail address, in capitals or not. */
      search?: string;
      /** Whether deleted users are listed: `no`, `only` they, or `yes`, with the others. */
      deleted?: 'no' | 'only' | 'yes';
      /** How many entries at most; 50 unless said otherwise. */
      limit?: number;
      /** The `nextCursor` of the page before, with the same other parameters. Not to be read or made. */
      cursor?: string;
    };
    body: undefined;
    status: 200;
    answer: AdminUserPage;
  };
  /** Delete a user. */
  deleteUser: {
    request: 'DELETE /v1/admin/users/{id}';
    path: {
      /** The id. */
      id: string;
    };
    query: {};
    body: undefined;
    status: 204;
    answer: undefined;
  };
  /** Take the deletion of a user back. */
  undeleteUser: {
    request: 'POST /v1/admin/users/{id}/undelete';
    path: {
      /** The id. */
      id: string;
    };
    query: {};
    body: undefined;
    status: 200;
    answer: AdminUser;
  };
  /** Make a user an administrator. */
  grantAdmin: {
    request: 'PUT /v1/admin/users/{id}/admin';
    path: {
      /** The id. */
      id: string;
    };
    query: {};
    body: undefined;
    status: 200;
    answer: AdminUser;
  };
  /** Make an administrator a user like others. */
  revokeAdmin: {
    request: 'DELETE /v1/admin/users/{id}/admin';
    path: {
      /** The id. */
      id: string;
    };
    query: {};
    body: undefined;
    status: 200;
    answer: AdminUser;
  };
  /** List instruments with their ids. */
  listAdminInstruments: {
    request: 'GET /v1/admin/instruments';
    path: {};
    query: {
      /** Only those whose symbol or name has this text in it, in capitals or not. */
      search?: string;
      /** Only those that runs cover, only the others, or all (unless said otherwise). */
      active?: 'true' | 'false' | 'all';
      /** How many entries at most; 50 unless said otherwise. */
      limit?: number;
      /** The `nextCursor` of the page before, with the same other parameters. Not to be read or made. */
      cursor?: string;
    };
    body: undefined;
    status: 200;
    answer: AdminInstrumentPage;
  };
  /** Add an instrument. */
  createInstrument: {
    request: 'POST /v1/admin/instruments';
    path: {};
    query: {};
    body: NewInstrument;
    status: 201;
    answer: AdminInstrument;
  };
  /** Change an instrument. */
  updateInstrument: {
    request: 'PATCH /v1/admin/instruments/{id}';
    path: {
      /** The id. */
      id: string;
    };
    query: {};
    body: InstrumentChange;
    status: 200;
    answer: AdminInstrument;
  };
  /** Deactivate an instrument. */
  deactivateInstrument: {
    request: 'DELETE /v1/admin/instruments/{id}';
    path: {
      /** The id. */
      id: string;
    };
    query: {};
    body: undefined;
    status: 204;
    answer: undefined;
  };
  /** Reactivate an instrument. */
  reactivateInstrument: {
    request: 'POST /v1/admin/instruments/{id}/reactivate';
    path: {
      /** The id. */
      id: string;
    };
    query: {};
    body: undefined;
    status: 200;
    answer: AdminInstrument;
  };
  /** Promote a model version. */
  promoteModel: {
    request: 'POST /v1/admin/models/{version}/promote';
    path: {
      /** The version, such as `v1.2.3`. */
      version: string;
    };
    query: {};
    body: Promotion;
    status: 200;
    answer: ModelActivation;
  };
  /** Roll the model back. */
  rollBackModel: {
    request: 'POST /v1/admin/models/rollback';
    path: {};
    query: {};
    body: Rollback;
    status: 200;
    answer: ModelActivation;
  };
  /** Start a run. */
  startRun: {
    request: 'POST /v1/admin/runs';
    path: {};
    query: {};
    body: RunInput;
    status: 202;
    answer: StartedRun;
  };
  /** List runs. */
  listRuns: {
    request: 'GET /v1/admin/runs';
    path: {};
    query: {
      /** Only runs that stand so. */
      status?: 'running' | 'succeeded' | 'failed';
      /** How many entries at most; 50 unless said otherwise. */
      limit?: number;
      /** The `nextCursor` of the page before, with the same other parameters. Not to be read or made. */
      cursor?: string;
    };
    body: undefined;
    status: 200;
    answer: RunPage;
  };
  /** Read a run. */
  readRun: {
    request: 'GET /v1/admin/runs/{id}';
    path: {
      /** The id of the run: the name of its execution. */
      id: string;
    };
    query: {};
    body: undefined;
    status: 200;
    answer: RunDetail;
  };
  /** List the failures of a run. */
  listRunFailures: {
    request: 'GET /v1/admin/runs/{id}/failures';
    path: {
      /** The id of the run: the name of its execution. */
      id: string;
    };
    query: {
      /** Only failures of this step. */
      step?: 'plan' | 'fetch' | 'load' | 'features' | 'infer';
      /** Only failures for this reason. */
      reason?: string;
      /** How many entries at most; 50 unless said otherwise. */
      limit?: number;
      /** The `nextCursor` of the page before, with the same other parameters. Not to be read or made. */
      cursor?: string;
    };
    body: undefined;
    status: 200;
    answer: RunFailurePage;
  };
  /** List quarantined bars. */
  listQuarantinedBars: {
    request: 'GET /v1/admin/quarantined-bars';
    path: {};
    query: {
      /** `open` for those in quarantine, `resolved` for those that a later load found to be good. */
      state?: 'open' | 'resolved' | 'all';
      /** Only bars of this instrument. */
      symbol?: string;
      /** How many entries at most; 50 unless said otherwise. */
      limit?: number;
      /** The `nextCursor` of the page before, with the same other parameters. Not to be read or made. */
      cursor?: string;
    };
    body: undefined;
    status: 200;
    answer: QuarantinedBarPage;
  };
}
