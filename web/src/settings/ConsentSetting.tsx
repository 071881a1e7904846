import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { DataTable } from '../ui/DataTable.tsx';
import { moment } from '../ui/format.ts';
import { Empty, Failure, Loaded } from '../ui/states.tsx';

/** What was accepted and when, and taking it back. */
export function ConsentSetting({ hasConsented }: { hasConsented: boolean }) {
  const client = useQueryClient();
  const consents = useQuery(queries.consents());
  const withdraw = useMutation({
    mutationFn: () => api('DELETE /v1/me/consent', {}),
    onSuccess: async () => {
      client.removeQueries({ queryKey: ['recommendations'] });
      await Promise.all([
        client.invalidateQueries({ queryKey: ['me'] }),
        client.invalidateQueries({ queryKey: ['consents'] }),
      ]);
    },
  });
  return (
    <section className="panel" id="consent">
      <h2>Risk consent</h2>
      {hasConsented ? (
        <p>You have accepted the current text. Without it no recommendation is shown.</p>
      ) : (
        <p>
          You have not accepted the current text, so no recommendation is shown.{' '}
          <Link to="/recommendations">Read it</Link>
        </p>
      )}
      <Loaded query={consents} what="your consents" rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="You have not accepted anything yet" />
          ) : (
            <DataTable label="Your consents" columns={['Text of', 'Accepted', 'Withdrawn', 'Fingerprint']}>
              {items.map((item) => (
                <tr key={item.acceptedAt}>
                  <th scope="row">{item.version}</th>
                  <td>{moment(item.acceptedAt)}</td>
                  <td>{item.withdrawnAt ? moment(item.withdrawnAt) : 'stands'}</td>
                  <td>
                    <code title={item.textSha256}>{item.textSha256.slice(0, 12)}…</code>
                  </td>
                </tr>
              ))}
            </DataTable>
          )
        }
      </Loaded>
      {withdraw.isError && <Failure error={withdraw.error} />}
      {hasConsented && (
        <Confirm
          trigger="Withdraw"
          title="Withdraw the risk consent?"
          action="Withdraw"
          onConfirm={() => withdraw.mutateAsync()}
        >
          <p>You will see no more recommendations until you accept again. Your account stays.</p>
        </Confirm>
      )}
    </section>
  );
}
