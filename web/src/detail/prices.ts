import { queryOptions } from '@tanstack/react-query';
import type { Bar } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { daysBefore } from './series.ts';

/** Bars that the longest average needs before the first day that is shown, in calendar days. */
const LEAD_DAYS = 300;

/** Years of bars that are there to be looked at. */
const YEARS = 2;

/** Pages of a thousand bars; more than this is a mistake. */
const MOST_PAGES = 5;

/** Daily bars around a call: two years before it, what the averages need, and all that came after. */
export function barsOf(symbol: string, asOf: string) {
  const from = daysBefore(asOf, YEARS * 366 + LEAD_DAYS);
  return queryOptions({
    queryKey: ['bars', symbol, from],
    queryFn: async ({ signal }) => {
      const bars: Bar[] = [];
      let cursor: string | null | undefined;
      for (let page = 0; page < MOST_PAGES && cursor !== null; page++) {
        const query = { from, limit: 1000, ...(cursor && { cursor }) };
        const answer = await api('GET /v1/instruments/{symbol}/bars', { path: { symbol }, query, signal });
        bars.push(...answer.items);
        cursor = answer.nextCursor;
      }
      return bars;
    },
  });
}
