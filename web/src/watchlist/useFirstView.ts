import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type SetURLSearchParams, useLocation } from 'react-router';
import { queries } from '../api/queries.ts';

/**
 * Opens the list with the followed stocks if its link says nothing and the user follows any. It decides once for each
 * visit, so that a star does not change the list in which it is pressed.
 *
 * @returns whether the list is decided
 */
export function useFirstView(search: URLSearchParams, setSearch: SetURLSearchParams): boolean {
  const { key } = useLocation();
  const [decidedFor, setDecidedFor] = useState<string>();
  const { data, isPending } = useQuery(queries.watchlist());
  const isOpen = search.size === 0 && decidedFor !== key;
  const hasFollowed = (data?.items.length ?? 0) > 0;
  useEffect(() => {
    if (!isOpen || isPending) return;
    if (hasFollowed) setSearch({ following: 'true' }, { replace: true, preventScrollReset: true });
    else setDecidedFor(key);
  }, [isOpen, isPending, hasFollowed, key, setSearch]);
  return !isOpen;
}
