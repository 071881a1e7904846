import { readCurrency } from '../../shared/currencies.ts';
import type { FetchedBars } from './provider.ts';

/**
 * Converts an answer from a minor unit, such as pence, to the currency itself: prices and dividends. An answer without a
 * currency stays unchanged, and one with an unknown code loses it.
 *
 * @example
 * inMajorUnit({ currency: 'GBp', bars: [{ ts: 0, o: 150, h: 150, l: 150, c: 150, v: 9 }], actions: [] });
 * // { currency: 'GBP', bars: [{ ts: 0, o: 1.5, h: 1.5, l: 1.5, c: 1.5, v: 9 }], actions: [] }
 */
export function inMajorUnit<A extends FetchedBars>({
  currency: written,
  ...answer
}: A): Omit<A, 'currency'> & {
  currency?: string;
} {
  const read = written === undefined ? undefined : readCurrency(written);
  if (!read) return answer;
  const { currency, units } = read;
  if (units === 1) return { ...answer, currency };
  return {
    ...answer,
    currency,
    bars: answer.bars.map(({ ts, o, h, l, c, v }) => ({
      ts,
      o: o / units,
      h: h / units,
      l: l / units,
      c: c / units,
      v,
    })),
    actions: answer.actions.map((action) =>
      action.kind === 'dividend' ? { ...action, value: action.value / units } : action,
    ),
  };
}
