import { defined } from '../../shared/invariant.ts';
import { log } from '../../shared/telemetry.ts';
import { SchemaDriftError } from './errors.ts';
import type { Bar, CorporateAction } from './provider.ts';

/**
 * A split of at least this ratio, either way, cannot be mistaken for a day's move. A stock dividend of a few percent
 * can, so its adjustment is left to the source.
 */
const UNMISTAKABLE_SPLIT = 1.5;

/**
 * Adjusts a bar for the splits and dividends after it.
 *
 *     factor = adjClose / close
 *     o, h, l, c = as traded × factor
 *     v = as traded / factor
 *
 * The factor multiplies every price, including the close, so that rounding cannot put the close outside the low and
 * the high. Dividing the volume preserves the dollar volume (c × v).
 *
 * @example
 * adjust({ ts: 0, o: 88, h: 90, l: 86, c: 89, v: 10 }, 44.5); // { ts: 0, o: 44, h: 45, l: 43, c: 44.5, v: 20 }
 *
 * @param asTraded - the bar with its unadjusted prices and volume
 * @param adjClose - its close, adjusted by the source
 */
export function adjust(asTraded: Bar, adjClose: number): Bar {
  const factor = adjClose / asTraded.c;
  return {
    ts: asTraded.ts,
    o: asTraded.o * factor,
    h: asTraded.h * factor,
    l: asTraded.l * factor,
    c: asTraded.c * factor,
    v: asTraded.v / factor,
  };
}

/**
 * Adjusts bars for dividends, as sources adjust their daily closes: before an ex day, by
 *
 *     factor = 1 − dividend / close of the last bar before the ex day
 *
 * with the close before this adjustment. Bars before several ex days take the product of the factors.
 *
 * @example
 * // 100 before a dividend of 1 becomes 99.
 * adjustForDividends('KO', bars, [{ exDay: '2024-03-05', kind: 'dividend', value: 1 }], dayOf);
 *
 * @param bars - ascending by ts; adjusted for splits, like the dividends
 * @param actions - splits are ignored
 * @param dayOf - the trading day of a bar's ts
 * @throws SchemaDriftError if a dividend is as large as the price
 */
export function adjustForDividends(
  symbol: string,
  bars: readonly Bar[],
  actions: readonly CorporateAction[],
  dayOf: (ts: number) => string,
): Bar[] {
  const days = bars.map(({ ts }) => dayOf(ts));
  const factors = new Float64Array(bars.length).fill(1);
  for (const { kind, exDay, value } of actions) {
    const last = days.findLastIndex((day) => day < exDay);
    const close = bars[last]?.c;
    if (kind !== 'dividend' || close === undefined) continue;
    if (value >= close) {
      throw new SchemaDriftError(
        `${symbol}: unexpected answer: a dividend of ${value} on a price of ${close}`,
      );
    }
    const factor = 1 - value / close;
    factors.subarray(0, last + 1).forEach((product, i) => {
      factors[i] = product * factor;
    });
  }
  return bars.map((bar, i) => {
    const factor = defined(factors[i], `factor of bar ${i}`);
    return factor === 1 ? bar : adjust(bar, bar.c * factor);
  });
}

/**
 * Adjusts bars for splits that their source has announced but not applied, as happens on the day of a split. Prices
 * then step by the ratio from the last bar before the split to the first one after it. Where they do not step, the
 * source has applied the split.
 *
 * @param bars - ascending by ts
 * @param actions - dividends are ignored
 * @param dayOf - the trading day of a bar's ts
 */
export function applySplits(
  symbol: string,
  bars: readonly Bar[],
  actions: readonly CorporateAction[],
  dayOf: (ts: number) => string,
): Bar[] {
  let adjusted = [...bars];
  for (const { kind, exDay, value } of actions) {
    const ratio = Math.log(value);
    if (kind !== 'split' || Math.abs(ratio) < Math.log(UNMISTAKABLE_SPLIT)) continue;
    const first = adjusted.findIndex(({ ts }) => dayOf(ts) >= exDay);
    const [before, after] = [adjusted[first - 1], adjusted[first]];
    if (!before || !after) continue;
    const step = Math.log(before.c / after.o);
    if (!(Math.abs(step - ratio) < Math.abs(step))) continue;
    log('warn', 'applied a split that the provider had not', { symbol, exDay, ratio: value });
    adjusted = adjusted.map((bar, i) => (i < first ? adjust(bar, bar.c / value) : bar));
  }
  return adjusted;
}
