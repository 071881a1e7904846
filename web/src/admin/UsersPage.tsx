import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { AdminUser } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { Segments } from '../ui/fields.tsx';
import { moment } from '../ui/format.ts';
import { LoadMore } from '../ui/LoadMore.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { adminQueries } from './queries.ts';

const STATUSES = [
  { value: 'no', label: 'Active' },
  { value: 'only', label: 'Deleted' },
  { value: 'yes', label: 'All' },
] as const;

/** All accounts: grants and revokes administrator rights, ends sessions, deletes and restores users. */
export function Component() {
  const [search, setSearch] = useState('');
  const [deleted, setDeleted] = useState<'no' | 'only' | 'yes'>('no');
  const query = useInfiniteQuery(adminQueries.users({ deleted, ...(search && { search }) }));
  const { data: me } = useQuery(queries.me());
  return (
    <section className="panel">
      <title>Users · Boursomatic</title>
      <h2>Users</h2>
      <div className="toolbar">
        <SearchBox value={search} onChange={setSearch} placeholder="Part of the address" />
        <Segments label="Show" options={STATUSES} value={deleted} onChange={setDeleted} />
      </div>
      <Loaded query={query} what="the users">
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <Empty title="No users match these filters." />
          ) : (
            <ul className="rows">
              {pages.flatMap(({ items }) =>
                items.map((user) => <User key={user.id} user={user} isSelf={user.id === me?.id} />),
              )}
            </ul>
          )
        }
      </Loaded>
      <LoadMore query={query} />
    </section>
  );
}

function User({ user, isSelf }: { user: AdminUser; isSelf: boolean }) {
  const client = useQueryClient();
  const path = { id: user.id };
  const name = user.email ?? 'Erased account';
  const refreshAfter = (change: () => Promise<unknown>) => async () => {
    await change();
    await client.invalidateQueries({ queryKey: ['admin', 'users'] });
  };
  return (
    <li>
      <div>
        <p className="strong break">
          {name}
          {user.isAdmin && <span className="tag">administrator</span>}
          {user.isDeleted && <span className="tag">deleted</span>}
        </p>
        <p className="muted">
          Registered {moment(user.createdAt)} ·{' '}
          <Link to={`/admin/security?userId=${user.id}`} aria-label={`Security events of ${name}`}>
            Security events
          </Link>
        </p>
      </div>
      {isSelf ? (
        <p className="muted">This is you</p>
      ) : user.isErased ? (
        <p className="muted">The personal data is erased, so the account cannot be restored</p>
      ) : user.isDeleted ? (
        <Confirm
          trigger="Restore"
          title={`Restore ${name}?`}
          action="Restore"
          isDanger={false}
          isQuiet
          onConfirm={refreshAfter(() => api('POST /v1/admin/users/{id}/undelete', { path }))}
        >
          <p>The user can sign in again with the old password.</p>
        </Confirm>
      ) : (
        <div className="row-actions">
          {user.isAdmin ? (
            <Confirm
              trigger="Remove admin rights"
              title={`Remove the admin rights of ${name}?`}
              action="Remove admin rights"
              isQuiet
              onConfirm={refreshAfter(() => api('DELETE /v1/admin/users/{id}/admin', { path }))}
            >
              <p>The user loses access to the admin pages immediately.</p>
            </Confirm>
          ) : (
            <Confirm
              trigger="Make administrator"
              title={`Make ${name} an administrator?`}
              action="Make administrator"
              isDanger={false}
              isQuiet
              onConfirm={refreshAfter(() => api('PUT /v1/admin/users/{id}/admin', { path }))}
            >
              <p>Administrators can start runs, change models and delete users.</p>
            </Confirm>
          )}
          <Confirm
            trigger="Sign out everywhere"
            title={`Sign ${name} out everywhere?`}
            action="Sign out everywhere"
            isQuiet
            onConfirm={refreshAfter(() => api('DELETE /v1/admin/users/{id}/sessions', { path }))}
          >
            <p>
              All sessions of the user end immediately, and all API keys of the user are revoked. The user can
              sign in again with the password.
            </p>
          </Confirm>
          <Confirm
            trigger="Delete"
            title={`Delete ${name}?`}
            action="Delete"
            isQuiet
            onConfirm={refreshAfter(() => api('DELETE /v1/admin/users/{id}', { path }))}
          >
            <p>
              The user is signed out everywhere. You can restore the account for 30 days. Then its personal
              data is erased.
            </p>
          </Confirm>
        </div>
      )}
    </li>
  );
}
