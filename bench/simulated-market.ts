import type { Bar, Listing, Provider } from '../functions/ingest/providers/provider.ts';
import { DAY_MS } from '../functions/shared/days.ts';
import { hash } from '../test/market/random.ts';

/** Invented instruments of one exchange. */
export function simulatedListings(instruments: number): Listing[] {
  return Array.from({ length: instruments }, (_, i) => ({
    symbol: `S${String(i).padStart(5, '0')}`,
    exchange: 'NYSE',
  }));
}

/**
 * A provider of invented daily bars that answers at once. Symbol and day decide a bar, so that any requested days agree
 * with those of other requests, and memory holds only the bars of running requests.
 */
export const SIMULATED: Provider = {
  name: 'sample',
  concurrency: 4,
  fetchBars: async ({ symbol, from, to }) => ({ bars: barsOf(symbol, from, to), actions: [] }),
};

function barsOf(symbol: string, from: string, to: string): Bar[] {
  const seed = hash(symbol);
  const bars: Bar[] = [];
  for (let ts = Date.parse(from); ts <= Date.parse(to); ts += DAY_MS) {
    if (!isWeekday(ts)) continue;
    const o = closeOf(seed, isWeekday(ts - DAY_MS) ? ts - DAY_MS : ts - 3 * DAY_MS);
    const c = closeOf(seed, ts);
    const v = Math.round(1_000_000 * (1.5 + noise(seed + 1, ts)));
    bars.push({ ts, o, h: Math.max(o, c) * 1.002, l: Math.min(o, c) * 0.998, c, v });
  }
  return bars;
}

/** Two waves of years and months with some noise a day. */
function closeOf(seed: number, ts: number): number {
  const day = ts / DAY_MS;
  const phase = seed % 1000;
  return (
    50 *
    Math.exp(0.3 * Math.sin(day / 300 + phase) + 0.08 * Math.sin(day / 23 + phase) + 0.01 * noise(seed, ts))
  );
}

/** A number from -1 to 1 that a seed and a day decide. */
function noise(seed: number, ts: number): number {
  let mixed = Math.imul(seed ^ (ts / DAY_MS), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) / 2 ** 31;
}

function isWeekday(ts: number): boolean {
  const day = new Date(ts).getUTCDay();
  return day !== 0 && day !== 6;
}
