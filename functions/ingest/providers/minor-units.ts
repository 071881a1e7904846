import type { FetchedBars } from './provider.ts';

/** Codes of minor units in which exchanges quote prices, with their currency. A unit is a hundredth of it. */
const MINOR_UNITS: ReadonlyMap<string, string> = new Map([
  ['GBp', 'GBP'],
  ['GBX', 'GBP'],
  ['ZAc', 'ZAR'],
  ['ZAC', 'ZAR'],
  ['ILA', 'ILS'],
]);

/**
 * Converts an answer from a minor unit, such as pence, to the currency itself: prices and dividends. An answer in
 * another currency, or without one, stays unchanged.
 *
 * @example
 * inMajorUnit({ currency: 'GBp', bars: [{ ts: 0, o: 150, h: 150, l: 150, c: 150, v: 9 }], actions: [] });
 * // { currency: 'GBP', bars: [{ ts: 0, o: 1.5, h: 1.5, l: 1.5, c: 1.5, v: 9 }], actions: [] }
 */
export function inMajorUnit<A extends FetchedBars>(answer: A): A {
  const major = answer.currency === undefined ? undefined : MINOR_UNITS.get(answer.currency);
  if (major === undefined) return answer;
  return {
    ...answer,
    currency: major,
    bars: answer.bars.map(({ ts, o, h, l, c, v }) => ({
      ts,
      o: o / 100,
      h: h / 100,
      l: l / 100,
      c: c / 100,
      v,
    })),
    actions: answer.actions.map((action) =>
      action.kind === 'dividend' ? { ...action, value: action.value / 100 } : action,
    ),
  };
}
