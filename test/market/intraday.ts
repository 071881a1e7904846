import { defined } from '../../functions/shared/invariant.ts';
import type { TradedBar } from './instrument.ts';
import { hash, type Random, random } from './random.ts';
import type { Session } from './trading-hours.ts';

/** The length of an intraday bar, in milliseconds. */
export const QUARTER_MS = 15 * 60_000;

/** An unadjusted part of a day's trading. */
export interface IntradayBar {
  /** Its start in milliseconds since the epoch. */
  readonly ts: number;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
}

/**
 * Splits a day's bar into 15-minute bars that agree with it in open, high, low, close and total volume. The path is
 * drawn relative to the day's range, so a day that is restated by a factor keeps its path, times that factor.
 *
 * @example
 * quarters(bar, sessionOf(NYSE, bar.day), hash(seed, 'AAPL')); // 26 bars, the same every time
 */
export function quarters(bar: TradedBar, session: Session, seed: number): IntradayBar[] {
  const starts = quarterStarts(session);
  const source = random(hash(seed, bar.day));
  const path = pricePath(bar, starts.length, source);
  const volumes = shareOut(bar.v, starts.length, source);
  const wick = () => source.next() ** 3;
  const within = (price: number) => Math.min(bar.h, Math.max(bar.l, price));
  const bars = starts.map((ts, i) => {
    const [o, c] = [defined(path[i], `price ${i}`), defined(path[i + 1], `price ${i + 1}`)];
    const [top, bottom] = [Math.max(o, c), Math.min(o, c)];
    const h = within(top + (bar.h - top) * wick());
    const l = within(bottom - (bottom - bar.l) * wick());
    return { ts, o, h, l, c, v: defined(volumes[i], `volume ${i}`) };
  });
  const touch = (side: 'h' | 'l') => {
    const i = source.int(bars.length);
    const chosen = bars[i];
    if (chosen) bars[i] = { ...chosen, [side]: bar[side] };
  };
  touch('h');
  touch('l');
  return bars;
}

/**
 * A day's bars at an instant: those that have ended, and the current one with its trades so far.
 */
export function upTo(bars: readonly IntradayBar[], instant: number): IntradayBar[] {
  const begun = bars.filter(({ ts }) => ts < instant);
  const current = begun.at(-1);
  if (!current || current.ts + QUARTER_MS <= instant) return begun;
  const share = (instant - current.ts) / QUARTER_MS;
  const c = current.o + (current.c - current.o) * share;
  const partial = { ...current, c, h: Math.max(current.o, c), l: Math.min(current.o, c) };
  return [...begun.slice(0, -1), { ...partial, v: Math.floor(current.v * share) }];
}

/** Merges consecutive bars into one. */
export function merge(day: string, bars: readonly IntradayBar[]): TradedBar | undefined {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return undefined;
  return {
    day,
    o: first.o,
    h: Math.max(...bars.map(({ h }) => h)),
    l: Math.min(...bars.map(({ l }) => l)),
    c: last.c,
    v: bars.reduce((sum, { v }) => sum + v, 0),
  };
}

/** The starts of a session's 15-minute bars; none start during a lunch break. */
function quarterStarts({ start, end, lunch }: Session): number[] {
  const starts: number[] = [];
  for (let ts = start; ts < end; ts += QUARTER_MS) {
    if (!lunch || ts < lunch.start || ts >= lunch.end) starts.push(ts);
  }
  return starts;
}

/** Prices between the bars: a noisy bridge from open to close, within the day's range. */
function pricePath({ o, h, l, c }: TradedBar, count: number, source: Random): number[] {
  const range = h - l;
  let noise = 0;
  const steps = Array.from({ length: count + 1 }, () => {
    noise += source.normal() * 0.15 * range;
    return noise;
  });
  const [first = 0, last = 0] = [steps[0], steps.at(-1)];
  return steps.map((step, i) => {
    if (i === 0) return o;
    if (i === count) return c;
    const share = i / count;
    const bridge = o + (c - o) * share + step - first - (last - first) * share;
    return Math.min(h, Math.max(l, bridge));
  });
}

/** Distributes a volume in whole shares, most of it near the open and the close. */
function shareOut(volume: number, count: number, source: Random): number[] {
  const weights = Array.from({ length: count }, (_, i) => {
    const fromMiddle = Math.abs((2 * i + 1) / count - 1);
    return (0.5 + fromMiddle ** 2) * source.between(0.7, 1.3);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let [left, weightLeft] = [volume, total];
  return weights.map((weight, i) => {
    const part = i === count - 1 ? left : Math.floor((left * weight) / weightLeft);
    left -= part;
    weightLeft -= weight;
    return part;
  });
}
