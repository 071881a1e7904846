import { describe, expect, test } from 'vitest';
import { sessionsOf } from '../../../../functions/ingest/quality/sessions.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { at } from '../support.ts';
import { weekdays } from './series-support.ts';

const january = weekdays('2025-01-01', 22);
const without = (days: number[], ...gone: string[]) => days.filter((day) => !gone.map(at).includes(day));

describe('sessionsOf', () => {
  test('returns the days on which the instruments trade, without holidays', () => {
    const days = without(january, '2025-01-01', '2025-01-09', '2025-01-20');
    const sessions = sessionsOf([[days, days, days]]);
    expect(sessions.between(at('2025-01-08'), at('2025-01-10'))).toBe(0);
    expect(sessions.between(at('2025-01-17'), at('2025-01-21'))).toBe(0);
    expect(sessions.between(at('2025-01-13'), at('2025-01-17'))).toBe(3);
    expect(sessions.newest).toBe(january.at(-1));
  });

  test('requires half of the instruments, and at least two', () => {
    const one = without(january, '2025-01-08', '2025-01-09');
    const two = without(january, '2025-01-09');
    const sessions = sessionsOf([[one, one, two, january]]);
    expect(sessions.between(at('2025-01-07'), at('2025-01-10'))).toBe(1);
    expect(sessionsOf([[one, january]]).between(at('2025-01-07'), at('2025-01-10'))).toBe(0);
  });

  test('ignores instruments that are not listed yet or no longer listed', () => {
    const long = weekdays('2024-11-01', 66);
    const late = long.slice(40);
    const early = long.slice(0, 20);
    const sessions = sessionsOf([[long, without(long, '2024-12-03'), late, late, late, early, early]]);
    expect(sessions.between(at('2024-12-02'), at('2024-12-04'))).toBe(0);
    expect(sessions.between(at('2024-12-03'), at('2024-12-05'))).toBe(1);
    expect(sessions.between(defined(long[0], 'day 0'), defined(long[9], 'day 9'))).toBe(8);
  });

  test('includes lagging instruments on the newest days', () => {
    const lagging = january.slice(0, -1);
    expect(sessionsOf([[january, lagging, lagging, lagging, lagging]]).newest).toBe(january.at(-2));
    expect(sessionsOf([[january, january, lagging, lagging]]).newest).toBe(january.at(-1));
  });

  test('merges the sessions of several samples', () => {
    const lagging = january.slice(0, -2);
    expect(
      sessionsOf([
        [lagging, lagging],
        [january.slice(-5), january.slice(-5)],
      ]).newest,
    ).toBe(january.at(-1));
    expect(sessionsOf([[lagging, lagging], [january]]).newest).toBe(lagging.at(-1));
  });
});

describe('with fewer than two instruments', () => {
  test.each<{ groups: number[][][] }>([
    { groups: [] },
    { groups: [[], []] },
    { groups: [[january]] },
    { groups: [[january], [january]] },
  ])('counts weekdays less the longest closure', ({ groups }) => {
    const sessions = sessionsOf(groups);
    expect(sessions.newest).toBeUndefined();
    expect(sessions.between(at('2025-01-03'), at('2025-01-06'))).toBe(0);
    expect(sessions.between(at('2025-01-03'), at('2025-01-13'))).toBe(0);
    expect(sessions.between(at('2025-01-03'), at('2025-01-14'))).toBe(1);
    expect(sessions.between(at('2025-01-03'), at('2025-02-03'))).toBe(15);
  });
});

test('derives sessions of 500 instruments quickly', () => {
  const group = Array.from({ length: 500 }, () => january.slice(-7));
  const began = performance.now();
  for (let i = 0; i < 10; i++) sessionsOf([group.slice(i * 50, i * 50 + 50), group.slice(0, 40)]);
  expect(performance.now() - began).toBeLessThan(50);
});
