import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import type { AlertMessage } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { count, dayAndTime } from '../ui/format.ts';
import { LoadMore } from '../ui/LoadMore.tsx';
import { Failure, Loaded } from '../ui/states.tsx';
import { MESSAGE_WORDS } from './channel-kinds.ts';
import { alertQueries } from './queries.ts';

/** The user's messages that could not be delivered, each with a button that tries again. Shows nothing without one. */
export function Undelivered() {
  const messages = useInfiniteQuery(alertQueries.undelivered());
  const isNone = messages.data?.pages[0]?.items.length === 0;
  if (isNone && !messages.isError) return null;
  return (
    <>
      <h3>Not delivered</h3>
      <Loaded query={messages} what="your undelivered messages" rows={1}>
        {({ pages }) => (
          <ul className="rows" aria-label="Not delivered">
            {pages.flatMap(({ items }) => items.map((message) => <Row key={message.id} message={message} />))}
          </ul>
        )}
      </Loaded>
      <LoadMore query={messages} />
    </>
  );
}

function Row({ message }: { message: AlertMessage }) {
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => api('POST /v1/me/alerts/messages/{id}/retry', { path: { id: message.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['alerts'] }),
  });
  const { kind, changes, channelName, createdAt, attempts, reason } = message;
  const about = kind === 'test' ? '' : ` about ${count(changes, 'change')}`;
  return (
    <li>
      <div>
        <p className="strong break">
          {MESSAGE_WORDS[kind]}
          {about} to {channelName}
        </p>
        <p className="muted break">
          {dayAndTime(createdAt)}, {count(attempts, 'attempt')}. {reason}
        </p>
      </div>
      <Button className="button button-small" isPending={retry.isPending} onPress={() => retry.mutate()}>
        Retry
        <span className="visually-hidden">
          : {MESSAGE_WORDS[kind]} of {dayAndTime(createdAt)}
        </span>
      </Button>
      {retry.isError && (
        <div className="row-details">
          <Failure error={retry.error} />
        </div>
      )}
    </li>
  );
}
