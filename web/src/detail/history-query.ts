import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import type { Profile } from '../api/profiles.ts';

/** About a year of calls, which the chart marks. */
const PAGE_SIZE = 250;

/** An instrument's calls for a profile, page by page, newest first. */
export function historyQuery(symbol: string, profile: Profile) {
  return infiniteQueryOptions({
    queryKey: ['recommendations', 'history', symbol, profile],
    queryFn: ({ pageParam, signal }) =>
      api('GET /v1/instruments/{symbol}/recommendations', {
        path: { symbol },
        query: { profile, limit: PAGE_SIZE, ...(pageParam !== null && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}
