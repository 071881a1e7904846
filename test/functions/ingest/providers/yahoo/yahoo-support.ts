import { afterEach, beforeEach, vi } from 'vitest';
import type { BarRequest } from '../../../../../functions/ingest/providers/provider.ts';
import { openYahooProvider } from '../../../../../functions/ingest/providers/yahoo/yahoo-provider.ts';
import { useLoopbackServer } from '../../../../support/loopback-server.ts';
import { type ChartEvents, type ChartRow, chart } from './charts.ts';

/** A server in place of Yahoo, on the day after three sessions. */
export const yahoo = useLoopbackServer();
beforeEach(() => {
  vi.stubEnv('CLOCK', '2024-03-06T12:00:00Z');
});
afterEach(() => vi.unstubAllEnvs());

/** An instant as Yahoo writes it. */
export const seconds = (instant: string) => Date.parse(instant) / 1000;

export const FRIDAY: ChartRow = [seconds('2024-03-01T14:30Z'), 179.5, 180.5, 177.4, 179.7, 73_488_000, 179.7];
export const MONDAY: ChartRow = [seconds('2024-03-04T14:30Z'), 176.2, 176.9, 173.8, 175.1, 81_510_100, 175.1];
export const TUESDAY: ChartRow = [seconds('2024-03-05T14:30Z'), 170.8, 172, 169.6, 170.1, 95_132_400, 170.1];

/** Makes Yahoo answer every request with a chart. */
export function answer(
  rows: readonly ChartRow[],
  meta?: Record<string, unknown>,
  { events, date }: { events?: ChartEvents | undefined; date?: string } = {},
) {
  yahoo.answer = (_request, response) => {
    if (date) response.setHeader('date', new Date(date).toUTCString());
    response
      .setHeader('content-type', 'application/json;charset=utf-8')
      .end(JSON.stringify(chart(rows, meta, events)));
  };
}

/** Fetches the daily bars and actions of three sessions, or another request. */
export const fetchAll = (request: Partial<BarRequest> = {}) =>
  openYahooProvider({ origin: yahoo.origin, timeoutMs: 5000 }).fetchBars({
    symbol: 'TEST',
    interval: 'daily',
    from: '2024-03-01',
    to: '2024-03-05',
    ...request,
  });
export const fetchBars = async (request?: Partial<BarRequest>) => (await fetchAll(request)).bars;
export const days = async (request?: Partial<BarRequest>) =>
  (await fetchBars(request)).map(({ ts }) => new Date(ts).toISOString());
