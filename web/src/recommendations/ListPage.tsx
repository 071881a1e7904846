import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { useNavigate, useSearchParams } from 'react-router';
import { ApiError } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import { Empty, Failure, Loading, Note, Stale } from '../ui/states.tsx';
import { useMedia, WIDE } from '../ui/useMedia.ts';
import { Cards } from './Cards.tsx';
import { FilterBar } from './FilterBar.tsx';
import { Freshness } from './Freshness.tsx';
import { changed, type Filters, isNarrowed, readFilters, widened, writeFilters } from './filters.ts';
import { Pages } from './Pages.tsx';
import { Table } from './Table.tsx';
import { useList } from './useList.ts';

/** What to do with each stock. All that narrows the list is in the address, so that a link shares the view. */
export function ListPage() {
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const isWide = useMedia(WIDE);
  const { filters, complaints } = readFilters(search);
  const { data: me } = useQuery(queries.me());
  const { query, isUnmatched, isCut, isWaiting } = useList(filters);
  const profile = filters.profile ?? me?.preferredProfile ?? 'conservative';
  const change = (what: Partial<Filters>) =>
    setSearch(writeFilters(changed(filters, what)), { replace: 'search' in what, preventScrollReset: true });
  const page = isUnmatched ? undefined : query.data;
  const isCursorBad = query.error instanceof ApiError && query.error.kind === 'invalid-cursor';
  return (
    <>
      <title>Recommendations · Boursomatic</title>
      <div className="page-head">
        <h1>Recommendations</h1>
        {page && <Freshness page={page} />}
      </div>
      {complaints.length > 0 && (
        <Note kind="warning" title="Parts of this link make no sense and were left out">
          <ul>
            {complaints.map((complaint) => (
              <li key={complaint}>{complaint}.</li>
            ))}
          </ul>
          <Button className="button" onPress={() => setSearch(writeFilters(filters), { replace: true })}>
            Tidy up the link
          </Button>
        </Note>
      )}
      <FilterBar filters={filters} profile={profile} onChange={change} />
      {isCut && (
        <Note kind="info">
          <p>More stocks match “{filters.search}” than can be shown. Write more of the name.</p>
        </Note>
      )}
      {isUnmatched && (
        <Empty title={`No stock has “${filters.search}” in its symbol or name`}>
          <Button className="button" onPress={() => change({ search: undefined })}>
            Clear the search
          </Button>
        </Empty>
      )}
      {!isUnmatched && isCursorBad && (
        <Note kind="warning" title="This page of the list is no longer there">
          <p>Its link is of another list, or was changed.</p>
          <Button className="button" onPress={() => change({})}>
            Go to the first page
          </Button>
        </Note>
      )}
      {!isUnmatched && !isCursorBad && !page && query.isError && (
        <Failure error={query.error} onRetry={query.refetch} />
      )}
      {!isUnmatched && !page && !query.isError && <Loading what="the recommendations" rows={6} />}
      {page && !isCursorBad && (
        <div className="list" aria-busy={isWaiting} data-waiting={isWaiting || undefined}>
          <Stale query={query} />
          {page.withheld && (
            <Note kind="warning" title={`${page.withheld.count} held back`}>
              <p>{page.withheld.reason}</p>
            </Note>
          )}
          {page.items.length === 0 ? (
            <NothingHere
              filters={filters}
              isWithheld={page.withheld !== null}
              onWiden={() => navigate(`?${writeFilters(widened(filters))}`)}
            />
          ) : isWide ? (
            <Table items={page.items} sort={filters.sort} onSort={(sort) => change({ sort })} />
          ) : (
            <Cards items={page.items} />
          )}
          <Pages filters={filters} nextCursor={page.nextCursor} count={page.items.length} onLimit={change} />
        </div>
      )}
    </>
  );
}

function NothingHere({
  filters,
  isWithheld,
  onWiden,
}: {
  filters: Filters;
  isWithheld: boolean;
  onWiden: () => void;
}) {
  if (!isNarrowed(filters)) {
    return (
      <Empty title={isWithheld ? 'There is nothing to act on' : 'There are no recommendations yet'}>
        <p>{isWithheld ? 'New ones' : 'They'} come with the next run of the pipeline.</p>
      </Empty>
    );
  }
  return (
    <Empty title="Nothing matches these filters">
      <Button className="button" onPress={onWiden}>
        Clear the filters
      </Button>
    </Empty>
  );
}
