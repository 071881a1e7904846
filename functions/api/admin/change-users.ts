import type { Sql, Transaction } from '../../shared/database.ts';
import { defined } from '../../shared/invariant.ts';
import { type Caller, endpoint, type Services } from '../core/endpoint.ts';
import type { ApiRequest } from '../core/http.ts';
import { problem } from '../core/problem.ts';
import {
  type Origin,
  originOf,
  recordSecurityEvent,
  type SecurityEventType,
} from '../core/security-events.ts';
import { IdParams } from '../lists/parameters.ts';
import { AdminUser, toAdminUser, USER_COLUMNS, type UserRow } from './user.ts';

export interface UserChange {
  id: string;
  /** The administrator who makes the change. */
  by: string;
  origin: Origin;
}

async function changeOf(
  { params, caller, event }: { params: { id: string }; caller: Caller; event: ApiRequest },
  services: Services,
): Promise<UserChange> {
  return { id: params.id, by: caller.userId, origin: await originOf(event, services) };
}

/**
 * Soft-deletes a user: the row stays for the audit trail, all sessions end, and the user cannot sign in. Deleting a
 * deleted user changes nothing. Administrators cannot delete themselves, so at least one always remains.
 *
 * @throws ApiError (403) if the caller is no longer an administrator, (404) if there is no such user, (409) if the
 *   caller would delete themselves
 */
export function deleteUser(sql: Sql, change: UserChange): Promise<AdminUser> {
  return changeUser(sql, change, 'user-deleted', (tx, { id, is_deleted }) => {
    if (id === change.by)
      throw problem('conflict', 'You cannot delete yourself. Ask another administrator to do it.');
    if (is_deleted) return undefined;
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
    'Ends all sessions of the user, who can no longer log in. `undeleteUser` restores the user for 30 days. Then the personal data is erased. You cannot delete yourself.',
  access: 'admin',
  confirmation: 'recent',
  params: IdParams,
  answer: { status: 204, description: 'The user is deleted, by this request or an earlier one.' },
  problems: ['not-found', 'conflict'],
  handle: async (request, services) => {
    await deleteUser(services.sql, await changeOf(request, services));
    return { body: undefined };
  },
});

/**
 * Restores a deleted user with the same rights. A user who is not deleted stays unchanged.
 *
 * @throws ApiError (403) if the caller is no longer an administrator, (404) if there is no such user, (409) if the
 *   user's personal data is erased
 */
export function undeleteUser(sql: Sql, change: UserChange): Promise<AdminUser> {
  return changeUser(sql, change, 'user-restored', (tx, { id, is_deleted, is_erased }) => {
    if (is_erased)
      throw problem(
        'conflict',
        'The personal data of this user was erased 30 days after the deletion. The user can register again.',
      );
    if (!is_deleted) return undefined;
    return tx<UserRow[]>`UPDATE users SET is_deleted = false WHERE id = ${id} RETURNING ${tx(USER_COLUMNS)}`;
  });
}

export const undeleteUserEndpoint = endpoint({
  group: 'admin',
  method: 'POST',
  path: '/v1/admin/users/{id}/undelete',
  operationId: 'undeleteUser',
  summary: 'Restore a deleted user',
  description:
    'The user can log in again and has the same rights as before. The earlier sessions stay ended. Possible for 30 days after the deletion.',
  access: 'admin',
  confirmation: 'recent',
  params: IdParams,
  answer: { status: 200, schema: AdminUser, description: 'The restored user.' },
  problems: ['not-found', 'conflict'],
  handle: async (request, services) => ({
    body: await undeleteUser(services.sql, await changeOf(request, services)),
  }),
});

/**
 * Makes a user an administrator. An administrator stays one.
 *
 * @throws ApiError (403) if the caller is no longer an administrator, (404) if there is no such user, (409) if the
 *   user is deleted
 */
export function grantAdmin(sql: Sql, change: UserChange): Promise<AdminUser> {
  return changeUser(sql, change, 'admin-granted', (tx, { id, is_admin, is_deleted }) => {
    if (is_deleted) throw problem('conflict', 'This user is deleted. Restore the user first.');
    if (is_admin) return undefined;
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
  handle: async (request, services) => ({
    body: await grantAdmin(services.sql, await changeOf(request, services)),
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
  return changeUser(sql, change, 'admin-revoked', (tx, { id, is_admin }) => {
    if (id === change.by)
      throw problem(
        'conflict',
        'You cannot remove your own administrator rights. Ask another administrator to do it.',
      );
    if (!is_admin) return undefined;
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
  handle: async (request, services) => ({
    body: await revokeAdmin(services.sql, await changeOf(request, services)),
  }),
});

/**
 * Changes a user under a lock on all administrators. When two administrators demote each other at the same time, only
 * the first request succeeds.
 *
 * @param type - the security event of the change
 * @param change - updates the locked row and returns it; undefined if there is nothing to change
 * @throws ApiError (403) if the caller is no longer an administrator, (404) if there is no such user
 */
function changeUser(
  sql: Sql,
  { id, by, origin }: UserChange,
  type: SecurityEventType,
  change: (tx: Transaction, user: UserRow) => PromiseLike<readonly UserRow[]> | undefined,
): Promise<AdminUser> {
  return sql.begin(async (tx) => {
    const rows = await tx<UserRow[]>`
      SELECT ${tx(USER_COLUMNS)} FROM users
      WHERE id = ${id} OR (is_admin AND NOT is_deleted) ORDER BY id FOR UPDATE`;
    if (!rows.some((row) => row.id === by && row.is_admin && !row.is_deleted))
      throw problem('not-allowed', 'You are no longer an administrator.');
    const user = rows.find((row) => row.id === id);
    if (!user) throw problem('not-found', 'There is no user with this id.');
    const changing = change(tx, user);
    if (!changing) return toAdminUser(user);
    const [changed] = await changing;
    await recordSecurityEvent(tx, { type, userId: id, actorId: by, origin });
    return toAdminUser(defined(changed, `the locked row of user ${id}`));
  });
}
