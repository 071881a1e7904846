import { describe, expect, test } from 'vitest';
import { knownTimeZone } from '../../../functions/alerts/time-zone.ts';
import { lastDigestTime, nextAttempt, quietUntil } from '../../../functions/alerts/times.ts';

const at = (text: string) => new Date(text);
const until = (now: string, timeZone: string, from: string | null, to: string | null) =>
  quietUntil(at(now), { timeZone, from, to })?.toISOString();
const digest = (now: string, timeZone: string, time: string, weekday: number | null = null) =>
  lastDigestTime(at(now), { timeZone, time, weekday }).toISOString();

describe('quiet hours', () => {
  test('end at their local time on the next day if they begin in the evening', () => {
    expect(until('2026-12-01T21:30:00Z', 'Europe/Paris', '22:00', '07:00')).toBe('2026-12-02T06:00:00.000Z');
    expect(until('2026-12-02T05:59:59Z', 'Europe/Paris', '22:00', '07:00')).toBe('2026-12-02T06:00:00.000Z');
  });

  test('begin at their first minute and have ended at their last', () => {
    expect(until('2026-12-01T20:59:59Z', 'Europe/Paris', '22:00', '07:00')).toBeUndefined();
    expect(until('2026-12-01T21:00:00Z', 'Europe/Paris', '22:00', '07:00')).toBeDefined();
    expect(until('2026-12-02T06:00:00Z', 'Europe/Paris', '22:00', '07:00')).toBeUndefined();
  });

  test('may lie within one day', () => {
    expect(until('2026-12-01T12:30:00Z', 'Etc/UTC', '12:00', '13:00')).toBe('2026-12-01T13:00:00.000Z');
    expect(until('2026-12-01T13:30:00Z', 'Etc/UTC', '12:00', '13:00')).toBeUndefined();
  });

  test('that a user does not have never apply', () => {
    expect(until('2026-12-01T03:00:00Z', 'Europe/Paris', null, null)).toBeUndefined();
  });

  test('end when the clock jumps over their end', () => {
    // New York skips 02:00 to 03:00 on 14 March 2027.
    expect(until('2027-03-14T06:30:00Z', 'America/New_York', '01:00', '02:30')).toBe(
      '2027-03-14T07:00:00.000Z',
    );
  });

  test('apply in both of the hours that the clock repeats', () => {
    // New York repeats 01:00 to 02:00 on 7 November 2027, from 06:00 UTC.
    expect(until('2027-11-07T05:15:00Z', 'America/New_York', '01:00', '01:30')).toBe(
      '2027-11-07T05:30:00.000Z',
    );
    expect(until('2027-11-07T05:45:00Z', 'America/New_York', '01:00', '01:30')).toBeUndefined();
    expect(until('2027-11-07T06:15:00Z', 'America/New_York', '01:00', '01:30')).toBe(
      '2027-11-07T06:30:00.000Z',
    );
  });

  test('follow Lord Howe, which changes its clock by half an hour', () => {
    // At 02:00 on 4 April 2027, the clock goes back to 01:30: +11:00 becomes +10:30.
    expect(until('2027-04-03T14:45:00Z', 'Australia/Lord_Howe', '22:00', '07:00')).toBe(
      '2027-04-03T20:30:00.000Z',
    );
    // At 02:00 on 3 October 2027, it goes forward to 02:30.
    expect(until('2027-10-02T15:00:00Z', 'Australia/Lord_Howe', '01:00', '02:15')).toBe(
      '2027-10-02T15:30:00.000Z',
    );
  });

  test.each([
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Africa/Casablanca',
    'Pacific/Apia',
  ])('in %s end at the first minute that is not quiet, around every change of the clock', (timeZone) => {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
    const isQuiet = (minute: number, from: string, to: string) => {
      const local = format.format(minute * 60_000);
      return from < to ? local >= from && local < to : local >= from || local < to;
    };
    for (const [from, to] of [
      ['22:00', '02:15'],
      ['01:30', '02:30'],
      ['00:00', '23:59'],
    ] as const) {
      for (const day of [
        '2027-03-13',
        '2027-04-03',
        '2027-10-02',
        '2027-11-06',
        '2027-02-07',
        '2027-03-27',
      ]) {
        const midnight = Date.parse(day) / 60_000;
        for (let minute = midnight; minute < midnight + 2 * 1440; minute += 61) {
          const end = quietUntil(new Date(minute * 60_000), { timeZone, from, to });
          let first = minute;
          while (isQuiet(first, from, to)) first++;
          expect(end?.getTime(), `${timeZone} ${from} ${to} ${new Date(minute * 60_000).toISOString()}`).toBe(
            first === minute ? undefined : first * 60_000,
          );
        }
      }
    }
  });
});

