import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { IdParams } from './fields.ts';
import { type AdminUser, changeUser, only, USER_COLUMNS, type UserChange, type UserRow } from './user.ts';

/**
 * Deletes a user softly: the row stays for the audit trail, and the user can neither sign in nor go on with a session.
 * Deleting one again changes nothing. Nobody deletes themselves, so at least one administrator is left.
 *
 * @throws ApiError (403) if who asks is no longer an administrator, (404) if there is no such user, (409) if it is
 *   who asks
 */
export function deleteUser(sql: Sql, change: UserChange): Promise<AdminUser> {
  return changeUser(sql, change, async (tx, { id }) => {
    if (id === change.by) throw problem('conflict', 'You cannot delete yourself: another administrator can.');
    return only(
      await tx<UserRow[]>`UPDATE users SET is_deleted = true WHERE id = ${id} RETURNING ${tx(USER_COLUMNS)}`,
    );
  });
}

export const deleteUserEndpoint = endpoint({
  group: 'admin',
  method: 'DELETE',
  path: '/v1/admin/users/{id}',
  operationId: 'deleteUser',
  summary: 'Delete a user',
  description:
    'The user can no longer sign in, and sessions end. The row stays, and `undeleteUser` takes it back. Nobody can delete themselves.',
  access: 'admin',
  params: IdParams,
  answer: { status: 204, description: 'The user is deleted, now or before.' },
  problems: ['not-found', 'conflict'],
  handle: async ({ params, caller }, { sql }) => {
    await deleteUser(sql, { id: params.id, by: caller.userId });
    return { body: undefined };
  },
});
