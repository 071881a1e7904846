import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.ts';

/** How often the page looks whether a test message was sent. */
const POLL_MS = 1_500;

/** The newest messages, among which the page finds test messages. */
const RECENT = 20;

/** The queries of the user's alerts. Their keys begin with `alerts`. */
export const alertQueries = {
  /** The channels, and the latest test messages, which decide whether a channel works. */
  channels: () =>
    queryOptions({
      queryKey: ['alerts', 'channels'],
      queryFn: async ({ signal }) => {
        const [channels, messages] = await Promise.all([
          api('GET /v1/me/alerts/channels', { signal }),
          api('GET /v1/me/alerts/messages', { query: { limit: RECENT }, signal }),
        ]);
        return { ...channels, tests: messages.items.filter(({ kind }) => kind === 'test') };
      },
      refetchInterval: ({ state: { data } }) =>
        data?.tests.some(({ state }) => state === 'pending') ? POLL_MS : false,
    }),
  rules: () =>
    queryOptions({
      queryKey: ['alerts', 'rules'],
      queryFn: ({ signal }) => api('GET /v1/me/alerts/rules', { signal }),
    }),
  settings: () =>
    queryOptions({
      queryKey: ['alerts', 'settings'],
      queryFn: ({ signal }) => api('GET /v1/me/alerts/settings', { signal }),
    }),
  undelivered: () =>
    infiniteQueryOptions({
      queryKey: ['alerts', 'undelivered'],
      queryFn: ({ pageParam: cursor, signal }) =>
        api('GET /v1/me/alerts/messages', {
          query: { state: 'dead', limit: 10, ...(cursor !== null && { cursor }) },
          signal,
        }),
      initialPageParam: null as string | null,
      getNextPageParam: ({ nextCursor }) => nextCursor,
    }),
  unsubscription: (token: string) =>
    queryOptions({
      queryKey: ['alerts', 'unsubscription', token],
      queryFn: ({ signal }) => api('GET /v1/alerts/unsubscribe', { query: { token }, signal }),
    }),
};
