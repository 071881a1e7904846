import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AlertChannels, AlertMessage, NewAlertChannel } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { Empty } from '../ui/states.tsx';
import { AddChannel } from './AddChannel.tsx';
import { ChannelRow } from './ChannelRow.tsx';
import { NewSecret } from './NewSecret.tsx';
import { alertQueries } from './queries.ts';
import { browserTimeZone } from './time-zones.ts';

/** The user's channels, and the dialog that adds one. */
export function Channels({
  overview: { items, offeredKinds, tests },
  email,
}: {
  overview: AlertChannels & { tests: readonly AlertMessage[] };
  email: string;
}) {
  const client = useQueryClient();
  const [secret, setSecret] = useState<string>();
  const refresh = async (added: NewAlertChannel) => {
    setSecret(added.secret ?? undefined);
    if (items.length === 0) await takeTimeZone(client);
    await Promise.all([
      client.invalidateQueries({ queryKey: ['alerts'] }),
      client.invalidateQueries({ queryKey: ['security-events'] }),
    ]);
  };
  const add = (
    <AddChannel email={email} offered={offeredKinds} isPrimary={items.length === 0} onAdded={refresh} />
  );
  if (secret !== undefined) return <NewSecret secret={secret} onDone={() => setSecret(undefined)} />;
  if (items.length === 0) return <Empty title="You get no messages until you add a channel.">{add}</Empty>;
  return (
    <>
      <ul className="rows" aria-label="Channels">
        {items.map((channel) => (
          <ChannelRow key={channel.id} channel={channel} tests={tests} />
        ))}
      </ul>
      <div>{add}</div>
    </>
  );
}

/**
 * Stores the browser's time zone for a user's first channel: nothing has depended on it before. The form for times
 * appears after the first channel, so it begins with the stored zone. On failure, the user can still choose one.
 */
async function takeTimeZone(client: QueryClient): Promise<void> {
  await client.cancelQueries({ queryKey: alertQueries.settings().queryKey });
  await api('PATCH /v1/me/alerts/settings', { body: { timeZone: browserTimeZone() } }).then(
    (saved) => client.setQueryData(alertQueries.settings().queryKey, saved),
    () => {},
  );
}
