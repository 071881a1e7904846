import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { UndeliveredMessage } from '../../api-types.d.ts';
import { KIND_WORDS, MESSAGE_WORDS } from '../alerts/channel-kinds.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { moment } from '../ui/format.ts';
import { LoadMore } from '../ui/LoadMore.tsx';
import { Empty, Loaded, Note } from '../ui/states.tsx';
import { adminQueries } from './queries.ts';

/** The messages of all users that could not be delivered, newest first, without addresses and content. */
export function Component() {
  const query = useInfiniteQuery(adminQueries.undelivered({}));
  return (
    <section className="panel">
      <title>Alerts · Boursomatic</title>
      <h2>Undelivered messages</h2>
      <p>
        Messages that this service could not deliver in the last 30 days. Their users see them too, and can
        send them again. If many users have the same reason, check your mail server and your connection first.
      </p>
      <Loaded query={query} what="the undelivered messages">
        {({ pages }) => {
          const messages = pages.flatMap(({ items }) => items);
          return (
            <>
              <Health failingSince={pages[0]?.failingSince ?? null} />
              {messages.length === 0 ? (
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
              )}
            </>
          );
        }}
      </Loaded>
      <LoadMore query={query} />
    </section>
  );
}

function Health({ failingSince }: { failingSince: string | null }) {
  if (failingSince === null) return <p>Delivery works: no message waits longer than it should.</p>;
  return (
    <Note kind="error" title={`No message has reached a user since ${moment(failingSince)}`}>
      <p>
        The service retries each message for a day. Check your mail server and the connection to it. To see
        the reason now, send a test under Settings, Alerts.
      </p>
    </Note>
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
        <Link to={`/admin/security?userId=${userId}`}>{userId.slice(-8)}</Link>
      </td>
      <td className="text">{reason ?? '–'}</td>
    </tr>
  );
}
