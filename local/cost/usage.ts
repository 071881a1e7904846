import { API_FUNCTIONS } from '../../functions/api/core/groups.ts';
import { BATCH_SIZE, DAILY_HISTORY_YEARS } from '../../functions/shared/constants.ts';
import type { StepName } from '../../lib/state-machines/pipeline-steps.ts';

/** The load on an installation. */
export interface Demand {
  instruments: number;
  /** API requests per month. */
  requests: number;
  intraday: boolean;
  /** Weekly retraining. */
  retraining: boolean;
}

/** Daily runs per month: one each weekday. */
const RUN_DAYS = 22;
/** Intraday runs per day: every quarter of an hour from 10:00 to 16:45. */
const INTRADAY_STARTS = 28;
const WEEKS = 52 / 12;

/**
 * Duration of a function in seconds: per invocation, and per instrument. Measured with `npm start` on two processors of
 * a developer's machine, and doubled. The duration of Fetch follows from its pace.
 */
const SECONDS: Record<StepName, { each: number; instrument: number }> = {
  plan: { each: 1, instrument: 0.0005 },
  fetch: { each: 1, instrument: 0.7 },
  load: { each: 0.6, instrument: 0.04 },
  features: { each: 0.6, instrument: 0.06 },
  infer: { each: 4, instrument: 0.01 },
  publish: { each: 1, instrument: 0.002 },
  score: { each: 1, instrument: 0.002 },
  finish: { each: 0.3, instrument: 0 },
};

/** Steps with an invocation per batch; the others have one per run. */
const BATCHED: StepName[] = ['fetch', 'load', 'features'];
/** Steps of daily runs only. */
const DAILY: StepName[] = ['infer', 'publish', 'score'];

/** State transitions of a run outside its map, and of each child execution, including the start. */
const TRANSITIONS = { run: 8, batch: 6 };

/** Reads of the signing keys per month: each function of the API reads them at most every five minutes. */
const KEY_READS = API_FUNCTIONS.length * 12 * 24 * 30;

/** Duration and response size of an API request. */
const REQUEST = { seconds: 0.06, kilobytes: 8 };

/** Replays among the API requests, and their duration: most are the first of their container, which loads a release. */
const REPLAYS = { share: 0.001, seconds: 2 };

/**
 * API requests of a visit, and the files of the page that it loads without a cache. Later visits load only the document,
 * so these are upper limits.
 */
const VISIT = { requests: 20, files: 20, kilobytes: 400 };

/** Steps whose duration is mostly work of the database, and the share of it. */
const DATABASE_SHARE: Partial<Record<StepName | 'api', number>> = {
  load: 0.5,
  features: 0.5,
  publish: 0.5,
  score: 0.5,
  api: 0.3,
};

/** Kilobytes between functions and database: per instrument and run, and per API request. */
const DATABASE_KILOBYTES = { instrument: 100, request: 20 };

/**
 * Bytes in the database, indexes included: of a daily bar, of its features, of a recommendation with its hash, and of a
 * score that it was compared with. Bytes of a call in the copy of its publication.
 */
const BYTES = { bar: 150, features: 350, recommendation: 1660, score: 8, copiedCall: 630 };
/** Years of copies of publications: the default lock of production. */
const COPY_YEARS = 10;
const TRADING_DAYS = 252;

/** The write-ahead log is larger than the rows, because it also contains indexes and whole pages. */
const LOG_FACTOR = 4;

/** The usage of a month, in billed units. */
export interface Usage {
  /** Invocations and total seconds, by the prefix of the function's id. */
  functions: Record<string, { invocations: number; seconds: number }>;
  transitions: number;
  requests: number;
  scheduled: number;
  objectPuts: number;
  objectGets: number;
  objectGb: number;
  databaseGb: number;
  /** Gigabytes that the write-ahead log grows by in a day. */
  dailyChangeGb: number;
  /** Hours of processor time that the database needs on a day with runs. */
  dailyDatabaseHours: number;
  /** Days with runs. */
  runDays: number;
  /** Traffic between functions and database, in both zones. */
  databaseTrafficGb: number;
  logGb: number;
  /** Requests to CloudFront, for the page and the API. */
  edgeRequests: number;
  transferGb: number;
  secretCalls: number;
  fargateHours: number;
}

