/**
 * Names that stacks and functions share. This file imports no SDK, so that the synthesis of a stack loads no client.
 */

/** Names of environment variables. Each function reads only those that its own schema names. */
export const ENV = {
  /** Secret of the pipeline's database role: a Secrets Manager id or ARN, or a `file:` URL. */
  pipelineDatabaseSecret: 'PIPELINE_DATABASE_SECRET',
  /** Secret of the API's database role: a Secrets Manager id or ARN, or a `file:` URL. */
  apiDatabaseSecret: 'API_DATABASE_SECRET',
  /** Secret of the training role, which registers and promotes models; in the same form. */
  trainingDatabaseSecret: 'TRAINING_DATABASE_SECRET',
  /** Secret of the migrator role, which owns the schema; in the same form. */
  migratorDatabaseSecret: 'MIGRATOR_DATABASE_SECRET',
  /** Secret of a login that may create roles; in the same form. */
  adminDatabaseSecret: 'ADMIN_DATABASE_SECRET',
  /** Host of a pooling proxy that replaces the login's host; unset for a direct connection. */
  databaseProxyHost: 'DATABASE_PROXY_HOST',
  /** The most database connections that one process may hold. */
  databaseConnections: 'DATABASE_CONNECTIONS',
  /** Changes with the definition of the database and its logins. No code reads it: it makes a deployment migrate again. */
  databaseDefinition: 'DATABASE_DEFINITION',
  /** The folder of the migrations, relative to the function's working directory. */
  migrationsFolder: 'MIGRATIONS_FOLDER',
  /** The folder of the bundled model release, relative to the function's working directory. */
  releaseFolder: 'RELEASE_FOLDER',
  /** Store of raw records and scores: `s3://bucket` or a `file:` URL of a folder. */
  rawObjectsUrl: 'RAW_OBJECTS_URL',
  /** Store of model releases: `s3://bucket` or a `file:` URL of a folder. */
  modelObjectsUrl: 'MODEL_OBJECTS_URL',
  /** Store of the copies of publications: `s3://bucket` or a `file:` URL of a folder. */
  publicationObjectsUrl: 'PUBLICATION_OBJECTS_URL',
  /** ARN of the state machine whose executions are the pipeline's runs. */
  stateMachineArn: 'STATE_MACHINE_ARN',
  /** Store of administrators' requests for runs: `s3://bucket` or a `file:` URL of a folder. */
  runRequestsUrl: 'RUN_REQUESTS_URL',
  /** Who may add instruments by following them: one of {@link ADDING}; unset for the default. */
  instrumentAdders: 'INSTRUMENT_ADDERS',
  /** The most instruments that users may add; unset for {@link DEFAULT_ADDED_LIMIT}. */
  addedInstrumentsLimit: 'ADDED_INSTRUMENTS_LIMIT',
  /** The providers that Fetch uses, in failover order and separated by commas. They have variables of their own. */
  provider: 'PROVIDER',
  /** How many processes fetch at once, and share the pace of each vendor; 1 where it is not set. */
  fetchProcesses: 'FETCH_PROCESSES',
  /** The reference that Plan registers: one of {@link DEPLOYED_REFERENCES}; unset to leave the instruments alone. */
  reference: 'REFERENCE',
  /** The benchmark that Plan registers: a symbol, or `none`; unset to keep the stored one. */
  benchmark: 'BENCHMARK',
  /** The stage that labels a function's metrics. */
  stage: 'STAGE',
  /** The bucket of the page, and the folder of the built page relative to the function's working directory. */
  pageBucket: 'PAGE_BUCKET',
  pageFolder: 'PAGE_FOLDER',
  /** A fixed instant (ISO 8601) that replaces the current time; unset for the real clock. */
  clock: 'CLOCK',
  /** A notice that every response carries, for example that the data is a sample. */
  dataNotice: 'DATA_NOTICE',
  /** Secret of the keys that sign access tokens: a Secrets Manager id or ARN, or a `file:` URL. */
  signingKeysSecret: 'SIGNING_KEYS_SECRET',
  /** The issuer of access tokens (`iss`): the API's own URL. */
  tokenIssuer: 'TOKEN_ISSUER',
  /** Other origins whose pages may call the API, separated by commas; unset for none. */
  corsOrigins: 'CORS_ORIGINS',
  /** The sender address of e-mails; empty for an installation that sends none. */
  alertsFrom: 'ALERTS_FROM',
  /**
   * URL of the operator's SMTP server, with its login; or the secret that holds it: a Secrets Manager id or ARN, or a
   * `file:` URL. Without both, e-mails go through Amazon SES.
   */
  smtpUrl: 'SMTP_URL',
  alertsSmtpSecret: 'ALERTS_SMTP_SECRET',
  /** Address of the page, for the links in messages. */
  pageUrl: 'PAGE_URL',
  /** `on` if messages may go to private addresses; else `off`. */
  alertsReachPrivate: 'ALERTS_REACH_PRIVATE',
  /** Store of messages on their way and of their results: `s3://bucket` or a `file:` URL of a folder. */
  deliveriesUrl: 'DELIVERIES_URL',
  /** Origins that replace those of chat services, for tests. */
  telegramOrigin: 'TELEGRAM_ORIGIN',
  discordOrigin: 'DISCORD_ORIGIN',
  slackOrigin: 'SLACK_ORIGIN',
} as const;

