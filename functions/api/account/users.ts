import type { Sql } from '../../shared/database.ts';
import { problem } from '../core/problem.ts';

/** What the store knows of a user, beyond what comes with each request. */
export interface User {
  email: string;
  createdAt: Date;
}

/**
 * Reads a user who is logged in.
 *
 * @throws ApiError (401) if the user has been deleted since the request came
 */
export async function readUser(sql: Sql, userId: string): Promise<User> {
  const [user] = await sql<{ email: string; created_at: Date }[]>`
    SELECT email, created_at FROM users WHERE id = ${userId} AND NOT is_deleted`;
  if (!user) throw problem('not-signed-in', 'The session has ended. Log in again.');
  return { email: user.email, createdAt: user.created_at };
}