/** Calculates the usage of a month. */
export function usageOf({ instruments, requests, intraday, retraining }: Demand): Usage {
  const batches = Math.ceil(instruments / BATCH_SIZE);
  const intradayRuns = intraday ? RUN_DAYS * INTRADAY_STARTS : 0;
  const functions: Usage['functions'] = {};
  for (const [step, { each, instrument }] of Object.entries(SECONDS) as [
    StepName,
    { each: number; instrument: number },
  ][]) {
    const runs = RUN_DAYS + (DAILY.includes(step) ? 0 : intradayRuns);
    const invocations = runs * (BATCHED.includes(step) ? batches : 1);
    functions[step] = { invocations, seconds: invocations * each + runs * instruments * instrument };
  }
  functions.watch = { invocations: 24 * 30, seconds: 24 * 30 * 0.5 };
  functions.renewkeys = { invocations: 30, seconds: 30 };
  functions.replay = {
    invocations: requests * REPLAYS.share,
    seconds: requests * REPLAYS.share * REPLAYS.seconds,
  };
  functions.api = { invocations: requests, seconds: requests * REQUEST.seconds };
  const runs = RUN_DAYS + intradayRuns;
  const invocations = Object.values(functions).reduce((sum, one) => sum + one.invocations, 0);
  const visits = requests / VISIT.requests;
  const days = DAILY_HISTORY_YEARS * TRADING_DAYS;
  return {
    functions,
    transitions: runs * (TRANSITIONS.run + batches * TRANSITIONS.batch),
    requests,
    scheduled: runs + 24 * 30 + 30,
    // A raw record per instrument and run, the scores, and the copy of the publication.
    objectPuts: runs * instruments + RUN_DAYS * 2,
    // CloudFront requests the document for each visit, and caches all other files.
    objectGets: runs * instruments * 2 + RUN_DAYS * 6 + visits,
    // A year of raw records, of a few kilobytes each after the backfill, and the copies of publications.
    objectGb:
      (runs * 12 * instruments * 2 + instruments * 100) / 1e6 +
      (COPY_YEARS * TRADING_DAYS * instruments * 3 * BYTES.copiedCall) / 1e9,
    dailyChangeGb: (instruments * (BYTES.bar + BYTES.features + 3 * BYTES.recommendation) * LOG_FACTOR) / 1e9,
    dailyDatabaseHours: databaseSeconds(functions) / 3600 / RUN_DAYS,
    runDays: RUN_DAYS,
    databaseTrafficGb:
      (runs * instruments * DATABASE_KILOBYTES.instrument + requests * DATABASE_KILOBYTES.request) / 1e6,
    databaseGb:
      (instruments *
        (days * (BYTES.bar + BYTES.features) + TRADING_DAYS * (3 * BYTES.recommendation + BYTES.score))) /
      1e9,
    logGb: (invocations * 1.5 + requests) / 1e6,
    edgeRequests: requests + visits * VISIT.files,
    transferGb: (requests * REQUEST.kilobytes + visits * VISIT.kilobytes) / 1e6,
    // A container reads its secret when it starts, here with every twentieth invocation.
    secretCalls: invocations / 20 + Math.min(requests, KEY_READS),
    fargateHours: retraining ? WEEKS * Math.max(0.25, instruments / 2000) : 0,
  };
}

function databaseSeconds(functions: Usage['functions']): number {
  return Object.entries(DATABASE_SHARE).reduce(
    (sum, [name, share]) => sum + (functions[name]?.seconds ?? 0) * share,
    0,
  );
}