/**
 * Headers that CloudFront adds to requests for the API: a secret that proves that the request came through CloudFront,
 * and the viewer's address.
 */
export const EDGE_HEADERS = { proof: 'x-boursomatic-edge', viewer: 'x-boursomatic-viewer' } as const;

/** Key prefix of requests for runs in their bucket. */
export const RUN_REQUESTS_PREFIX = 'requests/';

/** Key prefix of requests to look up symbols, in the bucket of requests for runs. */
export const LOOKUPS_PREFIX = 'lookups/';
/** Key prefix of the replies to them. */
export const LOOKUP_REPLIES_PREFIX = 'replies/lookups/';

/**
 * Key prefixes of batches of messages and of their results, in the bucket of messages on their way. EventBridge calls a
 * function for each new object.
 */
export const BATCHES_PREFIX = 'batches/';
export const RESULTS_PREFIX = 'results/';

/** Who may add an instrument by following a symbol that no run covers. The first is the default. */
export const ADDERS = ['anyone', 'admins', 'off'] as const;
export type Adders = (typeof ADDERS)[number];

/** {@link ADDERS}, and why an installation cannot add any: its bars are the bundled sample, or a file. */
export const ADDING = [...ADDERS, 'sample', 'file'] as const;
export type Adding = (typeof ADDING)[number];

/** The most instruments that users may add by default. */
export const DEFAULT_ADDED_LIMIT = 100;

/**
 * When a deployment makes its daily run, in the fields of a cron expression: two and a half hours after the close of the
 * US exchanges, when late prints have arrived and it is still the same day in UTC.
 */
export const DAILY_RUN = {
  minute: '30',
  hour: '18',
  weekDay: 'MON-FRI',
  timeZone: 'America/New_York',
} as const;

/** Modes of a pipeline run. */
export const RUN_MODES = ['daily', 'intraday', 'backfill'] as const;
export type RunMode = (typeof RUN_MODES)[number];

/** Limit of a run. A backfill of ten thousand instruments takes most of it. */
export const RUN_LIMIT_HOURS = 12;

/** Bar intervals, as stored in `price_bars.interval`. */
export const INTERVALS = ['daily', '15m'] as const;
export type Interval = (typeof INTERVALS)[number];

/** What an operator makes an instrument for: recommendations, comparison with others, or both. */
export const CHOSEN_PURPOSES = ['recommended', 'reference', 'both'] as const;
/** What an instrument is for, as stored in `instruments.purpose`. `benchmark`: it only shows what the market returned. */
export const PURPOSES = [...CHOSEN_PURPOSES, 'benchmark'] as const;
export type Purpose = (typeof PURPOSES)[number];

/**
 * The references that a deployment can choose, with which its stocks are compared. The first is the default. `imported`: the instruments that an
 * administrator imported as reference.
 */
export const DEPLOYED_REFERENCES = ['sp500', 'basket', 'imported', 'none'] as const;
export type DeployedReference = (typeof DEPLOYED_REFERENCES)[number];

/**
 * The default benchmark of the track record: a fund on the S&P 500. Its adjusted prices include dividends, as those of
 * all stocks here do; the index `^GSPC` has none.
 */
