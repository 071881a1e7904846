import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { TrackRecordCall } from '../../api-types.d.ts';
import { listAsCsv } from '../api/client.ts';
import type { Profile } from '../api/profiles.ts';
import { Result } from '../detail/Result.tsx';
import { CallBadge } from '../ui/CallBadge.tsx';
import { DataTable } from '../ui/DataTable.tsx';
import { DownloadCsv } from '../ui/DownloadCsv.tsx';
import { day, points, share } from '../ui/format.ts';
import { LoadMore } from '../ui/LoadMore.tsx';
import { toQuery } from '../ui/link-filters.ts';
import { Marks } from '../ui/Marks.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { callsQuery } from './calls-query.ts';
import type { RecordFilters } from './filters.ts';

/** Every call of a profile behind the figures, newest day first. */
export function Calls({
  filters,
  profile,
  lastDay,
}: {
  filters: RecordFilters;
  profile: Profile;
  /** The last day with results: the list starts there, because later calls have none yet. */
  lastDay: string | null;
}) {
  const to = filters.to ?? lastDay ?? undefined;
  const selected = { ...filters, profile, to };
  const query = useInfiniteQuery(callsQuery(selected));
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>Every call</h2>
        <DownloadCsv
          file="calls.csv"
          load={() =>
            listAsCsv('GET /v1/track-record/calls', { query: Object.fromEntries(toQuery(selected)) })
          }
        />
      </div>
      {lastDay !== null && filters.to === undefined && (
        <p className="muted">
          Newest first, from the last day with a result. To see calls that wait for theirs, choose a later
          last day.
        </p>
      )}
      <Loaded query={query} what="the calls" rows={4}>
        {({ pages }) => {
          const calls = pages.flatMap(({ items }) => items);
          return calls.length === 0 ? (
            <Empty title="No calls match these filters." />
          ) : (
            <DataTable
              label="Every call"
              columns={['Stock', 'As of', 'Call', { number: 'Confidence' }, { number: 'Estimate' }, 'Result']}
            >
              {calls.map((call) => (
                <Row key={call.id} call={call} />
              ))}
            </DataTable>
          );
        }}
      </Loaded>
      <LoadMore query={query} />
    </section>
  );
}

function Row({ call }: { call: TrackRecordCall }) {
  return (
    <tr>
      <th scope="row">
        <Link to={`/recommendations/${call.id}`}>{call.symbol}</Link>
        <Marks marks={call.marks} kind={call.kind} />
      </th>
      <td>{day(call.asOf)}</td>
      <td>
        <CallBadge label={call.label} />
      </td>
      <td className="number">{share(call.confidence)}</td>
      <td className="number">{points(call.expectedReturnPct)}</td>
      <td className="text">
        <Result call={call} />
      </td>
    </tr>
  );
}
