import { dueByCron } from './cron.ts';
import { dueAfterCloses } from './daily.ts';
import { intradayAround } from './intraday.ts';
import {
  type FailedAttempts,
  type Moment,
  type NextRun,
  RUN_KINDS,
  type RunKind,
  type ScheduleState,
} from './schedule.ts';

/**
 * Decides which scheduled run comes next, and when. The caller starts it at `at`, tells the new state afterwards, and
 * asks again; one run at a time. It also asks again a minute after at the latest, because the machine's clock may move.
 *
 * @returns undefined if nothing is scheduled
 */
export function nextRun(state: ScheduleState): NextRun | undefined {
  const runs = RUN_KINDS.flatMap((kind) => {
    const moment = MOMENTS[kind](state);
    return moment ? [{ kind, ...moment }] : [];
  });
  return runs.reduce<NextRun | undefined>(
    (first, run) => (first && first.at <= run.at ? first : run),
    undefined,
  );
}

/** When the next run of each kind is due, at `now` where it is due already; undefined where it is not scheduled. */
const MOMENTS: Record<RunKind, (state: ScheduleState) => Moment | undefined> = {
  daily: ({ options: { daily }, markets, lastDaily, failedDaily, now }) => {
    if (daily === 'off') return undefined;
    const due = daily === 'markets' ? dueAfterCloses(markets, now) : dueByCron(daily, now);
    return due && afterLast(due, { last: lastDaily, failed: failedDaily, now, first: 'no daily run yet' });
  },
  intraday: ({ options, markets, lastIntraday, now }) => {
    if (!options.intraday) return undefined;
    const { last, next } = intradayAround(markets, now);
    return last && isBefore(lastIntraday, last.at) ? { at: now, reason: last.reason } : next;
  },
  backup: ({ options, lastBackup, failedBackup, now }) => {
    if (!options.backup) return undefined;
    const due = dueByCron({ expression: NIGHTLY_BACKUP, timeZone: options.timeZone }, now);
    return due && afterLast(due, { last: lastBackup, failed: failedBackup, now, first: 'no backup yet' });
  },
  retrain: ({ options, firstDaily, lastRetraining, now }) => {
    const last = lastRetraining ?? firstDaily;
    if (!options.retraining || !last) return undefined;
    const due = dueByCron(WEEKLY_RETRAINING, now);
    return due && (last < due.last.at ? { ...due.last, at: now } : due.next);
  },
};

/** Every night, when nobody waits for the machine. */
const NIGHTLY_BACKUP = '30 3 * * *';

/** As on AWS: by Saturday morning, Friday's bars are stored. */
const WEEKLY_RETRAINING = { expression: '0 6 * * 6', timeZone: 'America/New_York' };

/** A run that is missing at the last due instant is due now, and after failed attempts a while after the latest one. */
function afterLast(
  { last, next }: { last: Moment; next: Moment },
  {
    last: done,
    failed,
    now,
    first,
  }: { last?: Date | undefined; failed?: FailedAttempts | undefined; now: Date; first: string },
): Moment {
  if (!isBefore(done, last.at)) return next;
  const reason = done ? last.reason : first;
  const retry = failed && new Date(failed.at.getTime() + retryDelayMs(failed.count));
  // The clock may have been set back since the attempt.
  if (!failed || !retry || retry <= now || failed.at > now) return { at: now, reason };
  const at = retry < next.at ? retry : next.at;
  return { at, reason: `attempt ${failed.count + 1}: ${reason}` };
}

const MINUTE_MS = 60_000;

/** The wait after a number of failed attempts in a row: 5 minutes, doubling up to an hour. */
export function retryDelayMs(count: number): number {
  return Math.min(60, 5 * 2 ** (count - 1)) * MINUTE_MS;
}

function isBefore(instant: Date | undefined, other: Date): boolean {
  return !instant || instant < other;
}
