import { useMutation, useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { Link, useSearchParams } from 'react-router';
import type { Unsubscription } from '../../api-types.d.ts';
import { api, useSessionState } from '../api/client.ts';
import { isProblem } from '../api/problem.ts';
import { Failure, Loading, Note } from '../ui/states.tsx';
import { KIND_WORDS } from './channel-kinds.ts';
import { LinkPage } from './LinkPage.tsx';
import { alertQueries } from './queries.ts';

/** The view that the link of a message opens: it stops the messages of a channel. It needs no session. */
export function Component() {
  const [search] = useSearchParams();
  const token = search.get('token') ?? '';
  // A session that turns out to have ended clears all queries.
  const isStarting = useSessionState() === 'starting';
  return (
    <LinkPage title="Stop these messages">
      {isStarting ? <Loading what="the link" rows={1} /> : <Checked token={token} />}
    </LinkPage>
  );
}

function Checked({ token }: { token: string }) {
  const query = useQuery({ ...alertQueries.unsubscription(token), enabled: token !== '' });
  if (token === '' || isProblem(query.error, 'not-found') || isProblem(query.error, 'invalid-request'))
    return <BadLink />;
  if (query.isError) return <Failure error={query.error} onRetry={query.refetch} />;
  if (query.data === undefined) return <Loading what="the link" rows={1} />;
  return <Stop token={token} what={query.data} />;
}

function Stop({ token, what }: { token: string; what: Unsubscription }) {
  const stop = useMutation({
    mutationFn: () => api('POST /v1/alerts/unsubscribe', { query: { token } }),
  });
  const channel = KIND_WORDS[what.channelKind].inSentence;
  if (stop.isSuccess || !what.isActive) {
    return (
      <>
        <Note kind="success" title={stop.isSuccess ? 'Stopped' : 'Stopped already'}>
          <p>You get no more messages {channel}.</p>
        </Note>
        <p>
          To start again, sign in and open <Link to="/settings#alerts">Settings, Alerts</Link>. Choose “Turn
          on” next to the channel.
        </p>
      </>
    );
  }
  return (
    <>
      <p>
        This stops all messages that you get from this service {channel}: changes of calls, stops and targets,
        and summaries. Your account and your other channels stay as they are.
      </p>
      {stop.isError && <Failure error={stop.error} />}
      <div className="row-actions">
        <Button className="button button-primary" isPending={stop.isPending} onPress={() => stop.mutate()}>
          Stop the messages
        </Button>
      </div>
    </>
  );
}

function BadLink() {
  return (
    <>
      <Note kind="warning" title="This link does not work">
        <p>
          It is not complete, or its channel was deleted. A deleted channel gets no more messages. If messages
          still arrive, open the link of the newest one.
        </p>
      </Note>
      <p>
        You can also stop messages under <Link to="/settings#alerts">Settings, Alerts</Link>.
      </p>
    </>
  );
}
