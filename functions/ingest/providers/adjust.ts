import { log } from '../../shared/telemetry.ts';
import { SchemaDriftError } from './errors.ts';
import type { Bar, CorporateAction } from './provider.ts';

/**
 * Splits as large as this, either way, cannot be taken for a day's move; a stock dividend of a few percent
 * can, and is left to the source.
 */
const UNMISTAKABLE_SPLIT = 1.5;

/**
 * Adjusts a bar for the splits and dividends that came after it.
 *
 *     factor = adjClose / close
 *     o, h, l, c = as traded × factor
 *     v = as traded / factor
 *
 * Every price is multiplied by the same factor, the close too, so that rounding cannot put it outside the
 * bar's low and high. Dividing the volume keeps the dollar volume (c × v) as it was traded.
 *
 * @example
 * adjust({ ts: 0, o: 88, h: 90, l: 86, c: 89, v: 10 }, 44.5); // { ts: 0, o: 44, h: 45, l: 43, c: 44.5, v: 20 }
 *
 * @param asTraded - the bar with the prices and the volume of its day
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
 * Adjusts bars for the dividends among them, as sources adjust their daily closes: before an ex day, by
 *
 *     factor = 1 − dividend / close of the last bar before the ex day
 *
 * with that close as it was before this adjustment. Bars before several ex days take each factor.
 *
 * @example
 * // 100 before a dividend of 1 becomes 99.
 * adjustForDividends('KO', bars, [{ exDay: '2024-03-05', kind: 'dividend', value: 1 }], dayOf);
 *
 * @param bars - ascending by ts and adjusted for splits, as the dividends are
 * @param actions - of which splits are ignored
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
  const factors = bars.map(() => 1);
  for (const { kind, exDay, value } of actions) {
    const last = days.findLastIndex((day) => day < exDay);
    const close = bars[last]?.c;
    if (kind !== 'dividend' || close === undefined) continue;
    if (value >= close) {
      throw new SchemaDriftError(
        `${symbol}: unexpected answer: a dividend of ${value} on a price of ${close}`,
      );
    }
    for (let i = 0; i <= last; i++) factors[i] = (factors[i] ?? 1) * (1 - value / close);
  }
  return bars.map((bar, i) => (factors[i] === 1 ? bar : adjust(bar, bar.c * (factors[i] ?? 1))));
}

/**
 * Adjusts bars for those splits among them that their source told of and has not applied, as happens on the
 * day of a split: from the last bar before it to the first one after it, prices then step by its ratio. Where
 * they do not, it has been applied.
 *
 * @param bars - ascending by ts
 * @param actions - of which dividends are ignored
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
    log('warn', 'split applied that the provider has not', { symbol, exDay, ratio: value });
    adjusted = adjusted.map((bar, i) => (i < first ? adjust(bar, bar.c / value) : bar));
  }
  return adjusted;
}
