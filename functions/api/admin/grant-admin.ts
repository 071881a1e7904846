import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { IdParams } from './fields.ts';
import { AdminUser, changeUser, only, USER_COLUMNS, type UserChange, type UserRow } from './user.ts';

/**
 * Makes a user an administrator. One who is stays so.
 *
 * @throws ApiError (403) if who asks is no longer an administrator, (404) if there is no such user, (409) if the user
 *   is deleted
 */
export function grantAdmin(sql: Sql, change: UserChange): Promise<AdminUser> {
  return changeUser(sql, change, async (tx, { id, is_deleted }) => {
    if (is_deleted) throw problem('conflict', 'The user is deleted: take that back first.');
    return only(
      await tx<UserRow[]>`UPDATE users SET is_admin = true WHERE id = ${id} RETURNING ${tx(USER_COLUMNS)}`,
    );
  });
}

export const grantAdminEndpoint = endpoint({
  group: 'admin',
  method: 'PUT',
  path: '/v1/admin/users/{id}/admin',
  operationId: 'grantAdmin',
  summary: 'Make a user an administrator',
  access: 'admin',
  params: IdParams,
  answer: { status: 200, schema: AdminUser, description: 'The user, who is an administrator.' },
  problems: ['not-found', 'conflict'],
  handle: async ({ params, caller }, { sql }) => ({
    body: await grantAdmin(sql, { id: params.id, by: caller.userId }),
  }),
});
