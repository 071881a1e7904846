import { expect } from 'vitest';
import type { Fault } from './faults.ts';
import type { MarketServer } from './server.ts';
import { type Chart, fetchChart, startSynthetic } from './support.ts';

/** A day in the middle of the rows that tests check. */
export const DAY = '2026-03-10';
const STOOQ = '/q/d/l/?s=us001.us&i=d&apikey=KEY';

/** Starts a market, and fetches a chart without and one with a fault. */
export async function charts(fault: Fault, interval: '1d' | '15m' = '1d') {
  const server = await startSynthetic({ actions: false });
  const query = { symbol: 'US001', interval, from: '2026-02-02' } as const;
  const good = await fetchChart(server, query);
  server.faults.add({ fault });
  const bad = await fetchChart(server, query);
  expect(server.requests.at(-1)?.fault).toMatchObject({ category: 'data', source: 'planned', changed: true });
  return { server, good, bad, at: indexOf(good, DAY) };
}

/** Fetches a CSV without and with a fault, as lines. */
export async function lines(server: MarketServer, fault: Fault): Promise<{ good: string[]; bad: string[] }> {
  const fetchLines = async () => (await (await fetch(server.origin + STOOQ)).text()).split('\r\n');
  const good = await fetchLines();
  server.faults.add({ fault, endpoint: 'stooq' });
  return { good, bad: await fetchLines() };
}

const indexOf = ({ timestamp }: Chart, day: string) =>
  timestamp.indexOf(Date.parse(`${day}T13:30:00Z`) / 1000);
export const quote = ({ indicators }: Chart) => indicators.quote[0];
/** The indexes at which two lists differ. */
export const different = (a: readonly unknown[], b: readonly unknown[]) =>
  a.flatMap((value, i) => (Object.is(value, b[i]) ? [] : [i]));

/** The indexes of rows that differ between two charts. */
export function changed(good: Chart, bad: Chart): number[] {
  const columns = ['open', 'high', 'low', 'close', 'volume'] as const;
  return [...new Set(columns.flatMap((column) => different(quote(good)[column], quote(bad)[column])))].sort(
    (a, b) => a - b,
  );
}
