import { Temporal } from 'temporal-polyfill';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../shared/days.ts';

/** The hours in which a user receives no messages, as local times `HH:MM`. They end before `to`. */
export interface QuietHours {
  /** IANA time zone. */
  timeZone: string;
  /** Null, like `to`, for a user without quiet hours. */
  from: string | null;
  to: string | null;
}

/** When a digest is due, by local time. */
export interface DigestTime {
  /** IANA time zone. */
  timeZone: string;
  /** Local time `HH:MM`. */
  time: string;
  /** 1 is Monday; null for every day. */
  weekday: number | null;
}

/**
 * Finds a time zone in the time zone database of this process.
 *
 * @returns its name as the database writes it; undefined if it has no such zone, and for an offset such as `+01:00`
 */
export function knownTimeZone(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The end of the quiet hours that contain an instant; undefined if it is in none. */
export function quietUntil(now: Date, { timeZone, from, to }: QuietHours): Date | undefined {
  if (from === null || to === null) return undefined;
  const here = localTime(now, timeZone);
  const [start, end] = [Temporal.PlainTime.from(from), Temporal.PlainTime.from(to)];
  const isQuiet = (at: Temporal.ZonedDateTime) => {
    const time = at.toPlainTime();
    const [afterStart, beforeEnd] = [
      Temporal.PlainTime.compare(time, start) >= 0,
      Temporal.PlainTime.compare(time, end) < 0,
    ];
    return Temporal.PlainTime.compare(start, end) < 0 ? afterStart && beforeEnd : afterStart || beforeEnd;
  };
  if (!isQuiet(here)) return undefined;
  // The clock reaches the end at its local time, which may occur twice, or jumps over it when the offset changes.
  const ends = [0, 1].flatMap((days) =>
    (['earlier', 'later'] as const).map((disambiguation) =>
      here
        .toPlainDate()
        .add({ days })
        .toPlainDateTime(end)
        .toZonedDateTime(here.timeZoneId, { disambiguation }),
    ),
  );
  const change = here.getTimeZoneTransition('next');
  const next = (change ? [...ends, change] : ends)
    .filter((at) => Temporal.ZonedDateTime.compare(at, here) > 0 && !isQuiet(at))
    .sort(Temporal.ZonedDateTime.compare)[0];
  return next && new Date(next.epochMilliseconds);
}

/**
 * The latest instant, not after now, at which a digest is due. A local time that a change of the clock skips is due as
 * much later as the clock jumps, and one that occurs twice is due the first time.
 */
export function lastDigestTime(now: Date, { timeZone, time, weekday }: DigestTime): Date {
  const here = localTime(now, timeZone);
  for (let date = here.toPlainDate(); ; date = date.subtract({ days: 1 })) {
    if (weekday !== null && date.dayOfWeek !== weekday) continue;
    const due = date.toPlainDateTime(Temporal.PlainTime.from(time)).toZonedDateTime(here.timeZoneId);
    if (due.epochMilliseconds <= now.getTime()) return new Date(due.epochMilliseconds);
  }
}

/** Converts an instant to local time. A time zone that left the database is read as UTC, so that messages still go out. */
function localTime(instant: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(
    knownTimeZone(timeZone) ?? 'UTC',
  );
}

/** Attempts of one message: the delay doubles from the first to the longest, and ends within the window. */
const FIRST_DELAY_MS = MINUTE_MS;
const LONGEST_DELAY_MS = 4 * HOUR_MS;
const WINDOW_MS = DAY_MS;
/** Share of the delay by which a random part moves an attempt, so that many failed messages do not come back at once. */
const JITTER = 0.25;
/** The longest wait that the other side may ask for. */
const LONGEST_REQUESTED_MS = 6 * HOUR_MS;

/**
 * When to attempt a message again after a failure.
 *
 * @param attempts - attempts so far, at least 1
 * @param afterSeconds - the wait that the other side asked for
 * @param random - from 0 to 1
 * @returns undefined if no attempt is left: after a day of attempts, or when the message expires
 */
export function nextAttempt(
  {
    attempts,
    firstAttemptAt,
    expiresAt,
    afterSeconds = 0,
  }: { attempts: number; firstAttemptAt: Date; expiresAt: Date; afterSeconds?: number | undefined },
  now: Date,
  random: number,
): Date | undefined {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS);
  const varied = delay * (1 + JITTER * (2 * random - 1));
  const requested = Math.min(afterSeconds * 1000, LONGEST_REQUESTED_MS);
  const next = now.getTime() + Math.max(varied, requested);
  const last = Math.min(firstAttemptAt.getTime() + WINDOW_MS, expiresAt.getTime());
  return next > last ? undefined : new Date(next);
}
