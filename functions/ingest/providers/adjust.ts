import type { Bar } from './provider.ts';

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
