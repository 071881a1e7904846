import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Run } from '../../api-types.d.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { day, duration, moment, whole } from '../ui/format.ts';
import { LoadMore } from '../ui/LoadMore.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Quarantine } from './Quarantine.tsx';
import { adminQueries, POLL_MS } from './queries.ts';
import { RunStatus } from './RunStatus.tsx';
import { StartRun } from './StartRun.tsx';

/** All pipeline runs, newest first. */
export function Component() {
  const query = useInfiniteQuery({
    ...adminQueries.runs(),
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
        <Loaded query={query} what="the runs">
          {({ pages }) =>
            pages[0]?.items.length === 0 ? (
              <Empty title="No runs yet." />
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
