import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { useNavigate, useSearchParams } from 'react-router';
import { listAsCsv } from '../api/client.ts';
import { ApiError } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import type { Answer } from '../api/request.ts';
import { WhatChanged } from '../changes/WhatChanged.tsx';
import { RecordLine } from '../track-record/RecordLine.tsx';
import { DownloadCsv } from '../ui/DownloadCsv.tsx';
import { count } from '../ui/format.ts';
import { IgnoredFilters } from '../ui/IgnoredFilters.tsx';
import { Empty, Failure, Loading, Note, Stale } from '../ui/states.tsx';
import { useMedia, WIDE } from '../ui/useMedia.ts';
import { FollowFailure } from '../watchlist/FollowFailure.tsx';
import { FollowingBar } from '../watchlist/FollowingBar.tsx';
import { FollowNew } from '../watchlist/FollowNew.tsx';
import { useFirstView } from '../watchlist/useFirstView.ts';
import { useFollowed } from '../watchlist/useWatchlist.ts';
import { FoundWithoutCall, WithoutCall } from '../watchlist/WithoutCall.tsx';
import { Cards } from './Cards.tsx';
import { ConfidenceNote } from './ConfidenceNote.tsx';
import { FailingUpdates } from './FailingUpdates.tsx';
import { FilterBar } from './FilterBar.tsx';
import { Freshness } from './Freshness.tsx';
import {
  type Filters,
  hasFilters,
  readFilters,
  updateFilters,
  withoutFilters,
  writeFilters,
} from './filters.ts';
import { KIND_HINTS, MARKET_HINT } from './hints.ts';
import { Pages } from './Pages.tsx';
import { Table } from './Table.tsx';
import { useList } from './useList.ts';

/** Kinds that a note explains. The page already says that it shows sample data. */
const DATED_KINDS = ['backdated', 'hindsight'] as const;

