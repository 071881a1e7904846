import * as z from 'zod';
import type { Sql, Transaction } from '../../shared/database.ts';
import { problem } from '../core/problem.ts';
import { Instant } from '../lists/fields.ts';
import { Id } from './fields.ts';

/** A user, as an administrator sees one. */
export const AdminUser = z
  .strictObject({
    id: Id,
    email: z.string().describe('The address that the user signs in with.'),
    isAdmin: z.boolean().describe('Whether the user is an administrator.'),
    isDeleted: z.boolean().describe('Whether the user has been deleted: such a user cannot sign in.'),
    createdAt: Instant,
  })
  .meta({ id: 'AdminUser', description: 'A user, as an administrator sees one.' });
export type AdminUser = z.output<typeof AdminUser>;

/** The columns of {@link UserRow}: never the password's hash. */
export const USER_COLUMNS = ['id', 'email', 'is_admin', 'is_deleted', 'created_at'] as const;

/** A user's row, as far as administrators see it. */
export interface UserRow {
  id: string;
  email: string;
  is_admin: boolean;
  is_deleted: boolean;
  created_at: Date;
}

/** A user's row as the API tells it. */
export function toUser(row: UserRow): AdminUser {
  return {
    id: row.id,
    email: row.email,
    isAdmin: row.is_admin,
    isDeleted: row.is_deleted,
    createdAt: row.created_at.toISOString(),
  };
}

/** Who may be changed, and by whom. */
export interface UserChange {
  /** The user to change. */
  id: string;
  /** The administrator who asks. */
  by: string;
}

/**
 * Changes a user while nobody else changes who is an administrator: of two administrators who take each other's
 * rights away at once, one comes too late.
 *
 * @param change - changes the row, given it as it is, and answers it as it became
 * @throws ApiError (403) if who asks is no longer an administrator, (404) if there is no such user
 */
export function changeUser(
  sql: Sql,
  { id, by }: UserChange,
  change: (tx: Transaction, user: UserRow) => Promise<UserRow>,
): Promise<AdminUser> {
  return sql.begin(async (tx) => {
    const rows = await tx<UserRow[]>`
      SELECT ${tx(USER_COLUMNS)} FROM users
      WHERE id = ${id} OR (is_admin AND NOT is_deleted) ORDER BY id FOR UPDATE`;
    if (!rows.some((row) => row.id === by && row.is_admin && !row.is_deleted))
      throw problem('not-allowed', 'You are no longer an administrator.');
    const user = rows.find((row) => row.id === id);
    if (!user) throw problem('not-found', 'There is no such user.');
    return toUser(await change(tx, user));
  });
}

/** The one row that a statement answered. */
export function only<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('a row that was locked is gone');
  return row;
}
