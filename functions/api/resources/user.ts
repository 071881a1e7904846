import type { Sql } from '../../shared/database.ts';
import { problem } from '../core/problem.ts';

/** The fields of a user that the caller of a request does not have. */
export interface User {
  email: string;
  createdAt: Date;
}

/**
 * Reads the user of a valid session.
 *
 * @throws ApiError (401) if the user was deleted after the request began
 */
export async function readUser(sql: Sql, userId: string): Promise<User> {
  const [user] = await sql<{ email: string; created_at: Date }[]>`
    SELECT email, created_at FROM users WHERE id = ${userId} AND NOT is_deleted`;
  if (!user) throw problem('not-signed-in', 'Your session has ended. Log in again.');
  return { email: user.email, createdAt: user.created_at };
}
