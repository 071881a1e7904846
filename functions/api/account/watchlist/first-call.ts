import { wallClock } from '../../../shared/clock.ts';
import { DAILY_RUN } from '../../../shared/constants.ts';
import { updateState } from '../../core/update-state.ts';

/**
 * When the next daily run begins, which makes the first call of a new instrument.
 *
 * @returns null where no run is scheduled
 */
export async function nextDailyRun(): Promise<Date | null> {
  const updates = updateState();
  return updates ? updates.next : nextDeployedRun(wallClock());
}

/** When the scheduler of a deployment starts the next daily run. */
export async function nextDeployedRun(now: Date): Promise<Date | null> {
  const { minute, hour, weekDay, timeZone } = DAILY_RUN;
  // Few requests need it, so its code is loaded on first use.
  const { Cron } = await import('croner');
  return new Cron(`${minute} ${hour} * * ${weekDay}`, { timezone: timeZone }).nextRun(now);
}
