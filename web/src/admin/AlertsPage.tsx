import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { UndeliveredMessage } from '../../api-types.d.ts';
import { KIND_WORDS, MESSAGE_WORDS } from '../alerts/channel-kinds.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { moment } from '../ui/format.ts';
import { LoadMore } from '../ui/LoadMore.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { adminQueries } from './queries.ts';

/** The messages of all users that could not be delivered, newest first, without addresses and content. */
export function Component() {
  const query = useInfiniteQuery(adminQueries.undelivered({}));
  return (
    <section className="panel">
      <title>Alerts · Boursomatic</title>
      <h2>Undelivered messages</h2>
      <p>
        Messages that this service gave up in the last 30 days. Their users see them too, and can send them
        again. If the same reason concerns many users, look at your mail server or your connection first.
      </p>
      <Loaded query={query} what="the undelivered messages">
        {({ pages }) => {
          const messages = pages.flatMap(({ items }) => items);
          return messages.length === 0 ? (
            <Empty title="Every message was delivered." />
          ) : (
            <DataTable
              label="Undelivered messages"
              columns={[
                'Given up',
                'Channel',
                'Message',
                'Written',
                { number: 'Attempts' },
                'User',
                'Reason',
              ]}
            >
              {messages.map((message) => (
                <Row key={message.id} message={message} />
              ))}
            </DataTable>
          );
        }}
      </Loaded>
      <LoadMore query={query} />
    </section>
  );
}

function Row({ message }: { message: UndeliveredMessage }) {
  const { userId, channelKind, kind, createdAt, endedAt, attempts, reason } = message;
  return (
    <tr>
      <th scope="row">{moment(endedAt)}</th>
      <td>{KIND_WORDS[channelKind].name}</td>
      <td>{MESSAGE_WORDS[kind]}</td>
      <td>{moment(createdAt)}</td>
      <td className="number">{attempts}</td>
      <td>
        <Link to={`/admin/security?userId=${userId}`}>
          <span className="visually-hidden">Security events of user </span>
          {userId.slice(-8)}
        </Link>
      </td>
      <td className="text">{reason ?? '–'}</td>
    </tr>
  );
}
