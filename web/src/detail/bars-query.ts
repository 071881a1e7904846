import { queryOptions } from '@tanstack/react-query';
import type { Bar } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { daysBefore } from './series.ts';

/** Calendar days before the first shown day that the longest moving average needs. */
const LEAD_DAYS = 300;

/** Years before the call that the chart can show. */
const YEARS = 2;

/** Stops an endless loop, should the API return cursors for ever. */
const MAX_PAGES = 5;

/** Daily bars from two years before a call until now, with the lead that the moving averages need. */
export function barsQuery(symbol: string, asOf: string) {
  const from = daysBefore(asOf, YEARS * 366 + LEAD_DAYS);
  return queryOptions({
    queryKey: ['bars', symbol, from],
    queryFn: async ({ signal }) => {
      const bars: Bar[] = [];
      let cursor: string | null | undefined;
      for (let page = 0; page < MAX_PAGES && cursor !== null; page++) {
        const query = { from, limit: 1000, ...(cursor && { cursor }) };
        const answer = await api('GET /v1/instruments/{symbol}/bars', { path: { symbol }, query, signal });
        bars.push(...answer.items);
        cursor = answer.nextCursor;
      }
      return bars;
    },
  });
}
