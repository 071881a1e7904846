import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../functions/shared/days.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { dueAfterCloses } from '../../../local/schedule/daily.ts';
import { EVERY_DAY, marketOf, NEW_YORK } from '../../../local/schedule/exchanges.ts';
import type { Market } from '../../../local/schedule/market.ts';

const market = (symbol: string): Market => defined(marketOf(symbol), symbol);
const PARIS = market('MC.PA');
const TOKYO = market('7203.T');
const SYDNEY = market('BHP.AX');
const RIYADH = market('2222.SR');

/** The last due instant and the next one around an instant, as ISO 8601 to the minute. */
function dueAround(markets: Market[], now: string): [last: string, next: string] {
  const { last, next } = defined(dueAfterCloses(markets, new Date(now)), 'due instants');
  return [last.at, next.at].map((at) => at.toISOString().slice(0, 16)) as [string, string];
}

describe('one market', () => {
  test.each([
    ['before the close', '2026-11-25T15:00Z', '2026-11-24T23:30', '2026-11-25T23:30'],
    ['between the close and the run', '2026-11-25T22:00Z', '2026-11-24T23:30', '2026-11-25T23:30'],
    ['at the instant itself', '2026-11-25T23:30Z', '2026-11-25T23:30', '2026-11-26T23:30'],
    ['a millisecond earlier', '2026-11-25T23:29:59.999Z', '2026-11-24T23:30', '2026-11-25T23:30'],
    ['on a weekend', '2026-11-28T12:00Z', '2026-11-27T23:30', '2026-11-30T23:30'],
    ['in the last hours of a year', '2026-12-31T23:45Z', '2026-12-31T23:30', '2027-01-01T23:30'],
    [
      'on the weekend before the clocks go forward',
      '2026-03-07T12:00Z',
      '2026-03-06T23:30',
      '2026-03-09T22:30',
    ],
    ['on the weekend before the clocks go back', '2026-10-31T12:00Z', '2026-10-30T22:30', '2026-11-02T23:30'],
  ])('is due at 18:30 in New York: %s', (_, now, last, next) => {
    expect(dueAround([NEW_YORK], now)).toEqual([last, next]);
  });

  test.each([
    ['in winter', '2026-01-14T12:00Z', '2026-01-13T19:00', '2026-01-14T19:00'],
    ['after the clocks went forward', '2026-03-30T12:00Z', '2026-03-27T19:00', '2026-03-30T18:00'],
    ['after the clocks went back', '2026-10-26T12:00Z', '2026-10-23T18:00', '2026-10-26T19:00'],
  ])('is due at 20:00 in Paris: %s', (_, now, last, next) => {
    expect(dueAround([PARIS], now)).toEqual([last, next]);
  });

  test('is due in the south when its clocks change against those of the north', () => {
    expect(dueAround([SYDNEY], '2026-04-05T00:00Z')).toEqual(['2026-04-03T07:30', '2026-04-06T08:30']);
    expect(dueAround([SYDNEY], '2026-10-04T12:00Z')).toEqual(['2026-10-02T08:30', '2026-10-05T07:30']);
  });

  test('is due on Sundays where Sunday is a trading day', () => {
    expect(dueAround([RIYADH], '2026-11-28T12:00Z')).toEqual(['2026-11-26T14:30', '2026-11-29T14:30']);
  });

  test('is due half an hour after each day in UTC where trading never pauses', () => {
    expect(dueAround([EVERY_DAY], '2026-11-29T00:10Z')).toEqual(['2026-11-28T00:29', '2026-11-29T00:29']);
  });
});

describe('several markets', () => {
  test('are due together, after the last close of the day', () => {
    expect(dueAround([PARIS, NEW_YORK], '2026-11-25T20:00Z')).toEqual([
      '2026-11-24T23:30',
      '2026-11-25T23:30',
    ]);
    expect(dueAround([TOKYO, NEW_YORK, PARIS], '2026-11-25T08:00Z')).toEqual([
      '2026-11-24T23:30',
      '2026-11-25T23:30',
    ]);
  });

  test('are due together in the weeks in which only the clocks of America have changed', () => {
    // Paris is five hours ahead of New York then, instead of six.
    expect(dueAround([PARIS, NEW_YORK], '2026-03-10T12:00Z')).toEqual([
      '2026-03-09T22:30',
      '2026-03-10T22:30',
    ]);
  });

  test('are due without those that are closed on the day', () => {
    expect(dueAround([RIYADH, NEW_YORK], '2026-11-28T12:00Z')).toEqual([
      '2026-11-27T23:30',
      '2026-11-29T14:30',
    ]);
    expect(dueAround([EVERY_DAY, NEW_YORK], '2026-11-28T12:00Z')).toEqual([
      '2026-11-28T00:29',
      '2026-11-29T00:29',
    ]);
  });

  test('says which market closed last', () => {
    const due = dueAfterCloses([PARIS, NEW_YORK], new Date('2026-11-25T20:00Z'));
    expect(due?.next.reason).toBe('New York closed on 2026-11-25');
  });
});

test('is never due without a market', () => {
  expect(dueAfterCloses([], new Date('2026-11-25T20:00Z'))).toBeUndefined();
});

describe('through two years', () => {
  const FIRST = Date.UTC(2026, 0, 1);
  const END = Date.UTC(2028, 0, 1);
  const SETS: [string, Market[]][] = [
    ['New York', [NEW_YORK]],
    ['Paris and New York', [PARIS, NEW_YORK]],
    ['Tokyo, Paris and New York', [TOKYO, PARIS, NEW_YORK]],
    ['Sydney and Riyadh', [SYDNEY, RIYADH]],
  ];

  test.each(SETS)('%s: comes once for each day with a session, after all closes', (_, markets) => {
    const found: number[] = [];
    for (let at = FIRST; at < END; ) {
      const next = defined(dueAfterCloses(markets, new Date(at)), 'due instants').next.at.getTime();
      // A question shortly before has the same answer, and a question at the instant knows that it has come.
      expect(dueAfterCloses(markets, new Date(next - 1))?.next.at.getTime()).toBe(next);
      expect(dueAfterCloses(markets, new Date(next))?.last.at.getTime()).toBe(next);
      found.push(next);
      at = next;
    }
    expect(found.slice(0, -1)).toEqual(expectedInstants(markets));
  });

  /** The same from wall clocks, half hour by half hour. */
  function expectedInstants(markets: Market[]): number[] {
    const last = new Map<string, number>();
    for (const { timeZone, close, days } of markets) {
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
      for (let at = FIRST - 2 * DAY_MS; at < END; at += HOUR_MS / 2) {
        const [day = '', time] = format.format(at).split(' ');
        if (time !== close || !days.includes(new Date(day).getUTCDay())) continue;
        last.set(day, Math.max(last.get(day) ?? 0, at + 2.5 * HOUR_MS));
      }
    }
    return [...last.values()].filter((at) => at > FIRST && at < END).sort((a, b) => a - b);
  }
});
