import * as z from 'zod';
import { Id, Instant } from '../lists/fields.ts';

/** A user, as an administrator sees one. */
export const AdminUser = z
  .strictObject({
    id: Id,
    email: z
      .string()
      .nullable()
      .describe('The e-mail address that the user logs in with; null if it is erased.'),
    isAdmin: z.boolean().describe('Whether the user is an administrator.'),
    isDeleted: z.boolean().describe('Whether the user is deleted. A deleted user cannot log in.'),
    isErased: z
      .boolean()
      .describe(
        'Whether the personal data is erased, 30 days after the deletion. The user cannot be restored.',
      ),
    createdAt: Instant.describe('When the user registered, in UTC.'),
  })
  .meta({ id: 'AdminUser', description: 'A user, as administrators see it.' });
export type AdminUser = z.output<typeof AdminUser>;

/** The columns of {@link UserRow}. The password hash is never among them. */
export const USER_COLUMNS = ['id', 'email', 'is_admin', 'is_deleted', 'is_erased', 'created_at'] as const;

/** The columns of a user that administrators see. */
export interface UserRow {
  id: string;
  email: string | null;
  is_admin: boolean;
  is_deleted: boolean;
  is_erased: boolean;
  created_at: Date;
}

/** Converts a row to the API's form. */
export function toAdminUser(row: UserRow): AdminUser {
  return {
    id: row.id,
    email: row.email,
    isAdmin: row.is_admin,
    isDeleted: row.is_deleted,
    isErased: row.is_erased,
    createdAt: row.created_at.toISOString(),
  };
}
