import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import type { Query } from './request.ts';

/** The page's queries, each with its cache key. */
export const queries = {
  me: () => queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => api('GET /v1/me', { signal }) }),
  consentText: () =>
    queryOptions({ queryKey: ['consent'], queryFn: ({ signal }) => api('GET /v1/consent', { signal }) }),
  consents: () =>
    queryOptions({ queryKey: ['consents'], queryFn: ({ signal }) => api('GET /v1/me/consents', { signal }) }),
  watchlist: () =>
    queryOptions({
      queryKey: ['watchlist', 'list'],
      queryFn: ({ signal }) => api('GET /v1/me/watchlist', { signal }),
    }),
  sessions: () =>
    queryOptions({ queryKey: ['sessions'], queryFn: ({ signal }) => api('GET /v1/me/sessions', { signal }) }),
  apiKeys: () =>
    queryOptions({ queryKey: ['api-keys'], queryFn: ({ signal }) => api('GET /v1/me/api-keys', { signal }) }),
  securityEvents: () =>
    infiniteQueryOptions({
      queryKey: ['security-events'],
      queryFn: ({ pageParam: cursor, signal }) =>
        api('GET /v1/me/security-events', {
          query: { limit: 10, ...(cursor !== null && { cursor }) },
          signal,
        }),
      initialPageParam: null as string | null,
      getNextPageParam: ({ nextCursor }) => nextCursor,
    }),
  health: () =>
    queryOptions({ queryKey: ['health'], queryFn: ({ signal }) => api('GET /v1/health', { signal }) }),
  facets: () =>
    queryOptions({ queryKey: ['facets'], queryFn: ({ signal }) => api('GET /v1/facets', { signal }) }),
  recommendations: (query: Query<'GET /v1/recommendations'>) =>
    queryOptions({
      queryKey: ['recommendations', 'list', query],
      queryFn: ({ signal }) => api('GET /v1/recommendations', { query, signal }),
    }),
  recommendation: (id: string) =>
    queryOptions({
      queryKey: ['recommendations', 'one', id],
      queryFn: ({ signal }) => api('GET /v1/recommendations/{id}', { path: { id }, signal }),
    }),
  trackRecord: (query: Query<'GET /v1/track-record'>) =>
    queryOptions({
      queryKey: ['recommendations', 'track-record', query],
      queryFn: ({ signal }) => api('GET /v1/track-record', { query, signal }),
    }),
  instruments: (query: Query<'GET /v1/instruments'>) =>
    queryOptions({
      queryKey: ['instruments', query],
      queryFn: ({ signal }) => api('GET /v1/instruments', { query, signal }),
    }),
  activeModel: () =>
    queryOptions({
      queryKey: ['models', 'active'],
      queryFn: ({ signal }) => api('GET /v1/models/active', { signal }),
    }),
  model: (version: string) =>
    queryOptions({
      queryKey: ['models', 'version', version],
      queryFn: ({ signal }) => api('GET /v1/models/{version}', { path: { version }, signal }),
    }),
  models: () =>
    queryOptions({ queryKey: ['models'], queryFn: ({ signal }) => api('GET /v1/models', { signal }) }),
};