export const DEFAULT_BENCHMARK = 'SPY';

/** The fewest instruments that others are compared with. Among fewer, a rank says little. */
export const LEAST_REFERENCE = 50;

/**
 * Relative difference up to which two adjusted prices, or two growths, are equal: a thousandth of a percent. Vendors round
 * the prices that they adjust.
 */
export const PRICE_NOISE = 1e-5;

/** Company sizes by market capitalisation, as stored in `market_cap_bucket`. */
export const MARKET_CAP_BUCKETS = ['small', 'mid', 'large'] as const;
export type MarketCapBucket = (typeof MARKET_CAP_BUCKETS)[number];

/** Valuations by price-earnings ratio, as stored in `pe_bucket`. */
export const PE_BUCKETS = ['low', 'medium', 'high'] as const;
export type PeBucket = (typeof PE_BUCKETS)[number];

/** Risk profiles, from the lowest risk to the highest. */
export const PROFILES = ['conservative', 'moderate', 'aggressive'] as const;
export type Profile = (typeof PROFILES)[number];

/** Recommendation labels, in the order of the classifier's classes. */
export const LABELS = ['SELL', 'HOLD', 'BUY'] as const;
export type Label = (typeof LABELS)[number];

/** Rankings that need no model, as a release's metrics name them: last year's winners and last month's losers. */
export const RANKING_BASELINES = ['momentum_12_1', 'short_term_reversal'] as const;
export type RankingBaseline = (typeof RANKING_BASELINES)[number];

/**
 * Alternatives to a model that its metrics are compared with. Only releases of format 1 have `majority_class`, and only
 * those of format 2 have `weekly_reversal`, last week's losers.
 */
export const BASELINES = ['majority_class', ...RANKING_BASELINES, 'weekly_reversal'] as const;
export type Baseline = (typeof BASELINES)[number];

/**
 * The maximum age in calendar days of the data of a call that users may act on; an older one is withheld. A week allows for
 * a long weekend and a few missed runs. By then a quarter of the horizon of 20 trading days has passed.
 */
export const MAX_DATA_AGE_DAYS = 7;

/** Postgres roles: the migrator owns the schema, the others have only the rights that they need. */
export const DATABASE_ROLES = {
  migrator: 'boursomatic_migrator',
  pipeline: 'boursomatic_pipeline',
  api: 'boursomatic_api',
  training: 'boursomatic_training',
} as const;

/** Instruments per batch. Each invocation of Fetch, Load and Features processes one batch. */
export const BATCH_SIZE = 50;

/** Batches that Step Functions processes concurrently. */
export const MAX_CONCURRENT_BATCHES = 4;

/** Share of a run's instruments above which their failures make the run partial. */
export const PARTIAL_ABOVE_SHARE = 0.2;

/** Share of a run's instruments, answers or batches above which a fault of theirs is systematic: it stops the run. */
export const SYSTEMATIC_ABOVE_SHARE = 0.5;

/**
 * The status of a run. `partial`: it published what is sound, although more than {@link PARTIAL_ABOVE_SHARE} of its
 * instruments failed.
 */
export const RUN_STATUSES = ['running', 'succeeded', 'partial', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Bars that an instrument needs before all of its features exist: the longest look-back and the bar itself. */
export const LEAST_HISTORY_BARS = 253;

/** Years of daily history that a backfill fetches. */
export const DAILY_HISTORY_YEARS = 8;

/** Days of 15-minute history that are kept. */
export const INTRADAY_HISTORY_DAYS = 30;

/** Days for which the universe of a day is kept. */
export const UNIVERSE_HISTORY_DAYS = 30;

/**
 * Errors of Lambda's Invoke for a function that cannot run yet. Lambda refuses the call at once, so a retry costs almost
 * nothing.
 */
export const LAMBDA_NOT_READY: readonly string[] = [
  // Another execution uses the function's reserved concurrency.
  'TooManyRequestsException',
  // After weeks without a call, Lambda removes a function's interface in the VPC. The next call gets this error,
  'ResourceNotReadyException',
  // and further calls get this one while Lambda recreates the interface, because the function is pending.
  'ResourceConflictException',
  'ENINotReadyException',
  // EC2 did not provide the interface.
  'EC2ThrottledException',
  'EC2UnexpectedException',
];
