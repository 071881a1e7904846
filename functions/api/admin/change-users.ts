import type { Sql, Transaction } from '../../shared/database.ts';
import { defined } from '../../shared/invariant.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { IdParams } from '../lists/parameters.ts';
import { AdminUser, toAdminUser, USER_COLUMNS, type UserRow } from './user.ts';

export interface UserChange {
  id: string;
  /** The administrator who makes the change. */
  by: string;
}

/**
 * Soft-deletes a user: the row stays for the audit trail, all sessions end, and the user cannot sign in. Deleting a
 * deleted user changes nothing. Administrators cannot delete themselves, so at least one always remains.
 *
 * @throws ApiError (403) if the caller is no longer an administrator, (404) if there is no such user, (409) if the
 *   caller would delete themselves
 */
export function deleteUser(sql: Sql, change: UserChange): Promise<AdminUser> {
  return changeUser(sql, change, (tx, { id }) => {
    if (id === change.by)
      throw problem('conflict', 'You cannot delete yourself. Ask another administrator to do it.');
    return tx<UserRow[]>`UPDATE users SET is_deleted = true WHERE id = ${id} RETURNING ${tx(USER_COLUMNS)}`;
  });
}

export const deleteUserEndpoint = endpoint({
  group: 'admin',
  method: 'DELETE',
  path: '/v1/admin/users/{id}',
  operationId: 'deleteUser',
  summary: 'Delete a user',
  description:
    'Ends all sessions of the user, who can no longer log in. `undeleteUser` restores the user. You cannot delete yourself.',
  access: 'admin',
  confirmation: 'recent',
  params: IdParams,
  answer: { status: 204, description: 'The user is deleted, by this request or an earlier one.' },
  problems: ['not-found', 'conflict'],
  handle: async ({ params, caller }, { sql }) => {
    await deleteUser(sql, { id: params.id, by: caller.userId });
    return { body: undefined };
  },
});

/**
 * Restores a deleted user with the same rights. A user who is not deleted stays unchanged.
 *
 * @throws ApiError (403) if the caller is no longer an administrator, (404) if there is no such user
 */
export function undeleteUser(sql: Sql, change: UserChange): Promise<AdminUser> {
  return changeUser(
    sql,
    change,
    (tx, { id }) =>
      tx<UserRow[]>`UPDATE users SET is_deleted = false WHERE id = ${id} RETURNING ${tx(USER_COLUMNS)}`,
  );
}

export const undeleteUserEndpoint = endpoint({
  group: 'admin',
  method: 'POST',
  path: '/v1/admin/users/{id}/undelete',
  operationId: 'undeleteUser',
  summary: 'Restore a deleted user',
  description:
    'The user can log in again and has the same rights as before. The earlier sessions stay ended.',
  access: 'admin',
  confirmation: 'recent',
  params: IdParams,
  answer: { status: 200, schema: AdminUser, description: 'The restored user.' },
  problems: ['not-found'],
  handle: async ({ params, caller }, { sql }) => ({
    body: await undeleteUser(sql, { id: params.id, by: caller.userId }),
  }),
});

/**
 * Makes a user an administrator. An administrator stays one.
 *
 * @throws ApiError (403) if the caller is no longer an administrator, (404) if there is no such user, (409) if the
 *   user is deleted
 */
export function grantAdmin(sql: Sql, change: UserChange): Promise<AdminUser> {
  return changeUser(sql, change, (tx, { id, is_deleted }) => {
    if (is_deleted) throw problem('conflict', 'This user is deleted. Restore the user first.');
    return tx<UserRow[]>`UPDATE users SET is_admin = true WHERE id = ${id} RETURNING ${tx(USER_COLUMNS)}`;
  });
}

export const grantAdminEndpoint = endpoint({
  group: 'admin',
  method: 'PUT',
  path: '/v1/admin/users/{id}/admin',
  operationId: 'grantAdmin',
  summary: 'Make a user an administrator',
  access: 'admin',
  confirmation: 'recent',
  params: IdParams,
  answer: { status: 200, schema: AdminUser, description: 'The user, now an administrator.' },
  problems: ['not-found', 'conflict'],
  handle: async ({ params, caller }, { sql }) => ({
    body: await grantAdmin(sql, { id: params.id, by: caller.userId }),
  }),
});

/**
 * Removes a user's administrator rights. A user without them stays unchanged. Administrators cannot demote themselves,
 * so at least one always remains.
 *
 * @throws ApiError (403) if the caller is no longer an administrator, (404) if there is no such user, (409) if the
 *   caller would demote themselves
 */
export function revokeAdmin(sql: Sql, change: UserChange): Promise<AdminUser> {
  return changeUser(sql, change, (tx, { id }) => {
    if (id === change.by)
      throw problem(
        'conflict',
        'You cannot remove your own administrator rights. Ask another administrator to do it.',
      );
    return tx<UserRow[]>`UPDATE users SET is_admin = false WHERE id = ${id} RETURNING ${tx(USER_COLUMNS)}`;
  });
}

export const revokeAdminEndpoint = endpoint({
  group: 'admin',
  method: 'DELETE',
  path: '/v1/admin/users/{id}/admin',
  operationId: 'revokeAdmin',
  summary: 'Remove administrator rights from a user',
  description: 'You cannot remove your own rights, so there is always at least one administrator.',
  access: 'admin',
  confirmation: 'recent',
  params: IdParams,
  answer: { status: 200, schema: AdminUser, description: 'The user, now without administrator rights.' },
  problems: ['not-found', 'conflict'],
  handle: async ({ params, caller }, { sql }) => ({
    body: await revokeAdmin(sql, { id: params.id, by: caller.userId }),
  }),
});

/**
 * Changes a user under a lock on all administrators. When two administrators demote each other at the same time, only
 * the first request succeeds.
 *
 * @param change - updates the locked row and returns it
 * @throws ApiError (403) if the caller is no longer an administrator, (404) if there is no such user
 */
function changeUser(
  sql: Sql,
  { id, by }: UserChange,
  change: (tx: Transaction, user: UserRow) => PromiseLike<readonly UserRow[]>,
): Promise<AdminUser> {
  return sql.begin(async (tx) => {
    const rows = await tx<UserRow[]>`
      SELECT ${tx(USER_COLUMNS)} FROM users
      WHERE id = ${id} OR (is_admin AND NOT is_deleted) ORDER BY id FOR UPDATE`;
    if (!rows.some((row) => row.id === by && row.is_admin && !row.is_deleted))
      throw problem('not-allowed', 'You are no longer an administrator.');
    const user = rows.find((row) => row.id === id);
    if (!user) throw problem('not-found', 'There is no user with this id.');
    const [changed] = await change(tx, user);
    return toAdminUser(defined(changed, `the locked row of user ${id}`));
  });
}
