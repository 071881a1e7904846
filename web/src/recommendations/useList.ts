import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import type { Filters } from './filters.ts';

/** Most symbols that one request of the list takes. */
const MOST_SYMBOLS = 50;

/**
 * The list for some filters. The API's list takes symbols and no text, so a search is first turned into the symbols
 * that it finds.
 */
export function useList(filters: Filters) {
  const { search, ...rest } = filters;
  const found = useQuery({
    ...queries.instruments({ search: search ?? '', limit: MOST_SYMBOLS }),
    enabled: search !== undefined,
    placeholderData: keepPreviousData,
  });
  const symbols = search === undefined ? undefined : found.data?.items.map(({ symbol }) => symbol);
  const list = useQuery({
    ...queries.recommendations({ ...given(rest), ...(symbols && { symbol: symbols.join() }) }),
    enabled: search === undefined || (symbols !== undefined && symbols.length > 0),
    placeholderData: keepPreviousData,
  });
  const isUnmatched = search !== undefined && symbols?.length === 0 && !found.isPlaceholderData;
  return {
    /** The search finds no instrument at all, so there is no list to ask for. */
    isUnmatched,
    /** More instruments match than can be asked for. */
    isCut: search !== undefined && found.data?.nextCursor != null,
    query:
      search !== undefined && found.isError && symbols === undefined ? { ...found, data: undefined } : list,
    isWaiting: list.isPlaceholderData || found.isPlaceholderData,
  };
}

/** Only what is there: a parameter that is undefined is not one to send. */
function given<T extends object>(values: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
