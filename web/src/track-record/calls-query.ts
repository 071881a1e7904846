import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import type { Profile } from '../api/profiles.ts';
import { toQuery } from '../ui/link-filters.ts';
import type { Kind, RecordFilters } from './filters.ts';

const KEY = ['recommendations', 'record-calls'];

/** The calls that match some filters, page by page, newest day first. */
export function callsQuery(filters: RecordFilters) {
  return infiniteQueryOptions({
    queryKey: [...KEY, filters],
    queryFn: ({ pageParam, signal }) =>
      api('GET /v1/track-record/calls', {
        query: { ...Object.fromEntries(toQuery(filters)), ...(pageParam !== null && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** Whether there is any call of a kind for a profile. */
export function hasCallsQuery(profile: Profile, kind: Kind) {
  return queryOptions({
    queryKey: [...KEY, 'any', profile, kind],
    queryFn: async ({ signal }) => {
      const { items } = await api('GET /v1/track-record/calls', {
        query: { profile, kind, limit: 1 },
        signal,
      });
      return items.length > 0;
    },
  });
}
