import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AdminUser } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { Segments } from '../ui/fields.tsx';
import { moment } from '../ui/format.ts';
import { SearchBox } from '../ui/SearchBox.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { More } from './More.tsx';
import { adminQueries } from './pages.ts';

const WHICH = [
  { value: 'no', label: 'Active' },
  { value: 'only', label: 'Deleted' },
  { value: 'yes', label: 'All' },
] as const;

/** Who has an account, and what they may do. */
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
        <SearchBox value={search} onChange={setSearch} placeholder="Part of the e-mail" />
        <Segments label="Which" options={WHICH} value={deleted} onChange={setDeleted} />
      </div>
      <Loaded query={query} what="the users">
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <Empty title="Nobody fits" />
          ) : (
            <ul className="rows">
              {pages.flatMap(({ items }) =>
                items.map((user) => <User key={user.id} user={user} isSelf={user.id === me?.id} />),
              )}
            </ul>
          )
        }
      </Loaded>
      <More query={query} />
    </section>
  );
}

function User({ user, isSelf }: { user: AdminUser; isSelf: boolean }) {
  const client = useQueryClient();
  const path = { id: user.id };
  const act = (work: () => Promise<unknown>) => async () => {
    await work();
    await client.invalidateQueries({ queryKey: ['admin', 'users'] });
  };
  return (
    <li>
      <div>
        <p className="strong break">
          {user.email}
          {user.isAdmin && <span className="tag">administrator</span>}
          {user.isDeleted && <span className="tag">deleted</span>}
        </p>
        <p className="muted">since {moment(user.createdAt)}</p>
      </div>
      {isSelf ? (
        <p className="muted">That’s you</p>
      ) : user.isDeleted ? (
        <Confirm
          trigger="Bring back"
          title={`Bring ${user.email} back?`}
          action="Bring back"
          isDanger={false}
          isQuiet
          onConfirm={act(() => api('POST /v1/admin/users/{id}/undelete', { path }))}
        >
          <p>The account works again, with its old password.</p>
        </Confirm>
      ) : (
        <div className="row-actions">
          {user.isAdmin ? (
            <Confirm
              trigger="Take rights away"
              title={`Make ${user.email} a user like others?`}
              action="Take rights away"
              isQuiet
              onConfirm={act(() => api('DELETE /v1/admin/users/{id}/admin', { path }))}
            >
              <p>That counts from the next request on.</p>
            </Confirm>
          ) : (
            <Confirm
              trigger="Make administrator"
              title={`Make ${user.email} an administrator?`}
              action="Make administrator"
              isDanger={false}
              isQuiet
              onConfirm={act(() => api('PUT /v1/admin/users/{id}/admin', { path }))}
            >
              <p>Administrators can start runs, change models, and delete users.</p>
            </Confirm>
          )}
          <Confirm
            trigger="Delete"
            title={`Delete ${user.email}?`}
            action="Delete"
            isQuiet
            onConfirm={act(() => api('DELETE /v1/admin/users/{id}', { path }))}
          >
            <p>The user is signed out everywhere. You can bring the account back.</p>
          </Confirm>
        </div>
      )}
    </li>
  );
}
