/**
 * Names that the stacks and the functions both use. Free of any SDK, so that a stack can import it
 * without pulling a client into the synthesis.
 */

/** Environment variables, by what they hold. Every function reads only those it names in its own schema. */
export const ENV = {
  /** Secret of the pipeline's database role: a Secrets Manager id or ARN, or a `file:` URL. */
  pipelineDatabaseSecret: 'PIPELINE_DATABASE_SECRET',
  /** Secret of the API's database role: a Secrets Manager id or ARN, or a `file:` URL. */
  apiDatabaseSecret: 'API_DATABASE_SECRET',
  /** Secret of the training role, which registers and promotes models: as the others. */
  trainingDatabaseSecret: 'TRAINING_DATABASE_SECRET',
  /** Secret of the migrator role, which owns the schema: as the others. */
  migratorDatabaseSecret: 'MIGRATOR_DATABASE_SECRET',
  /** Secret of a login that may create roles: as the others. */
  adminDatabaseSecret: 'ADMIN_DATABASE_SECRET',
  /** A pooling proxy to connect through, in place of the host of the login; unset for none. */
  databaseProxyHost: 'DATABASE_PROXY_HOST',
  /** Connections that one process may hold to the database. */
  databaseConnections: 'DATABASE_CONNECTIONS',
  /** The folder of the migrations, from where the function runs. */
  migrationsFolder: 'MIGRATIONS_FOLDER',
  /** The folder of the release that comes with the project, from where the function runs. */
  releaseFolder: 'RELEASE_FOLDER',
  /** Where raw records and scores go: `s3://bucket` or a `file:` URL of a folder. */
  rawObjectsUrl: 'RAW_OBJECTS_URL',
  /** Where model releases are: `s3://bucket` or a `file:` URL of a folder. */
  modelObjectsUrl: 'MODEL_OBJECTS_URL',
  /** The state machine whose executions are the pipeline's runs: an ARN. */
  stateMachineArn: 'STATE_MACHINE_ARN',
  /** Where administrators' requests for runs are: `s3://bucket` or a `file:` URL of a folder. */
  runRequestsUrl: 'RUN_REQUESTS_URL',
  /** The providers that Fetch asks, in order and separated by commas: of {@link PROVIDERS}. */
  provider: 'PROVIDER',
  /** The bars file of the `sample` and `csv` providers. */
  barsFile: 'BARS_FILE',
  /** Another origin for Yahoo's API (a test server). */
  yahooOrigin: 'YAHOO_ORIGIN',
  /** Another origin for Stooq (a test server). */
  stooqOrigin: 'STOOQ_ORIGIN',
  /** Secret that holds the key for Stooq: a Secrets Manager id or ARN, or a `file:` URL. */
  stooqKeySecret: 'STOOQ_KEY_SECRET',
  /** The stage that a function's metrics are of. */
  stage: 'STAGE',
  /** The bucket of the page, and the folder of the built page from where the function runs. */
  pageBucket: 'PAGE_BUCKET',
  pageFolder: 'PAGE_FOLDER',
  /** A fixed instant (ISO 8601) that stands for now; unset means the wall clock. */
  clock: 'CLOCK',
  /** A notice that every answer carries, such as that the data is a sample. */
  dataNotice: 'DATA_NOTICE',
  /** Secret of the keys that sign access tokens: a Secrets Manager id or ARN, or a `file:` URL. */
  signingKeysSecret: 'SIGNING_KEYS_SECRET',
  /** Who issues access tokens (their `iss`): the API's own URL. */
  tokenIssuer: 'TOKEN_ISSUER',
  /** Origins whose pages may call the API besides its own, with commas between them; unset for none. */
  corsOrigins: 'CORS_ORIGINS',
} as const;

/**
 * Headers that CloudFront gives what it passes on to the API: a secret by which the API knows that it was CloudFront,
 * and the address of who asked.
 */
export const EDGE_HEADERS = { proof: 'x-boursomatic-edge', viewer: 'x-boursomatic-viewer' } as const;

/** What the name of each request for a run begins with, in the bucket of these. */
export const RUN_REQUESTS_PREFIX = 'requests/';

/** Market data providers. */
export const PROVIDERS = ['yahoo', 'stooq', 'sample', 'csv'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** Modes of a pipeline run. */
export const RUN_MODES = ['daily', 'intraday', 'backfill'] as const;
export type RunMode = (typeof RUN_MODES)[number];

/** Bar intervals, as stored in price_bars.interval. */
export const INTERVALS = ['daily', '15m'] as const;
export type Interval = (typeof INTERVALS)[number];

/** Sizes of companies, as in the founding document's market_cap_bucket. */
export const MARKET_CAP_BUCKETS = ['small', 'mid', 'large'] as const;
export type MarketCapBucket = (typeof MARKET_CAP_BUCKETS)[number];

/** How dear companies are by price over earnings, as in the founding document's pe_bucket. */
export const PE_BUCKETS = ['low', 'medium', 'high'] as const;
export type PeBucket = (typeof PE_BUCKETS)[number];

/** Risk profiles, from the least to the most risk. */
export const PROFILES = ['conservative', 'moderate', 'aggressive'] as const;
export type Profile = (typeof PROFILES)[number];

/** Recommendation labels, in the order of the classifier's classes. */
export const LABELS = ['SELL', 'HOLD', 'BUY'] as const;
export type Label = (typeof LABELS)[number];

/** Rankings that need no model, as a release's metrics name them: last year's winners and last month's losers. */
export const RANKING_BASELINES = ['momentum_12_1', 'short_term_reversal'] as const;
export type RankingBaseline = (typeof RANKING_BASELINES)[number];

/** Alternatives to a model that its metrics are compared with. */
export const BASELINES = ['majority_class', ...RANKING_BASELINES] as const;

/** Postgres roles: the migrator owns the schema, the others have only what they need. */
export const DATABASE_ROLES = {
  migrator: 'boursomatic_migrator',
  pipeline: 'boursomatic_pipeline',
  api: 'boursomatic_api',
  training: 'boursomatic_training',
} as const;

/** Instruments in one batch: Fetch, Load and Features take a batch an invocation. */
export const BATCH_SIZE = 50;

/** Batches that Step Functions works on at once. */
export const MAX_CONCURRENT_BATCHES = 4;

/** Share of instruments that may fail before the run does; one failed instrument never fails a run. */
export const TOLERATED_FAILURE_SHARE = 0.2;

/** Years of daily history that a backfill asks for. */
export const DAILY_HISTORY_YEARS = 8;

/** Days of 15-minute history that are kept. */
export const INTRADAY_HISTORY_DAYS = 30;
