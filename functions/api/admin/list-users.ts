import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { NextCursor } from '../lists/fields.ts';
import { keySchemas, pageOf, type SortOrder, toPage } from '../lists/keyset.ts';
import { PAGING, type Page } from '../lists/paging.ts';
import { choice, textParameter } from '../lists/parameters.ts';
import { AdminUser, toAdminUser, USER_COLUMNS, type UserRow } from './user.ts';

const DELETED = ['no', 'only', 'yes'] as const;

/** The query of GET /v1/admin/users. */
export const UsersQuery = z.strictObject({
  search: textParameter(100)
    .optional()
    .describe('Only users whose e-mail address contains this text. Case does not matter.'),
  deleted: choice(DELETED)
    .default('no')
    .describe('`no` (the default): without deleted users. `only`: deleted users only. `yes`: all users.'),
  ...PAGING,
});
export type UsersQuery = z.output<typeof UsersQuery>;

const Users = z
  .strictObject({ items: z.array(AdminUser), nextCursor: NextCursor })
  .meta({ id: 'AdminUserPage', description: 'A page of users.' });

/** Ids are UUIDs of version 7, which sort by creation time. */
const ORDER: SortOrder = { columns: [{ column: 'id', kind: 'uuid' }], descending: true };

/**
 * Lists users, newest first.
 *
 * @throws ApiError (400, invalid-cursor)
 */
export async function listUsers(sql: Sql, query: UsersQuery): Promise<Page<AdminUser>> {
  const { search, deleted, limit } = query;
  const identity = { list: 'users', search, deleted };
  const keys = readCursor(identity, keySchemas(ORDER), query.cursor);
  const rows = await sql<UserRow[]>`
    SELECT ${sql(USER_COLUMNS)} FROM users
    WHERE true
      ${deleted === 'yes' ? sql`` : sql`AND is_deleted = ${deleted === 'only'}`}
      ${search === undefined ? sql`` : sql`AND position(${search.toLowerCase()}::text IN email) > 0`}
      ${pageOf(sql, ORDER, { keys, limit })}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, ({ id }) => [id]);
  return { items: shown.map(toAdminUser), nextCursor };
}

export const listUsersEndpoint = endpoint({
  group: 'admin',
  method: 'GET',
  path: '/v1/admin/users',
  operationId: 'listUsers',
  summary: 'List users',
  description: 'Sorted by registration, newest first.',
  access: 'admin',
  query: UsersQuery,
  answer: { status: 200, schema: Users, description: 'A page of the matching users.' },
  problems: ['invalid-cursor'],
  handle: async ({ query }, { sql }) => ({ body: await listUsers(sql, query) }),
});
