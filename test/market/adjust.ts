import type { CorporateAction } from '../../functions/ingest/providers/provider.ts';
import type { TradedBar } from './instrument.ts';

/** What the prices of a day as traded are multiplied by. */
export interface Factors {
  /** For the splits after it: 1/4 before a 4:1 split. Yahoo's quotes are adjusted by this one alone. */
  readonly split: number;
  /** For the dividends after it. Yahoo's adjusted close is adjusted by both. */
  readonly dividend: number;
}

/**
 * The factors of each bar, given what happened up to the last of them:
 *
 *     split    = product of 1 / ratio over the splits after the bar
 *     dividend = product of 1 - D / C over the dividends after the bar
 *
 * where C is the close before the ex day, in shares of the ex day. An action between two bars takes effect
 * with the later one; one after the last bar is still to come and has none.
 *
 * @param bars - ascending by day
 * @throws RangeError if a dividend is as large as the price
 */
export function factorsOf(bars: readonly TradedBar[], actions: readonly CorporateAction[]): Factors[] {
  const newestFirst = [...actions].sort((a, b) => b.exDay.localeCompare(a.exDay));
  const last = bars.at(-1)?.day ?? '';
  let due = newestFirst.findIndex(({ exDay }) => exDay <= last);
  let split = 1;
  let dividend = 1;
  const factors = new Array<Factors>(bars.length);
  for (let i = bars.length - 1; i >= 0; i--) {
    factors[i] = { split, dividend };
    const before = bars[i - 1];
    if (!before || due < 0) continue;
    const here: CorporateAction[] = [];
    for (; due < newestFirst.length; due++) {
      const action = newestFirst[due];
      if (!action || action.exDay <= before.day) break;
      here.push(action);
    }
    for (const action of here) {
      if (action.kind === 'split') split /= action.value;
      else dividend *= 1 - shareOf(action.value, before.c * sharesBefore(here, action));
    }
  }
  return factors;
}

function shareOf(dividend: number, price: number): number {
  if (dividend >= price) throw new RangeError(`a dividend of ${dividend} on a price of ${price}`);
  return dividend / price;
}

/** What one price before some splits is worth in shares of a dividend's ex day. */
function sharesBefore(actions: readonly CorporateAction[], dividend: CorporateAction): number {
  return actions
    .filter(({ kind, exDay }) => kind === 'split' && exDay <= dividend.exDay)
    .reduce((price, { value }) => price / value, 1);
}

/**
 * The shares of today that one share of a day has become, which is what Yahoo divides its dividends by.
 *
 * @param lastDay - the day up to which splits have taken effect
 */
export function sharesSince(actions: readonly CorporateAction[], day: string, lastDay: string): number {
  return actions
    .filter(({ kind, exDay }) => kind === 'split' && exDay > day && exDay <= lastDay)
    .reduce((shares, { value }) => shares * value, 1);
}

/**
 * A split's ratio in whole numbers, as it is announced.
 *
 * @example
 * ratioOf(1.5); // [3, 2]
 * ratioOf(0.1); // [1, 10]
 */
export function ratioOf(value: number): [numerator: number, denominator: number] {
  for (let denominator = 1; denominator <= 1000; denominator++) {
    const numerator = Math.round(value * denominator);
    if (numerator > 0 && Math.abs(numerator / denominator - value) <= value * 1e-9) {
      return [numerator, denominator];
    }
  }
  return [value, 1];
}