describe('the due time of a digest', () => {
  test('is the last one at the local time', () => {
    expect(digest('2026-12-01T06:29:59Z', 'Europe/Paris', '07:30')).toBe('2026-11-30T06:30:00.000Z');
    expect(digest('2026-12-01T06:30:00Z', 'Europe/Paris', '07:30')).toBe('2026-12-01T06:30:00.000Z');
  });

  test('is on its weekday', () => {
    expect(digest('2026-12-01T12:00:00Z', 'Europe/Paris', '07:30', 1)).toBe('2026-11-30T06:30:00.000Z');
    expect(digest('2026-12-01T12:00:00Z', 'Europe/Paris', '18:00', 2)).toBe('2026-11-24T17:00:00.000Z');
  });

  test('is as much later as the clock jumps if it skips the local time', () => {
    expect(digest('2027-03-14T12:00:00Z', 'America/New_York', '02:30')).toBe('2027-03-14T07:30:00.000Z');
  });

  test('is the first of two equal local times, at any later time of the day', () => {
    for (const now of [
      '2027-11-07T05:30:00Z',
      '2027-11-07T06:29:00Z',
      '2027-11-07T06:31:00Z',
      '2027-11-08T06:29:00Z',
    ])
      expect(digest(now, 'America/New_York', '01:30')).toBe('2027-11-07T05:30:00.000Z');
  });

  test('follows Lord Howe, which changes its clock by half an hour', () => {
    expect(digest('2027-10-02T18:00:00Z', 'Australia/Lord_Howe', '02:15')).toBe('2027-10-02T15:45:00.000Z');
    expect(digest('2027-04-03T18:00:00Z', 'Australia/Lord_Howe', '01:45')).toBe('2027-04-03T14:45:00.000Z');
  });

  test('is the same instant for a day that a zone skipped and for the day after it', () => {
    // Samoa had no 30 December 2011.
    expect(digest('2011-12-30T20:00:00Z', 'Pacific/Apia', '07:30')).toBe('2011-12-30T17:30:00.000Z');
    expect(digest('2011-12-30T17:00:00Z', 'Pacific/Apia', '07:30')).toBe('2011-12-29T17:30:00.000Z');
  });

  test('is in UTC for a time zone that the database no longer has', () => {
    expect(digest('2026-12-01T12:00:00Z', 'Mars/Olympus', '07:30')).toBe('2026-12-01T07:30:00.000Z');
  });
});

test.each(['CST', 'IST', 'JST', 'AET', 'ACT', 'PRT', 'NST', 'SST', 'VST', 'MIT', 'BET'])(
  'the stored abbreviation %s is read as UTC, so that it stops no message',
  (timeZone) => {
    expect(until('2026-12-01T23:00:00Z', timeZone, '22:00', '07:00')).toBe('2026-12-02T07:00:00.000Z');
    expect(digest('2026-12-01T12:00:00Z', timeZone, '07:30')).toBe('2026-12-01T07:30:00.000Z');
  },
);

describe('the name of a time zone', () => {
  test('is read in any case, and written as the database does', () => {
    expect(knownTimeZone('europe/paris')).toBe('Europe/Paris');
    expect(knownTimeZone('UTC')).toBe('UTC');
    expect(knownTimeZone('Asia/Kolkata')).toBe('Asia/Kolkata');
    expect(knownTimeZone('Etc/GMT+5')).toBe('Etc/GMT+5');
  });

  test.each([
    'Mars/Olympus',
    'CST',
    'ist',
    '+01:00',
    '',
    'Europe/Paris\n',
    '-08:00[America/Los_Angeles]',
    '2026-12-01T00:00[UTC]',
  ])('%j is unknown', (name) => {
    expect(knownTimeZone(name)).toBeUndefined();
  });
});

describe('the next attempt', () => {
  const [first, now] = [at('2026-12-01T00:00:00Z'), at('2026-12-01T01:00:00Z')];
  const next = (attempts: number, options: { afterSeconds?: number; random?: number; now?: Date } = {}) =>
    nextAttempt(
      {
        attempts,
        firstAttemptAt: first,
        expiresAt: at('2026-12-03T00:00:00Z'),
        afterSeconds: options.afterSeconds,
      },
      options.now ?? now,
      options.random ?? 0.5,
    );
  const minutes = (when: Date | undefined) => when && (when.getTime() - now.getTime()) / 60_000;

  test('waits twice as long after each failure, at most four hours', () => {
    expect([1, 2, 3, 8, 9, 30].map((attempts) => minutes(next(attempts)))).toEqual([1, 2, 4, 128, 240, 240]);
  });

  test('varies by a quarter', () => {
    expect(minutes(next(5, { random: 0 }))).toBe(12);
    expect(minutes(next(5, { random: 1 }))).toBe(20);
  });

  test('waits as long as the other side asks, at most six hours', () => {
    expect(minutes(next(1, { afterSeconds: 600 }))).toBe(10);
    expect(minutes(next(5, { afterSeconds: 60 }))).toBe(16);
    expect(minutes(next(1, { afterSeconds: 86_400 }))).toBe(360);
  });

  test('ends after a day of attempts, or when the message expires', () => {
    expect(next(9, { now: at('2026-12-01T20:00:00Z') })).toEqual(at('2026-12-02T00:00:00Z'));
    expect(next(9, { now: at('2026-12-01T20:00:01Z') })).toBeUndefined();
    const expiring = { attempts: 1, firstAttemptAt: first, expiresAt: at('2026-12-01T01:00:30Z') };
    expect(nextAttempt(expiring, now, 0.5)).toBeUndefined();
  });

  test('makes about a dozen attempts in the day', () => {
    let [attempts, when] = [0, first as Date | undefined];
    while (when) when = next(++attempts, { now: when });
    expect(attempts).toBe(13);
  });
});
