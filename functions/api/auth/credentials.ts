import { wallClock } from '../../shared/clock.ts';
import type { Sql, Transaction } from '../../shared/database.ts';
import { problem } from '../core/problem.ts';
import { type Origin, recordSecurityEvent } from '../core/security-events.ts';
import { count } from '../core/telemetry.ts';
import { inPasswordQueue } from './password-queue.ts';
import { hashPassword, isPassword, needsRehash } from './passwords.ts';
import { countAttempt, forgiveAttempt } from './throttle.ts';

/** The credentials of a login attempt, and where it comes from. */
export interface Credentials {
  email: string;
  password: string;
  origin: Origin;
  /** The security event of a wrong password. */
  refusal: 'login-refused' | 'confirmation-refused';
}

/**
 * Verifies a password, then does the work that it permits in one transaction. The transaction locks the user, so that the
 * user cannot be deleted or get another password meanwhile. An unknown e-mail address takes as long as a wrong password
 * and gets the same answer.
 *
 * @param work - receives the transaction and the user's id
 * @throws ApiError (401, wrong-credentials), (429) if the attempt comes too soon after failed ones
 * @throws ServiceBusyError if too many passwords are waiting to be verified
 */
export function withPassword<T>(
  sql: Sql,
  credentials: Credentials,
  work: (tx: Transaction, userId: string) => Promise<T>,
): Promise<T> {
  return inPasswordQueue(() => verifyAndWork(sql, credentials, work));
}

async function verifyAndWork<T>(
  sql: Sql,
  { email, password, origin, refusal }: Credentials,
  work: (tx: Transaction, userId: string) => Promise<T>,
): Promise<T> {
  const attempt = await countAttempt(sql, { email, origin }, wallClock());
  const [user] = await sql<{ id: string; password_hash: string }[]>`
    SELECT id, password_hash FROM users WHERE email = ${email} AND NOT is_deleted`;
  const refuse = async () => {
    await recordSecurityEvent(sql, { type: refusal, userId: user?.id ?? null, origin });
    return wrongCredentials();
  };
  if (!(await isPassword(password, user?.password_hash)) || !user) throw await refuse();
  const stronger = needsRehash(user.password_hash) ? await hashPassword(password) : undefined;
  let done: { result: T } | undefined;
  await sql.begin(async (tx) => {
    const [proven] = await tx`
      SELECT FROM users
      WHERE id = ${user.id} AND NOT is_deleted AND password_hash = ${user.password_hash} FOR NO KEY UPDATE`;
    if (!proven) return;
    if (stronger) await tx`UPDATE users SET password_hash = ${stronger} WHERE id = ${user.id}`;
    await forgiveAttempt(tx, attempt);
    done = { result: await work(tx, user.id) };
  });
  if (!done) throw await refuse();
  return done.result;
}

function wrongCredentials() {
  count('LoginRefused');
  return problem(
    'wrong-credentials',
    'The e-mail address or the password is wrong. Check both and try again.',
  );
}
