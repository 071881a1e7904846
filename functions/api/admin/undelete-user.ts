import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { IdParams } from './fields.ts';
import { AdminUser, changeUser, only, USER_COLUMNS, type UserChange, type UserRow } from './user.ts';

/**
 * Takes the deletion of a user back, with all rights the user had. One who is not deleted stays so.
 *
 * @throws ApiError (403) if who asks is no longer an administrator, (404) if there is no such user
 */
export function undeleteUser(sql: Sql, change: UserChange): Promise<AdminUser> {
  return changeUser(sql, change, async (tx, { id }) =>
    only(
      await tx<UserRow[]>`UPDATE users SET is_deleted = false WHERE id = ${id} RETURNING ${tx(USER_COLUMNS)}`,
    ),
  );
}

export const undeleteUserEndpoint = endpoint({
  group: 'admin',
  method: 'POST',
  path: '/v1/admin/users/{id}/undelete',
  operationId: 'undeleteUser',
  summary: 'Take the deletion of a user back',
  description: 'The user can sign in again, with the rights there were before; old sessions stay ended.',
  access: 'admin',
  params: IdParams,
  answer: { status: 200, schema: AdminUser, description: 'The user, who is not deleted.' },
  problems: ['not-found'],
  handle: async ({ params, caller }, { sql }) => ({
    body: await undeleteUser(sql, { id: params.id, by: caller.userId }),
  }),
});
