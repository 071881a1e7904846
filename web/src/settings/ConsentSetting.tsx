import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { DataTable } from '../ui/DataTable.tsx';
import { day, moment } from '../ui/format.ts';
import { Empty, Failure, Loaded } from '../ui/states.tsx';

/** The user's accepted risk notices, and the withdrawal of consent. */
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
      <h2>Risk notice</h2>
      {hasConsented ? (
        <p>You have accepted the current risk notice, so you can see recommendations.</p>
      ) : (
        <p>
          You have not accepted the current risk notice, so you cannot see recommendations.{' '}
          <Link to="/recommendations">Read the notice</Link>
        </p>
      )}
      <Loaded query={consents} what="your consents" rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="You have not accepted a risk notice yet." />
          ) : (
            <DataTable label="Your consents" columns={['Version', 'Accepted', 'Withdrawn', 'Fingerprint']}>
              {items.map((item) => (
                <tr key={item.acceptedAt}>
                  <th scope="row">{day(item.version)}</th>
                  <td>{moment(item.acceptedAt)}</td>
                  <td>{item.withdrawnAt ? moment(item.withdrawnAt) : 'Not withdrawn'}</td>
                  <td>
                    <code title={`SHA-256 hash of the text that you accepted: ${item.textSha256}`}>
                      {item.textSha256.slice(0, 12)}…
                    </code>
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
          title="Withdraw your consent?"
          action="Withdraw"
          onConfirm={() => withdraw.mutateAsync()}
        >
          <p>You will see no recommendations until you accept the notice again. Your account is kept.</p>
        </Confirm>
      )}
    </section>
  );
}
