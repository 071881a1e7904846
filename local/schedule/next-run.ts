import { addDays, MINUTE_MS, toDay } from '../../functions/shared/days.ts';
import { dueByCron } from './cron.ts';
import { type DueDay, dueAfterCloses } from './daily.ts';
import { intradayAround } from './intraday.ts';
import type { FailedAttempts, Moment, NextRun, ScheduleState } from './schedule.ts';

/**
 * Decides which scheduled run comes next, and when. The caller starts it at `at`, and asks again with the new state: one
 * run at a time. It asks again after a minute at the latest, because the machine's clock may move.
 *
 * @returns undefined if nothing is scheduled
 */
export function nextRun(state: ScheduleState): NextRun | undefined {
  // Of several that are due, the first one of this list starts first.
  const runs = [daily(state), intraday(state), backup(state), missed(state), retraining(state)];
  return runs.reduce((first, run) => (!run || (first && first.at <= run.at) ? first : run), undefined);
}

function daily({ options, markets, lastDaily, failedDaily, now }: ScheduleState): NextRun | undefined {
  const schedule = options.daily;
  if (schedule === 'off') return undefined;
  const due = schedule === 'markets' ? dueAfterCloses(markets, now) : dueByCron(schedule, now);
  if (!due) return undefined;
  const { at, reason } = afterLast(due, {
    done: lastDaily,
    failed: failedDaily,
    now,
    first: 'no daily run yet',
  });
  return { kind: 'daily', at, reason, input: {} };
}

/**
 * The run of a day that passed without one, for example because the vendor did not answer. It follows the day's run, which
 * makes the newest calls. Each day has one attempt.
 */
function missed({
  options,
  markets,
  firstDaily,
  lastDaily,
  recentDaily,
  now,
}: ScheduleState): NextRun | undefined {
  const due = options.daily === 'markets' ? dueAfterCloses(markets, now) : undefined;
  if (!due || !firstDaily || !recentDaily || isBefore(lastDaily, due.last.at)) return undefined;
  const oldest = addDays(toDay(now), -LIVE_DAYS);
  const isMissed = ({ day, at }: DueDay, i: number) => {
    const until = due.past[i + 1]?.at ?? now;
    return (
      day >= oldest &&
      firstDaily < at &&
      !recentDaily.some(({ startedAt, to }) => (to ? to === day : startedAt >= at && startedAt < until))
    );
  };
  const found = due.past.slice(0, -1).find(isMissed);
  return found && { kind: 'daily', at: now, reason: `${found.day} has no run`, input: { to: found.day } };
}

function intraday({ options, markets, lastIntraday, now }: ScheduleState): NextRun | undefined {
  if (!options.intraday) return undefined;
  const { last, next } = intradayAround(markets, now);
  const moment = last && isBefore(lastIntraday, last.at) ? { ...last, at: now } : next;
  return moment && { kind: 'intraday', ...moment, input: { mode: 'intraday' } };
}

function backup({ options, lastBackup, failedBackup, now }: ScheduleState): NextRun | undefined {
  if (!options.backup) return undefined;
  const due = dueByCron({ expression: NIGHTLY_BACKUP, timeZone: options.timeZone }, now);
  if (!due) return undefined;
  return {
    kind: 'backup',
    ...afterLast(due, { done: lastBackup, failed: failedBackup, now, first: 'no backup yet' }),
  };
}

function retraining({ options, firstDaily, lastRetraining, now }: ScheduleState): NextRun | undefined {
  const last = lastRetraining ?? firstDaily;
  const due = options.retraining && last ? dueByCron(WEEKLY_RETRAINING, now) : undefined;
  return due && { kind: 'retrain', ...(isBefore(last, due.last.at) ? { ...due.last, at: now } : due.next) };
}

/** A call that is published more days after its as-of is not a live one (docs/adr/0046). */
const LIVE_DAYS = 4;

/** Every night, when nobody waits for the machine. */
const NIGHTLY_BACKUP = '30 3 * * *';

/** As on AWS: by Saturday morning, Friday's bars are stored. */
const WEEKLY_RETRAINING = { expression: '0 6 * * 6', timeZone: 'America/New_York' };

interface Attempts {
  done: Date | undefined;
  failed: FailedAttempts | undefined;
  now: Date;
  /** The reason of the first run of all. */
  first: string;
}

/**
 * When a run is due by its attempts: now if none was done since the latest due instant, and after failures since that
 * instant a while after the latest one.
 */
function afterLast({ last, next }: { last: Moment; next: Moment }, attempts: Attempts): Moment {
  const { done, failed, now, first } = attempts;
  if (!isBefore(done, last.at)) return next;
  const reason = done ? last.reason : first;
  // A failure in the future is from before the clock was set back.
  if (!failed || failed.at < last.at || failed.at > now) return { at: now, reason };
  const retry = failed.at.getTime() + retryDelayMs(failed.count);
  const at = new Date(Math.min(Math.max(retry, now.getTime()), next.at.getTime()));
  return { at, reason: `attempt ${failed.count + 1}: ${reason}` };
}

/** The wait after a number of failed attempts in a row: a minute, doubling up to half an hour. */
export function retryDelayMs(count: number): number {
  return Math.min(30, 2 ** (count - 1)) * MINUTE_MS;
}

function isBefore(instant: Date | undefined, other: Date): boolean {
  return !instant || instant < other;
}
