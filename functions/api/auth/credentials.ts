import { wallClock } from '../../shared/clock.ts';
import type { Transaction } from '../../shared/database.ts';
import type { Services } from '../core/endpoint.ts';
import { ApiError, problem } from '../core/problem.ts';
import { type Origin, recordSecurityEvent } from '../core/security-events.ts';
import { count } from '../core/telemetry.ts';
import { refuseWeak } from './new-password.ts';
import { inPasswordQueue } from './password-queue.ts';
import { hashPassword, isPassword, needsRehash } from './passwords.ts';
import { codeKind, secondFactorRequired, spendCode } from './second-factor-store.ts';
import { type Attempt, countAttempt, countCode, forgiveAttempt, undoAttempt } from './throttle.ts';

/** The credentials of a login or a confirmation, and where they come from. */
export interface Credentials {
  email: string;
  password: string;
  /** A code of the authenticator app, or a recovery code. */
  code: string | undefined;
  /** Replaces a one-time password. */
  newPassword?: string | undefined;
  origin: Origin;
  /** The security event that records a refusal. */
  refusal: 'login-refused' | 'confirmation-refused';
}

type Work<T> = (tx: Transaction, userId: string) => Promise<T>;

type CredentialServices = Pick<Services, 'sql' | 'cipher'>;

/**
 * Verifies a password, and the second factor of an account that has one. A one-time password permits nothing without a
 * new password, which replaces it. Then it does the work that they permit, in one transaction. The transaction locks the user, so that the user cannot be deleted or get another password meanwhile, and
 * no code works twice. An unknown e-mail address takes as long as a wrong password and gets the same answer.
 *
 * @param work - receives the transaction and the user's id
 * @throws ApiError (401, wrong-credentials, password-change-required, second-factor-required or wrong-code), (400) for a
 *   weak new password, (409) for one that replaces no one-time password, (429) if the attempt comes too soon after failed ones
 * @throws ServiceBusyError if too many passwords are waiting to be verified
 */
export function withPassword<T>(
  services: CredentialServices,
  credentials: Credentials,
  work: Work<T>,
): Promise<T> {
  return inPasswordQueue(() => verifyAndWork(services, credentials, work));
}

async function verifyAndWork<T>(
  services: CredentialServices,
  credentials: Credentials,
  work: Work<T>,
): Promise<T> {
  const { sql, cipher } = services;
  const { email, password, code, newPassword, origin, refusal } = credentials;
  const attempt = await countAttempt(sql, { email, origin }, wallClock());
  const [user] = await sql<UserRow[]>`
    SELECT id, password_hash, password_expires_at, EXISTS (
        SELECT FROM second_factors f WHERE f.user_id = u.id AND f.activated_at IS NOT NULL
      ) AS has_second_factor
    FROM users u WHERE email = ${email} AND NOT is_deleted`;
  try {
    if (!(await isPassword(password, user?.password_hash)) || !user) throw wrongCredentials();
    await checkNewPassword(sql, user, credentials, attempt);
    const attempts = [attempt, ...(await countSecondFactor(sql, user, credentials, attempt))];
    const rehashed = newPassword ?? (needsRehash(user.password_hash) ? password : undefined);
    const hash = rehashed === undefined ? undefined : await hashPassword(rehashed);
    let result: T | undefined;
    await sql.begin(async (tx) => {
      const [proven] = await tx`
        SELECT FROM users
        WHERE id = ${user.id} AND NOT is_deleted AND password_hash = ${user.password_hash} FOR NO KEY UPDATE`;
      if (!proven) throw wrongCredentials();
      const kind = await spendCode(tx, cipher, user.id, code);
      if (kind === 'recovery')
        await recordSecurityEvent(tx, { type: 'recovery-code-used', userId: user.id, origin });
      if (hash !== undefined)
        await tx`UPDATE users SET password_hash = ${hash}, password_expires_at = NULL WHERE id = ${user.id}`;
      for (const counted of attempts) await forgiveAttempt(tx, counted);
      result = await work(tx, user.id);
    });
    return result as T;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401)
      await recordSecurityEvent(sql, {
        type: refusal,
        userId: user?.id ?? null,
        origin,
        detail: { reason: error.code },
      });
    throw error;
  }
}

interface UserRow {
  id: string;
  password_hash: string;
  password_expires_at: Date | null;
  has_second_factor: boolean;
}

/**
 * Requires a new password of a caller with a one-time password, and of no other.
 *
 * @param attempt - the attempt with the password, which counts as no failure if the new password is missing or refused
 * @throws ApiError (401, wrong-credentials) if the one-time password has expired, (401, password-change-required)
 *   without a new password, (400) for a new one that is weak, (409) for one that replaces no one-time password
 */
async function checkNewPassword(
  sql: CredentialServices['sql'],
  { password_expires_at }: UserRow,
  { email, newPassword }: Credentials,
  attempt: Attempt,
): Promise<void> {
  if (password_expires_at && password_expires_at <= wallClock()) throw wrongCredentials();
  try {
    if (newPassword !== undefined) {
      if (!password_expires_at) throw noOneTimePassword();
      await refuseWeak(newPassword, email, 'newPassword');
    } else if (password_expires_at)
      throw problem(
        'password-change-required',
        'This password works once. Choose your own, and send it as newPassword with this login.',
      );
  } catch (error) {
    await undoAttempt(sql, attempt);
    throw error;
  }
}

function noOneTimePassword() {
  return problem(
    'conflict',
    'newPassword is accepted only with a one-time password. Log in without it, then change the password.',
  );
}

/**
 * Counts the attempt to guess a code of the authenticator app, whatever address it comes from. Recovery codes are too
 * long to guess, so the owner can still log in with one while somebody else is guessing.
 *
 * @param attempt - the attempt with the password, which counts as no failure if the code is missing or comes too soon
 * @returns the counted attempt, if there is one
 * @throws ApiError (401, second-factor-required) if the account needs a code, (429) after too many wrong ones
 */
async function countSecondFactor(
  sql: CredentialServices['sql'],
  { id, has_second_factor }: UserRow,
  { code, origin }: Credentials,
  attempt: Attempt,
): Promise<Attempt[]> {
  if (!has_second_factor || (code !== undefined && codeKind(code) === 'recovery')) return [];
  try {
    if (code === undefined) throw secondFactorRequired();
    return [await countCode(sql, { userId: id, origin }, wallClock())];
  } catch (error) {
    await undoAttempt(sql, attempt);
    throw error;
  }
}

function wrongCredentials() {
  count('LoginRefused');
  return problem(
    'wrong-credentials',
    'The e-mail address or the password is wrong. Check both and try again.',
  );
}
