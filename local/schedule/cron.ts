import { Cron } from 'croner';
import { BadInputError } from '../../functions/shared/errors.ts';
import type { CronSchedule, Moment } from './schedule.ts';

/**
 * Reads `off`, or a cron expression with an optional time zone: `30 18 * * 1-5`, `TZ=Europe/Paris 0 20 * * 1-5`.
 *
 * @param machine - the time zone of an expression that names none
 * @throws BadInputError that says what is wrong with it
 */
export function readSchedule(text: string, machine: string): 'off' | CronSchedule {
  if (text === 'off') return 'off';
  const [, zone, expression = ''] = /^(?:(?:CRON_)?TZ=(\S+)\s+)?(.*)$/s.exec(text.trim()) ?? [];
  const schedule = { expression, timeZone: zone ?? machine };
  const fault = faultOf(schedule);
  if (fault === undefined) return schedule;
  throw new BadInputError(
    `--schedule "${text}": ${fault}; write off, or minute, hour, day of month, month and day of week, such as "30 18 * * 1-5"`,
  );
}

/** The time zone of the machine, or of the TZ variable. It is UTC where the variable is empty or names none. */
export function machineTimeZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return timeZone !== undefined && isTimeZone(timeZone) ? timeZone : 'UTC';
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function faultOf(schedule: CronSchedule): string | undefined {
  if (!isTimeZone(schedule.timeZone)) return `there is no time zone ${schedule.timeZone}`;
  try {
    // The library also takes a single instant, which does not recur.
    if (cronOf(schedule).getOnce()) return 'it is a single instant';
    return cronOf(schedule).nextRun(new Date(0)) ? undefined : 'no day has this date';
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.replace(/^Cron\w+: /, '').replace(/\.$/, '');
  }
}

/** The last instant of a cron expression at or before another, and the first one after it. */
export function dueByCron(schedule: CronSchedule, now: Date): { last: Moment; next: Moment } | undefined {
  const cron = cronOf(schedule);
  // The reference itself is included if it is later in the same second.
  const [last] = cron.previousRuns(1, new Date(Math.floor(now.getTime() / 1000) * 1000 + 999));
  const next = cron.nextRun(now);
  const reason = `scheduled by "${schedule.expression}"`;
  return last && next ? { last: { at: last, reason }, next: { at: next, reason } } : undefined;
}

function cronOf({ expression, timeZone }: CronSchedule): Cron {
  return new Cron(expression, { timezone: timeZone, mode: '5-part', fixedTimeRule: 'no-wildcard' });
}
