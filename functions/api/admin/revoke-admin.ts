import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { IdParams } from './fields.ts';
import { AdminUser, changeUser, only, USER_COLUMNS, type UserChange, type UserRow } from './user.ts';

/**
 * Makes an administrator a user like others. One who is none stays so. Nobody does it to themselves, so at least one
 * administrator is left.
 *
 * @throws ApiError (403) if who asks is no longer an administrator, (404) if there is no such user, (409) if it is
 *   who asks
 */
export function revokeAdmin(sql: Sql, change: UserChange): Promise<AdminUser> {
  return changeUser(sql, change, async (tx, { id }) => {
    if (id === change.by)
      throw problem('conflict', 'You cannot take your own rights away: another administrator can.');
    return only(
      await tx<UserRow[]>`UPDATE users SET is_admin = false WHERE id = ${id} RETURNING ${tx(USER_COLUMNS)}`,
    );
  });
}

export const revokeAdminEndpoint = endpoint({
  group: 'admin',
  method: 'DELETE',
  path: '/v1/admin/users/{id}/admin',
  operationId: 'revokeAdmin',
  summary: 'Make an administrator a user like others',
  description: 'Nobody can do so to themselves: there is always at least one administrator.',
  access: 'admin',
  params: IdParams,
  answer: { status: 200, schema: AdminUser, description: 'The user, who is no administrator.' },
  problems: ['not-found', 'conflict'],
  handle: async ({ params, caller }, { sql }) => ({
    body: await revokeAdmin(sql, { id: params.id, by: caller.userId }),
  }),
});
