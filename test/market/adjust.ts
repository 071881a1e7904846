import type { CorporateAction } from '../../functions/ingest/providers/provider.ts';
import type { TradedBar } from './instrument.ts';

/** The factors that adjust a day's traded prices. */
export interface Factors {
  /** For later splits: 1/4 before a 4:1 split. Yahoo's quotes have only this adjustment. */
  readonly split: number;
  /** For later dividends. Yahoo's adjusted close has both adjustments. */
  readonly dividend: number;
}

/**
 * The factors of each bar for actions up to the last bar:
 *
 *     split    = product of 1 / ratio over the splits after the bar
 *     dividend = product of 1 - D / C over the dividends after the bar
 *
 * where C is the close before the ex day, in shares of the ex day. An action between two bars takes effect with the
 * later one. An action after the last bar has no effect yet.
 *
 * @param bars - ascending by day
 * @throws RangeError if a dividend is as large as the price
 */
export function factorsOf(bars: readonly TradedBar[], actions: readonly CorporateAction[]): Factors[] {
  const newestFirst = [...actions].sort((a, b) => b.exDay.localeCompare(a.exDay));
  const last = bars.at(-1)?.day;
  let due = newestFirst.findIndex(({ exDay }) => last !== undefined && exDay <= last);
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

/** A price before some splits, in shares of a dividend's ex day. */
function sharesBefore(actions: readonly CorporateAction[], dividend: CorporateAction): number {
  return actions
    .filter(({ kind, exDay }) => kind === 'split' && exDay <= dividend.exDay)
    .reduce((price, { value }) => price / value, 1);
}

/**
 * Today's shares for one share of a day. Yahoo divides dividends by this number.
 *
 * @param lastDay - splits up to this day have taken effect
 */
export function sharesSince(actions: readonly CorporateAction[], day: string, lastDay: string): number {
  return actions
    .filter(({ kind, exDay }) => kind === 'split' && exDay > day && exDay <= lastDay)
    .reduce((shares, { value }) => shares * value, 1);
}

/**
 * A split's ratio in whole numbers, as announced.
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
