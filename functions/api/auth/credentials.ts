import { wallClock } from '../../shared/clock.ts';
import type { Sql, Transaction } from '../../shared/database.ts';
import { problem } from '../core/problem.ts';
import { count } from '../core/telemetry.ts';
import { hashPassword, isPassword, needsRehash } from './passwords.ts';
import { countAttempt, forgiveAttempt } from './throttle.ts';

/** Whose password is given, from where. */
export interface Credentials {
  email: string;
  password: string;
  address: string;
}

/**
 * Proves a password, and does work that it allows in one transaction, in which the user is neither deleted nor given
 * another password. An e-mail that nobody has takes the same time and the same words as a wrong password.
 *
 * @param work - gets the transaction, which holds the user's row, and the user's id
 * @throws ApiError (401, wrong-credentials), (429) if it comes too soon after others
 */
export async function withPassword<T>(
  sql: Sql,
  { email, password, address }: Credentials,
  work: (tx: Transaction, userId: string) => Promise<T>,
): Promise<T> {
  const attempt = await countAttempt(sql, { email, address }, wallClock());
  const [user] = await sql<{ id: string; password_hash: string }[]>`
    SELECT id, password_hash FROM users WHERE email = ${email} AND NOT is_deleted`;
  if (!(await isPassword(password, user?.password_hash)) || !user) throw wrongCredentials();
  const stronger = needsRehash(user.password_hash) ? await hashPassword(password) : undefined;
  let result: T | undefined;
  await sql.begin(async (tx) => {
    const [proven] = await tx`
      SELECT FROM users
      WHERE id = ${user.id} AND NOT is_deleted AND password_hash = ${user.password_hash} FOR NO KEY UPDATE`;
    if (!proven) throw wrongCredentials();
    if (stronger) await tx`UPDATE users SET password_hash = ${stronger} WHERE id = ${user.id}`;
    await forgiveAttempt(tx, attempt);
    result = await work(tx, user.id);
  });
  return result as T;
}

function wrongCredentials() {
  count('LoginRefused');
  return problem('wrong-credentials', 'The e-mail or the password is wrong.');
}
