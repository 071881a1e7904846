import { wallClock } from '../../../shared/clock.ts';
import { DAILY_RUN } from '../../../shared/constants.ts';
import { HOUR_MS } from '../../../shared/days.ts';
import { updateState } from '../../core/update-state.ts';

/**
 * When the next daily run begins, which makes the first call of a new instrument.
 *
 * @returns null where no run is scheduled
 */
export function nextDailyRun(): Date | null {
  const updates = updateState();
  return updates ? updates.next : nextDeployedRun(wallClock());
}

/** Longer than a weekend. */
const HOURS_SEARCHED = 4 * 24;

/** When the scheduler of a deployment starts the next daily run. The time zone's offset is a whole number of hours. */
export function nextDeployedRun(now: Date): Date | null {
  const { minute, hour, timeZone } = DAILY_RUN;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  const first = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS + Number(minute) * 60_000;
  for (let i = 0; i < HOURS_SEARCHED; i += 1) {
    const at = new Date(first + i * HOUR_MS);
    const [weekday = '', local] = clock.format(at).split(/, ?/);
    if (at > now && local === hour && !weekday.startsWith('S')) return at;
  }
  return null;
}
