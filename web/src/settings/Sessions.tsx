import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { api, session } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { moment } from '../ui/format.ts';
import { Failure, Loaded } from '../ui/states.tsx';
import { describeUserAgent } from '../ui/user-agent.ts';

/** The user's sessions, with buttons that end one or all of them. */
export function Sessions() {
  const client = useQueryClient();
  const sessions = useQuery(queries.sessions());
  const end = useMutation({
    mutationFn: (id: string) => api('DELETE /v1/me/sessions/{id}', { path: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sessions'] }),
  });
  return (
    <section className="panel" id="sessions">
      <h2>Sessions</h2>
      <Loaded query={sessions} what="your sessions" rows={2}>
        {({ items }) => (
          <ul className="rows">
            {items.map((item) => (
              <li key={item.id}>
                <div>
                  <p className="strong">
                    {describeUserAgent(item.userAgent)}
                    {item.isCurrent && <span className="tag">this session</span>}
                  </p>
                  <p className="muted">
                    Signed in {moment(item.startedAt)}, last used {moment(item.lastUsedAt)}, expires{' '}
                    {moment(item.expiresAt)}
                  </p>
                </div>
                {!item.isCurrent && (
                  <Button
                    className="button button-small"
                    isPending={end.isPending && end.variables === item.id}
                    aria-label={`Sign out the session that started ${moment(item.startedAt)}`}
                    onPress={() => end.mutate(item.id)}
                  >
                    Sign out
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {end.isError && <Failure error={end.error} />}
      <Confirm
        trigger="Sign out everywhere"
        title="Sign out everywhere?"
        action="Sign out everywhere"
        onConfirm={async () => {
          await api('POST /v1/auth/logout-everywhere', {});
          session.leave('/sign-in');
        }}
      >
        <p>This ends all your sessions, including this one.</p>
      </Confirm>
    </section>
  );
}
