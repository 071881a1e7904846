import { GROUPS } from '../../functions/api/core/groups.ts';
import { BATCH_SIZE, DAILY_HISTORY_YEARS } from '../../functions/shared/constants.ts';
import type { StepName } from '../../lib/state-machines/pipeline-steps.ts';

/** What an installation is asked to do. */
export interface Demand {
  instruments: number;
  /** Requests to the API in a month. */
  requests: number;
  intraday: boolean;
  /** Weekly retraining. */
  retraining: boolean;
}

/** Weekdays of a month, on each of which there is a daily run. */
const RUN_DAYS = 22;
/** Starts of the intraday schedule on a day: every quarter of an hour from ten to before five. */
const INTRADAY_STARTS = 28;
const WEEKS = 52 / 12;

/**
 * Seconds that a function takes: for each invocation, and for each instrument of it. Of `npm start` on two processors
 * of a developer's machine, doubled; Fetch is what pacing lets it be, not what it works.
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

/** Steps that take a batch an invocation; the others take a run. */
const BATCHED: StepName[] = ['fetch', 'load', 'features'];
/** Steps of the daily run alone. */
const DAILY: StepName[] = ['infer', 'publish', 'score'];

/** States that a run enters outside its map, and in each child of it, the start included. */
const TRANSITIONS = { run: 8, batch: 6 };

/** Keys that sign access tokens are read by a function of each group, at most every five minutes. */
const KEY_READS = GROUPS.length * 12 * 24 * 30;

/** Seconds and kilobytes of a request. */
const REQUEST = { seconds: 0.06, kilobytes: 8 };

/**
 * A visit: how often it asks the API, and what it loads of the page when nothing of it is kept. Later visits ask for
 * the document alone, so this is the most that there can be.
 */
const VISIT = { requests: 20, files: 20, kilobytes: 400 };

/** Bytes in the database: of a daily bar and its features with their indexes, and of a recommendation. */
const BYTES = { bar: 150, features: 350, recommendation: 1500 };
const TRADING_DAYS = 252;

/** What a month of a demand takes, in the units that are billed. */
export interface Usage {
  /** Invocations, and seconds of them all, by the id that a function begins with. */
  functions: Record<string, { invocations: number; seconds: number }>;
  transitions: number;
  requests: number;
  scheduled: number;
  objectPuts: number;
  objectGets: number;
  objectGb: number;
  databaseGb: number;
  logGb: number;
  /** Requests to CloudFront: for the page, and for the API through it. */
  edgeRequests: number;
  transferGb: number;
  secretCalls: number;
  fargateHours: number;
}

/** Works out a month. */
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
    // A raw record an instrument and run, and the scores.
    objectPuts: runs * instruments + RUN_DAYS,
    // CloudFront asks for the document each time, and has all else.
    objectGets: runs * instruments * 2 + RUN_DAYS * 6 + visits,
    // A year of raw records: a few kilobytes each, once the history is in.
    objectGb: (runs * 12 * instruments * 2 + instruments * 100) / 1e6,
    databaseGb:
      (instruments * (days * (BYTES.bar + BYTES.features) + TRADING_DAYS * 3 * BYTES.recommendation)) / 1e9,
    logGb: (invocations * 1.5 + requests) / 1e6,
    edgeRequests: requests + visits * VISIT.files,
    transferGb: (requests * REQUEST.kilobytes + visits * VISIT.kilobytes) / 1e6,
    // A secret is read when a container starts; not every invocation starts one.
    secretCalls: invocations / 20 + Math.min(requests, KEY_READS),
    fargateHours: retraining ? WEEKS * Math.max(0.25, instruments / 2000) : 0,
  };
}
