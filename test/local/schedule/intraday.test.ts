import { expect, test } from 'vitest';
import { MINUTE_MS } from '../../../functions/shared/days.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { EVERY_DAY, marketOf, NEW_YORK } from '../../../local/schedule/exchanges.ts';
import { intradayAround } from '../../../local/schedule/intraday.ts';
import type { Market } from '../../../local/schedule/market.ts';

const PARIS = defined(marketOf('MC.PA'), 'Paris');

/** All instants of a day in UTC, to the minute, from a question at every minute. */
function instantsOf(day: string, markets: Market[]): string[] {
  const found = new Set<string>();
  for (let minute = 0; minute < 24 * 60; minute++) {
    const { last } = intradayAround(markets, new Date(Date.parse(day) + minute * MINUTE_MS));
    if (last) found.add(last.at.toISOString().slice(11, 16));
  }
  return [...found];
}

test.each([
  ['in winter', '2026-11-25', '15:02', '21:47'],
  ['in summer', '2026-07-01', '14:02', '20:47'],
])('comes every quarter of an hour from 10:02 to 16:47 in New York, as on AWS: %s', (_, day, first, last) => {
  const instants = instantsOf(day, [NEW_YORK]);
  expect([instants[0], instants.at(-1)]).toEqual([first, last]);
  expect(instants).toHaveLength(28);
});

test('does not come on a weekend, and next comes on Monday', () => {
  expect(instantsOf('2026-11-28', [NEW_YORK])).toEqual([]);
  const { last, next } = intradayAround([NEW_YORK], new Date('2026-11-28T12:00Z'));
  expect(last).toBeUndefined();
  expect(next?.at.toISOString()).toBe('2026-11-30T15:02:00.000Z');
});

test('comes while any of several markets trades', () => {
  const instants = instantsOf('2026-11-25', [NEW_YORK, PARIS]);
  // Paris opens at 08:00 UTC in winter.
  expect([instants[0], instants.at(-1)]).toEqual(['08:32', '21:47']);
});

test('comes all day and night where trading never pauses', () => {
  expect(instantsOf('2026-11-29', [EVERY_DAY])).toHaveLength(96);
});

test('never comes without a market', () => {
  expect(intradayAround([], new Date('2026-11-25T16:00Z'))).toEqual({ last: undefined, next: undefined });
});
