import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Checkbox } from 'react-aria-components/Checkbox';
import type { ApiKey, NewApiKey } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { Choice, Field } from '../ui/fields.tsx';
import { moment } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { NewKey } from './NewKey.tsx';

type Lifetime = '30' | '90' | '180' | '365';

const LIFETIMES: { value: Lifetime; label: string }[] = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '180', label: '180 days' },
  { value: '365', label: '1 year' },
];

const LONGEST_NAME = 60;

/** The user's API keys, with which programs read. */
export function ApiKeys() {
  const client = useQueryClient();
  const keys = useQuery(queries.apiKeys());
  const [made, setMade] = useState<NewApiKey>();
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['api-keys'] }),
      client.invalidateQueries({ queryKey: ['security-events'] }),
    ]);
  return (
    <section className="panel" id="api-keys">
      <h2>API keys</h2>
      <p>
        With an API key, a program, a spreadsheet or an assistant can read stocks, recommendations and your
        watchlist in your name. It changes nothing, except your watchlist if you allow it. It cannot see the
        rest of your account. The <a href="/v1/docs">API reference</a> lists what it can read.
      </p>
      <Loaded query={keys} what="your API keys" rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="You have no API keys." />
          ) : (
            <ul className="rows" aria-label="API keys">
              {items.map((item) => (
                <Row key={item.id} item={item} onRevoked={refresh} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {made ? (
        <NewKey made={made} onDone={() => setMade(undefined)} />
      ) : (
        <MakeKey
          onMade={async (key) => {
            setMade(key);
            await refresh();
          }}
        />
      )}
    </section>
  );
}

function Row({ item, onRevoked }: { item: ApiKey; onRevoked: () => Promise<unknown> }) {
  const isExpired = new Date(item.expiresAt) <= new Date();
  return (
    <li>
      <div>
        <p className="strong break">
          {item.name}
          {isExpired && <span className="tag">expired</span>}
        </p>
        <p className="muted">
          <code>bmk_…{item.ending}</code>, made {moment(item.createdAt)}, {isExpired ? 'expired' : 'expires'}{' '}
          {moment(item.expiresAt)},{' '}
          {item.lastUsedAt === null ? 'never used' : `last used ${moment(item.lastUsedAt)}`}
          {item.mayFollow && ', may change your watchlist'}
        </p>
      </div>
      <Confirm
        isQuiet
        trigger={
          <>
            Revoke
            <span className="visually-hidden">
              {' '}
              the key {item.name} ending in {item.ending}
            </span>
          </>
        }
        title="Revoke this API key?"
        action="Revoke"
        onConfirm={async () => {
          await api('DELETE /v1/me/api-keys/{id}', { path: { id: item.id } });
          await onRevoked();
        }}
      >
        <p className="break">
          Programs that use the key “{item.name}” lose access. You cannot undo this, but you can make a new
          key.
        </p>
      </Confirm>
    </li>
  );
}

function MakeKey({ onMade }: { onMade: (made: NewApiKey) => Promise<void> }) {
  const [name, setName] = useState('');
  const [lifetime, setLifetime] = useState<Lifetime>('90');
  const [mayFollow, setMayFollow] = useState(false);
  return (
    <Confirm
      trigger="Make an API key…"
      title="Make an API key"
      action="Make key"
      isDanger={false}
      onConfirm={async () =>
        onMade(
          await api('POST /v1/me/api-keys', {
            body: { name: name.trim(), expiresInDays: Number(lifetime), mayFollow },
          }),
        )
      }
    >
      <Field
        label="Name"
        isRequired
        maxLength={LONGEST_NAME}
        value={name}
        onChange={setName}
        hint="For example the program that uses the key. It helps you to recognise the key later."
      />
      <Choice label="Expires after" options={LIFETIMES} value={lifetime} onChange={setLifetime} />
      <Checkbox className="checkbox" isSelected={mayFollow} onChange={setMayFollow}>
        <span className="checkbox-box">
          <Icon name="check" />
        </span>
        The key may change my watchlist
      </Checkbox>
    </Confirm>
  );
}
