import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { TrackRecord } from '../../api-types.d.ts';
import { LABELS, PROFILES, type Profile } from '../api/profiles.ts';
import { queries } from '../api/queries.ts';
import { Reliability } from '../model/Reliability.tsx';
import { KIND_HINTS } from '../recommendations/hints.ts';
import { count, day, exactShare, figures } from '../ui/format.ts';
import { IgnoredFilters } from '../ui/IgnoredFilters.tsx';
import { changeFilters, toQuery } from '../ui/link-filters.ts';
import { Empty, Loaded, Note } from '../ui/states.tsx';
import { Calls } from './Calls.tsx';
import { Exits } from './Exits.tsx';
import { FilterBar } from './FilterBar.tsx';
import { type RecordFilters, readRecordFilters } from './filters.ts';
import { HitRates } from './HitRates.tsx';
import { OtherKinds } from './OtherKinds.tsx';
import { OverTime } from './OverTime.tsx';
import { PastTest } from './PastTest.tsx';
import { Returns } from './Returns.tsx';
import { binsOf } from './reliability-bins.ts';
import { describeResult, INTERVAL_HINT, OVERDUE_HINT } from './words.ts';
import './track-record.css';

/** How the calls of this service turned out. All filters are in the URL, so that a link shares the view. */
export function Component() {
  const [search, setSearch] = useSearchParams();
  const { filters, problems } = readRecordFilters(search);
  const { data: me } = useQuery(queries.me());
  const profile = filters.profile ?? me?.preferredProfile ?? 'conservative';
  const query = useQuery({
    ...queries.trackRecord(recordQueryOf(filters)),
    placeholderData: keepPreviousData,
  });
  const show = (next: RecordFilters) => setSearch(toQuery(next), { preventScrollReset: true });
  return (
    <div className="record">
      <title>Track record · Boursomatic</title>
      <div className="page-head">
        <h1>Track record</h1>
        {query.data && <Extent record={query.data} />}
      </div>
      <IgnoredFilters problems={problems} onRemove={() => setSearch(toQuery(filters), { replace: true })} />
      <FilterBar
        filters={filters}
        profile={profile}
        models={query.data?.models.map(({ modelVersion }) => modelVersion) ?? []}
        onShow={show}
        onChange={(change) => show(changeFilters(filters, change))}
      />
      <Loaded query={query} what="the track record" rows={8}>
        {(record) => (
          <div
            className="record"
            aria-busy={query.isPlaceholderData}
            data-waiting={query.isPlaceholderData || undefined}
          >
            <Results record={record} filters={filters} profile={profile} />
            <Calls filters={filters} profile={profile} lastDay={record.to} />
          </div>
        )}
      </Loaded>
    </div>
  );
}

/** The API's record has all profiles and labels, which the page chooses from without another request. */
function recordQueryOf({ profile: _profile, label: _label, ...query }: RecordFilters) {
  return Object.fromEntries(toQuery(query));
}

/** Whether filters leave out calls that the record has. */
function isNarrowed({ model, from, to }: RecordFilters): boolean {
  return [model, from, to].some((value) => value !== undefined);
}

/** How much the record counts. */
function Extent({ record: { calls, days, from, to, overdue } }: { record: TrackRecord }) {
  if ((from === null || to === null) && overdue === 0) return null;
  return (
    <p className="freshness">
      {from !== null && to !== null && (
        <>
          <span>{count(calls, 'call')} with a result</span>
          <span>
            {day(from)} to {day(to)}, {count(days, 'day')}
          </span>
        </>
      )}
      {overdue > 0 && <span title={OVERDUE_HINT}>{count(overdue, 'call')} overdue</span>}
    </p>
  );
}

function Results({
  record,
  filters,
  profile,
}: {
  record: TrackRecord;
  filters: RecordFilters;
  profile: Profile;
}) {
  const { kind, calls, calibration, rankIc, series } = record;
  const groups = PROFILES.flatMap((of) =>
    LABELS.filter((label) => filters.label === undefined || label === filters.label).flatMap((label) =>
      record.groups.filter((group) => group.profile === of && group.label === label),
    ),
  );
  const points = series.find((one) => one.profile === profile)?.points ?? [];
  return (
    <>
      {kind !== 'live' && (
        <Note kind="warning" title={`These are ${kind} calls`}>
          <p>{KIND_HINTS[kind]}</p>
        </Note>
      )}
      {calls === 0 && isNarrowed(filters) ? (
        <Empty title="No calls with a result match these filters." />
      ) : (
        <p className="lead" title={INTERVAL_HINT}>
          {describeResult(record, filters.label === 'SELL' ? 'SELL' : 'BUY', profile)}
        </p>
      )}
      {calls === 0 && kind === 'live' && !isNarrowed(filters) && (
        <>
          <OtherKinds profile={profile} />
          <PastTest />
        </>
      )}
      {calls > 0 && (
        <>
          <OverTime record={record} profile={profile} points={points} />
          {filters.label !== 'HOLD' && <HitRates groups={groups} profile={profile} />}
          <Returns record={record} groups={groups} profile={profile} query={recordQueryOf(filters)} />
          <Exits groups={groups} profile={profile} />
          {calibration && (
            <Reliability cases="calls" bins={binsOf(calibration)}>
              {calibration.expectedCalibrationError.value !== null && (
                <p className="muted">
                  On average, the stated chance was off by{' '}
                  {exactShare(calibration.expectedCalibrationError.value)}; 0% is perfect.
                  {rankIc.value !== null &&
                    ` The ranking of stocks scored ${figures(rankIc.value)}, where 0 is chance and 1 is perfect.`}
                </p>
              )}
            </Reliability>
          )}
        </>
      )}
    </>
  );
}
