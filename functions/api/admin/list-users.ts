import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { type CursorKey, readCursor } from '../lists/cursor.ts';
import { after, keySchemas, ordering, rowsToRead, type SortOrder, toPage } from '../lists/keyset.ts';
import { NextCursor, PAGING, type Page } from '../lists/paging.ts';
import { choice } from '../lists/parameters.ts';
import { line } from './fields.ts';
import { AdminUser, toUser, USER_COLUMNS, type UserRow } from './user.ts';

const SHOWN = ['no', 'only', 'yes'] as const;

/** The query of GET /v1/admin/users. */
export const UsersQuery = z.strictObject({
  search: line(100).optional().describe('A part of the e-mail address, in capitals or not.'),
  deleted: choice(SHOWN)
    .default('no')
    .describe('Whether deleted users are listed: `no`, `only` they, or `yes`, with the others.'),
  ...PAGING,
});
export type UsersQuery = z.output<typeof UsersQuery>;

const Users = z
  .strictObject({ items: z.array(AdminUser), nextCursor: NextCursor })
  .meta({ id: 'AdminUserPage', description: 'A page of users.' });

/** Ids are made in the order of time. */
const ORDER: SortOrder = { columns: [{ column: 'id', kind: 'uuid' }], descending: true };

/**
 * Lists users, the newest first.
 *
 * @throws ApiError (400, invalid-cursor)
 */
export async function listUsers(sql: Sql, query: UsersQuery): Promise<Page<AdminUser>> {
  const { search, deleted, limit } = query;
  const identity = { list: 'users', search, deleted };
  const keys: CursorKey[] | undefined = readCursor(identity, keySchemas(ORDER), query.cursor);
  const rows = await sql<UserRow[]>`
    SELECT ${sql(USER_COLUMNS)} FROM users
    WHERE true
      ${deleted === 'yes' ? sql`` : sql`AND is_deleted = ${deleted === 'only'}`}
      ${search === undefined ? sql`` : sql`AND position(${search.toLowerCase()}::text IN email) > 0`}
      ${after(sql, ORDER, keys)}
    ORDER BY ${ordering(sql, ORDER)} LIMIT ${rowsToRead(sql, limit)}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, ({ id }) => [id]);
  return { items: shown.map(toUser), nextCursor };
}

export const listUsersEndpoint = endpoint({
  group: 'admin',
  method: 'GET',
  path: '/v1/admin/users',
  operationId: 'listUsers',
  summary: 'List users',
  description: 'The newest first.',
  access: 'admin',
  query: UsersQuery,
  answer: { status: 200, schema: Users, description: 'The users that the query asks for.' },
  problems: ['invalid-cursor'],
  handle: async ({ query }, { sql }) => ({ body: await listUsers(sql, query) }),
});
