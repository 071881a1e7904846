import { afterEach, describe, expect, test, vi } from 'vitest';
import { BadInputError } from '../../../functions/shared/errors.ts';
import { dueByCron, machineTimeZone, readSchedule } from '../../../local/schedule/cron.ts';

describe('readSchedule', () => {
  test('reads off, and expressions with and without a time zone', () => {
    expect(readSchedule('off', 'Europe/Paris')).toBe('off');
    expect(readSchedule('30 18 * * 1-5', 'Europe/Paris')).toEqual({
      expression: '30 18 * * 1-5',
      timeZone: 'Europe/Paris',
    });
    const inNewYork = { expression: '30 18 * * 1-5', timeZone: 'America/New_York' };
    expect(readSchedule('TZ=America/New_York 30 18 * * 1-5', 'Etc/UTC')).toEqual(inNewYork);
    expect(readSchedule(' CRON_TZ=America/New_York  30 18 * * 1-5 ', 'Etc/UTC')).toEqual(inNewYork);
    expect(readSchedule('@daily', 'Etc/UTC')).toEqual({ expression: '@daily', timeZone: 'Etc/UTC' });
  });

  test.each([
    ['', 'five'],
    ['x', 'five'],
    ['on', 'five'],
    ['30 18 * *', 'five'],
    ['0 30 18 * * 1-5', '5 parts'],
    ['99 18 * * 1-5', 'minute: 99'],
    ['30 18 * * 1-5\n30 19 * * *', 'five'],
    ['0 0 30 2 *', 'no day has this date'],
    ['TZ=Europe/Atlantis 30 18 * * 1-5', 'no time zone Europe/Atlantis'],
    ['@reboot', 'reboot'],
    ['2030-01-01T18:30:00', 'a single instant'],
  ])('refuses %j with one line', (text, reason) => {
    const read = () => readSchedule(text, 'Etc/UTC');
    expect(read).toThrow(BadInputError);
    expect(read).toThrow(reason);
    expect(read).toThrow('such as "30 18 * * 1-5"');
  });
});

describe('machineTimeZone', () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    ['Europe/Paris', 'Europe/Paris'],
    ['', 'UTC'],
    ['Mars/Phobos', 'UTC'],
  ])('with the TZ variable %j is %s', (variable, expected) => {
    vi.stubEnv('TZ', variable);
    expect(machineTimeZone()).toBe(expected);
  });
});

describe('dueByCron', () => {
  const around = (expression: string, timeZone: string, now: string) => {
    const due = dueByCron({ expression, timeZone }, new Date(now));
    return [due?.last.at.toISOString(), due?.next.at.toISOString()];
  };

  test.each([
    ['30 18 * * 1-5', 'America/New_York', '2026-11-25T23:29:59.999Z', '2026-11-24T23:30', '2026-11-25T23:30'],
    ['30 18 * * 1-5', 'America/New_York', '2026-11-25T23:30:00.000Z', '2026-11-25T23:30', '2026-11-26T23:30'],
    ['30 18 * * 1-5', 'America/New_York', '2026-11-25T23:30:00.001Z', '2026-11-25T23:30', '2026-11-26T23:30'],
    ['30 18 * * 1-5', 'America/New_York', '2026-11-01T12:00:00.000Z', '2026-10-30T22:30', '2026-11-02T23:30'],
    ['0 0 1 1 *', 'Asia/Tokyo', '2026-12-31T15:00:00.000Z', '2026-12-31T15:00', '2027-12-31T15:00'],
    ['0 9,17 29 2 *', 'Etc/UTC', '2026-01-01T00:00:00.000Z', '2024-02-29T17:00', '2028-02-29T09:00'],
  ])('%s in %s at %s', (expression, timeZone, now, last, next) => {
    expect(around(expression, timeZone, now)).toEqual([`${last}:00.000Z`, `${next}:00.000Z`]);
  });

  test('comes once in the night in which an hour is repeated, and in that in which one is left out', () => {
    // In Paris, 02:30 comes twice on 25 October 2026, and not at all on 29 March 2026.
    expect(around('30 2 * * *', 'Europe/Paris', '2026-10-25T00:40:00Z')).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
    expect(around('30 2 * * *', 'Europe/Paris', '2026-03-28T12:00:00Z')).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
    ]);
  });
});
