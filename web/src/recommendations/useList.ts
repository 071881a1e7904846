import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import type { Filters } from './filters.ts';

/** Highest number of symbols in one request for the list. */
const MAX_SYMBOLS = 50;

/**
 * Queries the list for some filters. The API filters by symbols, not by text, so a search first looks up the symbols
 * that match.
 *
 * @param options.isReady - false while the filters are not decided; nothing is requested then
 */
export function useList(filters: Filters, { isReady = true } = {}) {
  const { search, following, ...rest } = filters;
  const instruments = useQuery({
    ...queries.instruments({ ...definedOnly({ search }), limit: MAX_SYMBOLS }),
    enabled: search !== undefined,
    placeholderData: keepPreviousData,
  });
  const symbols = search === undefined ? undefined : instruments.data?.items.map(({ symbol }) => symbol);
  const listed = {
    ...definedOnly(rest),
    ...(following && { following: 'true' as const }),
    ...(symbols && { symbol: symbols.join() }),
  };
  const list = useQuery({
    ...queries.recommendations(listed),
    enabled: isReady && (search === undefined || (symbols !== undefined && symbols.length > 0)),
    placeholderData: keepPreviousData,
  });
  const hasNoMatches = search !== undefined && symbols?.length === 0 && !instruments.isPlaceholderData;
  return {
    /** The instruments that match the search, up to a number; undefined without one. */
    found: search === undefined || instruments.isPlaceholderData ? undefined : instruments.data?.items,
    /** The query of the list. */
    listed,
    /** No instrument matches the search, so there is no list to request. */
    hasNoMatches,
    /** More instruments match the search than one request takes; the list lacks the others. */
    isTruncated: search !== undefined && instruments.data?.nextCursor != null,
    query:
      search !== undefined && instruments.isError && symbols === undefined
        ? { ...instruments, data: undefined }
        : list,
    /** The query still shows the list for the previous filters. */
    isUpdating: list.isPlaceholderData || instruments.isPlaceholderData,
  };
}

/** Drops undefined values, because `exactOptionalPropertyTypes` forbids passing them. */
function definedOnly<T extends object>(values: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