/** The list of recommendations. All filters are in the URL, so that a link shares the view. */
export function Component() {
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const isWide = useMedia(WIDE);
  const { filters, problems } = readFilters(search);
  const isDecided = useFirstView(search, setSearch);
  const { data: me } = useQuery(queries.me());
  const { data: health } = useQuery(queries.health());
  const { query, listed, found, hasNoMatches, isTruncated, isUpdating } = useList(filters, {
    isReady: isDecided,
  });
  const profile = filters.profile ?? me?.preferredProfile ?? 'conservative';
  const change = (update: Partial<Filters>) =>
    setSearch(writeFilters(updateFilters(filters, update)), {
      replace: 'search' in update,
      preventScrollReset: true,
    });
  const page = hasNoMatches ? undefined : query.data;
  const isCursorBad = query.error instanceof ApiError && query.error.kind === 'invalid-cursor';
  return (
    <>
      <title>Recommendations · Boursomatic</title>
      <div className="page-head">
        <h1>Recommendations</h1>
        {page && <Freshness page={page} health={health} />}
      </div>
      <IgnoredFilters
        problems={problems}
        onRemove={() => setSearch(writeFilters(filters), { replace: true })}
      />
      <FollowingBar following={filters.following === true} onChange={(following) => change({ following })} />
      <FollowFailure />
      {isDecided && me && <WhatChanged profile={profile} following={filters.following === true} />}
      <FilterBar filters={filters} profile={profile} onChange={change} />
      {isTruncated && (
        <Note kind="info">
          <p>Too many stocks match “{filters.search}” to show them all. Type more of the name.</p>
        </Note>
      )}
      {hasNoMatches && (
        <Empty title={`No symbol or name contains “${filters.search}”.`}>
          <FollowNew key={filters.search} text={filters.search ?? ''} />
          <Button className="button" onPress={() => change({ search: undefined })}>
            Clear search
          </Button>
        </Empty>
      )}
      {!hasNoMatches && isCursorBad && (
        <Note kind="warning" title="This page of the list does not exist">
          <p>The link belongs to another list, or it was changed.</p>
          <Button className="button" onPress={() => change({})}>
            Go to the first page
          </Button>
        </Note>
      )}
      {!hasNoMatches && !isCursorBad && !page && query.isError && (
        <Failure error={query.error} onRetry={query.refetch} />
      )}
      {!hasNoMatches && !page && !query.isError && <Loading what="the recommendations" rows={6} />}
      {page && !isCursorBad && (
        <div className="list" aria-busy={isUpdating} data-waiting={isUpdating || undefined}>
          <Stale query={query} />
          <FailingUpdates health={health} />
          {page.withheld && (
            <Note
              kind="warning"
              title={`${count(page.withheld.count, 'recommendation is', 'recommendations are')} not shown`}
            >
              <p>{page.withheld.reason}</p>
            </Note>
          )}
          {page.modelNotice && (
            <Note kind="info">
              <p>{page.modelNotice}</p>
            </Note>
          )}
          {DATED_KINDS.filter((kind) => page.items.some((item) => item.kind === kind)).map((kind) => (
            <Note key={kind} kind="warning" title={`Some calls are marked “${kind}”`}>
              <p>{KIND_HINTS[kind]}</p>
            </Note>
          ))}
          {page.items.some(({ marks }) => marks.includes('unvalidated_market')) && (
            <Note kind="warning" title="Some stocks are marked “unvalidated market”">
              <p>{MARKET_HINT}</p>
            </Note>
          )}
          {page.items.length > 0 && (
            <>
              <ConfidenceNote modelVersion={page.modelVersion} />
              <RecordLine page={page} label={filters.label} />
            </>
          )}
          {page.items.length === 0 ? (
            <EmptyList
              filters={filters}
              isWithheld={page.withheld !== null}
              isRunning={health?.lastRun?.status === 'running'}
              onAll={() => change({ following: false })}
              onClear={() => navigate(`?${writeFilters(withoutFilters(filters))}`)}
            />
          ) : isWide ? (
            <Table items={page.items} sort={filters.sort} onSort={(sort) => change({ sort })} />
          ) : (
            <Cards items={page.items} />
          )}
          {filters.following && !hasFilters(filters) && <WithoutCall />}
          {found && !filters.following && <FoundWithoutCall stocks={withoutCall(found, page, filters)} />}
          <Pages filters={filters} nextCursor={page.nextCursor} count={page.items.length} onLimit={change} />
          {page.items.length > 0 && (
            <DownloadCsv
              what="the list"
              file="recommendations.csv"
              load={() => listAsCsv('GET /v1/recommendations', { query: listed })}
            />
          )}
        </div>
      )}
    </>
  );
}

/** The found stocks that no call of the list is for. A list with other filters or a second page does not show it. */
function withoutCall<T extends { symbol: string }>(
  found: readonly T[],
  { items, nextCursor }: Answer<'GET /v1/recommendations'>,
  filters: Filters,
): T[] {
  const { cursor } = filters;
  if (nextCursor !== null || cursor !== undefined || hasFilters({ ...filters, search: undefined })) return [];
  return found.filter(({ symbol }) => !items.some((item) => item.symbol === symbol));
}

function EmptyList({
  filters,
  isWithheld,
  isRunning,
  onAll,
  onClear,
}: {
  filters: Filters;
  isWithheld: boolean;
  isRunning: boolean;
  onAll: () => void;
  onClear: () => void;
}) {
  const followed = useFollowed();
  if (filters.following) {
    return (
      <Empty
        title={
          hasFilters(filters)
            ? 'None of the stocks that you follow match these filters.'
            : followed?.size === 0
              ? 'You follow no stocks.'
              : 'None of the stocks that you follow has a current call.'
        }
      >
        {followed?.size === 0 && <p>Follow a stock with the star next to its name, or import a list.</p>}
        <Button className="button" onPress={onAll}>
          {hasFilters(filters) ? 'Search all stocks' : 'Show all stocks'}
        </Button>
      </Empty>
    );
  }
  if (!hasFilters(filters)) {
    return (
      <Empty title={isWithheld ? 'No current recommendations.' : 'No recommendations yet.'}>
        <p>
          {isRunning
            ? 'An update is running. Its calls appear here when it ends.'
            : `The next update publishes ${isWithheld ? 'new ones' : 'the first ones'}.`}
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="No recommendations match these filters.">
      <Button className="button" onPress={onClear}>
        Clear filters
      </Button>
    </Empty>
  );
}
