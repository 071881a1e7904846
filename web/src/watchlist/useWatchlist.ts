import { useMutation, useMutationState, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Watchlist, WatchlistEntry } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';

const KEY = ['watchlist', 'follow'] as const;

/** A change of the watchlist. A stock that the page does not know yet has no name. */
export interface Following {
  symbol: string;
  isFollowed: boolean;
}

/** The followed stocks, by symbol; undefined until they are loaded. */
export function useFollowed(): ReadonlyMap<string, WatchlistEntry> | undefined {
  const { data } = useQuery(queries.watchlist());
  return data && bySymbol(data);
}

/** Every star of a list reads the same answer, so each is indexed once. */
const indexed = new WeakMap<Watchlist, ReadonlyMap<string, WatchlistEntry>>();

function bySymbol(list: Watchlist): ReadonlyMap<string, WatchlistEntry> {
  const known = indexed.get(list);
  if (known) return known;
  const index = new Map(list.items.map((entry) => [entry.symbol, entry]));
  indexed.set(list, index);
  return index;
}

/**
 * Follows and unfollows stocks. The page shows the change at once, and takes it back if the service refuses it. A list of
 * followed stocks keeps its rows until it is opened again, so that a mistake can be undone in its place.
 */
export function useFollow() {
  const client = useQueryClient();
  const { queryKey } = queries.watchlist();
  const put = (symbol: string, entry: WatchlistEntry | undefined) =>
    client.setQueryData(queryKey, (list) => {
      if (!list) return list;
      const others = list.items.filter((item) => item.symbol !== symbol);
      return { ...list, items: entry ? [...others, entry] : others };
    });
  return useMutation<WatchlistEntry | undefined, unknown, Following, { before: WatchlistEntry | undefined }>({
    mutationKey: KEY,
    mutationFn: ({ symbol, isFollowed }) =>
      isFollowed
        ? api('PUT /v1/me/watchlist/{symbol}', { path: { symbol }, body: {} })
        : api('DELETE /v1/me/watchlist/{symbol}', { path: { symbol } }),
    onMutate: async ({ symbol, isFollowed }) => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData(queryKey)?.items.find((item) => item.symbol === symbol);
      put(symbol, isFollowed ? (before ?? provisional(symbol)) : undefined);
      return { before };
    },
    onError: (_error, { symbol }, context) => put(symbol, context?.before),
    onSuccess: (entry, { symbol }) => put(symbol, entry),
    onSettled: async () => {
      if (client.isMutating({ mutationKey: KEY }) > 1) return;
      void client.invalidateQueries({ queryKey: ['recommendations', 'list'], refetchType: 'none' });
      await client.invalidateQueries({ queryKey });
    },
  });
}

/** The change whose failure the page shows: the latest one, if it failed. */
export function useFailedFollow(): { error: unknown; change: Following } | undefined {
  const states = useMutationState({ filters: { mutationKey: KEY }, select: ({ state }) => state });
  const latest = states.reduce<(typeof states)[number] | undefined>(
    (newest, state) => (newest && newest.submittedAt > state.submittedAt ? newest : state),
    undefined,
  );
  if (latest?.status !== 'error') return undefined;
  return { error: latest.error, change: latest.variables as Following };
}

/** A stock that is being followed. */
function provisional(symbol: string): WatchlistEntry {
  return {
    symbol,
    exchange: 'UNKNOWN',
    name: null,
    sector: null,
    currency: null,
    marks: [],
    note: null,
    followedAt: new Date().toISOString(),
    state: 'current',
    reason: null,
    firstCallDue: null,
    history: null,
    call: null,
  };
}
