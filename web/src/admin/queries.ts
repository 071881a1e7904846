import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Run } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import type { Query } from '../api/request.ts';

/** Polling interval while a run is in progress. */
export const POLL_MS = 1_000;

const firstPage = { initialPageParam: null as string | null };
const nextCursor = (page: { nextCursor: string | null }) => page.nextCursor;
const startAt = (cursor: string | null) => cursor !== null && { cursor };

/** The queries of the admin views; lists are read page by page. */
export const adminQueries = {
  runs: (status?: Run['status']) =>
    infiniteQueryOptions({
      queryKey: ['admin', 'runs', status],
      queryFn: ({ pageParam, signal }) =>
        api('GET /v1/admin/runs', {
          query: { limit: 20, ...(status && { status }), ...startAt(pageParam) },
          signal,
        }),
      ...firstPage,
      getNextPageParam: nextCursor,
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
          query: { ...(reason && { reason }), ...startAt(pageParam) },
          signal,
        }),
      ...firstPage,
      getNextPageParam: nextCursor,
    }),
  users: (query: Query<'GET /v1/admin/users'>) =>
    infiniteQueryOptions({
      queryKey: ['admin', 'users', query],
      queryFn: ({ pageParam, signal }) =>
        api('GET /v1/admin/users', { query: { ...query, ...startAt(pageParam) }, signal }),
      ...firstPage,
      getNextPageParam: nextCursor,
      placeholderData: keepPreviousData,
    }),
  instruments: (query: Query<'GET /v1/admin/instruments'>) =>
    infiniteQueryOptions({
      queryKey: ['instruments', 'pages', query],
      queryFn: ({ pageParam, signal }) =>
        api('GET /v1/admin/instruments', { query: { ...query, ...startAt(pageParam) }, signal }),
      ...firstPage,
      getNextPageParam: nextCursor,
      placeholderData: keepPreviousData,
    }),
  securityEvents: (query: Query<'GET /v1/admin/security-events'>) =>
    infiniteQueryOptions({
      queryKey: ['admin', 'security-events', query],
      queryFn: ({ pageParam, signal }) =>
        api('GET /v1/admin/security-events', {
          query: { ...query, limit: 20, ...startAt(pageParam) },
          signal,
        }),
      ...firstPage,
      getNextPageParam: nextCursor,
      placeholderData: keepPreviousData,
    }),
  undelivered: (query: Query<'GET /v1/admin/alert-messages'>) =>
    infiniteQueryOptions({
      queryKey: ['admin', 'undelivered', query],
      queryFn: ({ pageParam, signal }) =>
        api('GET /v1/admin/alert-messages', {
          query: { ...query, limit: 20, ...startAt(pageParam) },
          signal,
        }),
      ...firstPage,
      getNextPageParam: nextCursor,
    }),
  quarantined: () =>
    infiniteQueryOptions({
      queryKey: ['admin', 'quarantined'],
      queryFn: ({ pageParam, signal }) =>
        api('GET /v1/admin/quarantined-bars', { query: { limit: 20, ...startAt(pageParam) }, signal }),
      ...firstPage,
      getNextPageParam: nextCursor,
    }),
};
