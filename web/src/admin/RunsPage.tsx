import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Run } from '../../api-types.d.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { Choice } from '../ui/fields.tsx';
import { day, duration, moment, whole } from '../ui/format.ts';
import { LoadMore } from '../ui/LoadMore.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Quarantine } from './Quarantine.tsx';
import { adminQueries, POLL_MS } from './queries.ts';
import { RunStatus } from './RunStatus.tsx';
import { StartRun } from './StartRun.tsx';

const ALL = '*';

const STATUSES: { value: Run['status'] | typeof ALL; label: string }[] = [
  { value: ALL, label: 'All runs' },
  { value: 'running', label: 'Running' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'partial', label: 'Partial: some stocks failed' },
  { value: 'failed', label: 'Failed: nothing published' },
];

/** Pipeline runs, newest first, filtered by status. */
export function Component() {
  const [status, setStatus] = useState<Run['status'] | typeof ALL>(ALL);
  const query = useInfiniteQuery({
    ...adminQueries.runs(status === ALL ? undefined : status),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(({ status }) => status === 'running'))
        ? POLL_MS
        : 15_000,
  });
  return (
    <>
      <title>Runs · Boursomatic</title>
      <section className="panel">
        <div className="panel-head">
          <h2>Runs</h2>
          <StartRun />
        </div>
        <Choice label="Status" options={STATUSES} value={status} onChange={setStatus} />
        <Loaded query={query} what="the runs">
          {({ pages }) =>
            pages[0]?.items.length === 0 ? (
              <Empty title={status === ALL ? 'No runs yet.' : 'No runs have this status.'} />
            ) : (
              <DataTable
                label="Runs"
                columns={[
                  'Started',
                  'Status',
                  'As of',
                  'Type',
                  { number: 'Stocks' },
                  { number: 'Calls' },
                  { number: 'Failed' },
                  { number: 'Duration' },
                ]}
              >
                {pages.flatMap(({ items }) => items.map((run) => <Row key={run.id} run={run} />))}
              </DataTable>
            )
          }
        </Loaded>
        <LoadMore query={query} />
      </section>
      <Quarantine />
    </>
  );
}

function Row({ run }: { run: Run }) {
  return (
    <tr>
      <th scope="row">
        <Link to={`/admin/runs/${encodeURIComponent(run.id)}`}>{moment(run.startedAt)}</Link>
      </th>
      <td>
        <RunStatus status={run.status} />
      </td>
      <td>{run.asOf ? day(run.asOf) : '–'}</td>
      <td>{[run.mode, run.provider].filter(Boolean).join(', ') || 'invalid input'}</td>
      <td className="number">{whole(run.counts.instruments)}</td>
      <td className="number">{whole(run.counts.recommendations)}</td>
      <td className="number">{whole(run.counts.failures)}</td>
      <td className="number">{run.durationSeconds === null ? '–' : duration(run.durationSeconds)}</td>
    </tr>
  );
}
