import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunDetail } from '../../api-types.d.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { Choice } from '../ui/fields.tsx';
import { count } from '../ui/format.ts';
import { LoadMore } from '../ui/LoadMore.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { adminQueries } from './queries.ts';

const ALL = '*';

/** A run's failures, filtered by reason. */
export function Failures({ run }: { run: RunDetail }) {
  const [reason, setReason] = useState(ALL);
  const chosen = reason === ALL ? undefined : reason;
  const query = useInfiniteQuery({
    ...adminQueries.failures(run.id, chosen),
    enabled: run.counts.failures > 0,
  });
  if (run.counts.failures === 0) {
    return (
      <section className="panel">
        <h2>Failures</h2>
        <Empty title={run.status === 'running' ? 'No failures so far.' : 'No failures.'} />
      </section>
    );
  }
  const options = [
    { value: ALL, label: `All reasons (${run.counts.failures})` },
    ...run.failuresByReason.map((one) => ({
      value: one.reason,
      label: `${one.reason.replaceAll('_', ' ')} in ${one.step} (${one.instruments})`,
    })),
  ];
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{count(run.counts.failures, 'failure')}</h2>
        <Choice label="Reason" options={options} value={reason} onChange={setReason} />
      </div>
      <Loaded query={query} what="the failures" rows={3}>
        {({ pages }) => (
          <DataTable label="Failures" columns={['Stock', 'Step', 'Reason', 'What happened']}>
            {pages.flatMap(({ items }) =>
              items.map((failure) => (
                <tr key={failure.id}>
                  <th scope="row">{failure.symbol}</th>
                  <td>{failure.step}</td>
                  <td>
                    <code>{failure.reason}</code>
                  </td>
                  <td className="text">{failure.message}</td>
                </tr>
              )),
            )}
          </DataTable>
        )}
      </Loaded>
      <LoadMore query={query} />
    </section>
  );
}
