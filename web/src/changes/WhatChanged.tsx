import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { api, listAsCsv } from '../api/client.ts';
import type { Profile } from '../api/profiles.ts';
import { queries } from '../api/queries.ts';
import { DownloadCsv } from '../ui/DownloadCsv.tsx';
import { LoadMore } from '../ui/LoadMore.tsx';
import { Failure } from '../ui/states.tsx';
import { ChangeItem } from './ChangeItem.tsx';
import './changes.css';

/** What changed about the calls of a profile since the user last marked the changes as seen, on any device. */
export function WhatChanged({ profile, following }: { profile: Profile; following: boolean }) {
  const client = useQueryClient();
  const { data: me } = useQuery(queries.me());
  const since = me?.changesSeenAt;
  const listed = {
    profile,
    following: following ? ('true' as const) : ('false' as const),
    ...(since !== undefined && { since }),
  };
  const query = useInfiniteQuery({
    ...queries.changes(listed),
    enabled: since !== undefined,
  });
  const seen = useMutation({
    mutationFn: (until: string) => api('POST /v1/me/changes/seen', { body: { until } }),
    onSuccess: (_answer, until) =>
      client.setQueryData(queries.me().queryKey, (old) => old && { ...old, changesSeenAt: until }),
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const [newest] = items;
  if (query.isError && !newest) return <Failure error={query.error} onRetry={query.refetch} />;
  if (!newest)
    return (
      <p className="changes-none" aria-busy={query.isPending}>
        {query.isPending
          ? 'Loading what changed…'
          : `Nothing ${following ? 'about your stocks ' : ''}has changed since your last visit.`}
      </p>
    );
  return (
    <section className="changes" aria-labelledby="what-changed">
      <div className="changes-head">
        <h2 id="what-changed">What changed since your last visit</h2>
        <Button
          className="button button-small"
          isPending={seen.isPending}
          onPress={() => seen.mutate(newest.occurredAt)}
        >
          Mark as seen
        </Button>
      </div>
      {seen.isError && <Failure error={seen.error} />}
      <ul>
        {items.map((change) => (
          <ChangeItem key={change.id} change={change} />
        ))}
      </ul>
      <LoadMore query={query} />
      <DownloadCsv
        what="what changed"
        file="changes.csv"
        load={() => listAsCsv('GET /v1/changes', { query: listed })}
      />
    </section>
  );
}
