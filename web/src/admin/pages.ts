import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import type { Query } from '../api/request.ts';

/** While a run is going, it is looked at this often. */
export const LIVE_MS = 1_000;

const firstPage = { initialPageParam: null as string | null };
const next = (page: { nextCursor: string | null }) => page.nextCursor;
const from = (cursor: string | null) => cursor !== null && { cursor };

/** What administrators ask for, page by page. */
export const adminQueries = {
  runs: () =>
    infiniteQueryOptions({
      queryKey: ['admin', 'runs'],
      queryFn: ({ pageParam, signal }) =>
        api('GET /v1/admin/runs', { query: { limit: 20, ...from(pageParam) }, signal }),
      ...firstPage,
      getNextPageParam: next,
    }),
  run: (id: string) =>
    queryOptions({
      queryKey: ['admin', 'run', id],
      queryFn: ({ signal }) => api('GET /v1/admin/runs/{id}', { path: { id }, signal }),
    }),
  failures: (id: string, reason: string | undefined) =>
    infiniteQueryOptions({
      queryKey: ['admin', 'failures', id, reason],
      queryFn: ({ pageParam, signal }) =>
        api('GET /v1/admin/runs/{id}/failures', {
          path: { id },
          query: { ...(reason && { reason }), ...from(pageParam) },
          signal,
        }),
      ...firstPage,
      getNextPageParam: next,
    }),
  users: (query: Query<'GET /v1/admin/users'>) =>
    infiniteQueryOptions({
      queryKey: ['admin', 'users', query],
      queryFn: ({ pageParam, signal }) =>
        api('GET /v1/admin/users', { query: { ...query, ...from(pageParam) }, signal }),
      ...firstPage,
      getNextPageParam: next,
      placeholderData: keepPreviousData,
    }),
  instruments: (query: Query<'GET /v1/admin/instruments'>) =>
    infiniteQueryOptions({
      queryKey: ['instruments', 'pages', query],
      queryFn: ({ pageParam, signal }) =>
        api('GET /v1/admin/instruments', { query: { ...query, ...from(pageParam) }, signal }),
      ...firstPage,
      getNextPageParam: next,
      placeholderData: keepPreviousData,
    }),
  quarantined: () =>
    infiniteQueryOptions({
      queryKey: ['admin', 'quarantined'],
      queryFn: ({ pageParam, signal }) =>
        api('GET /v1/admin/quarantined-bars', { query: { limit: 20, ...from(pageParam) }, signal }),
      ...firstPage,
      getNextPageParam: next,
    }),
};
