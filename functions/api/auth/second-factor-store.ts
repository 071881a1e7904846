import { wallClock } from '../../shared/clock.ts';
import type { Sql, Transaction } from '../../shared/database.ts';
import type { Cipher } from '../core/cipher.ts';
import { problem } from '../core/problem.ts';
import { logger } from '../core/telemetry.ts';
import { hashRecoveryCode, makeRecoveryCodes } from './recovery-codes.ts';
import { makeTotpSecret, type TotpSecret, totpStep } from './totp.ts';

/** An active second factor. */
export interface SecondFactor {
  activatedAt: Date;
  recoveryCodesLeft: number;
}

/** The kind of code that a user entered. */
export type CodeKind = 'app' | 'recovery';

/** Codes of authenticator apps have six digits. */
export function codeKind(code: string): CodeKind {
  return /^\d{6}$/.test(code) ? 'app' : 'recovery';
}

/** The active second factor of a user; undefined if there is none. */
export async function readSecondFactor(sql: Sql, userId: string): Promise<SecondFactor | undefined> {
  const [row] = await sql<{ activated_at: Date; codes_left: number }[]>`
    SELECT activated_at, (
        SELECT count(*)::int FROM recovery_codes c WHERE c.user_id = f.user_id AND c.used_at IS NULL
      ) AS codes_left
    FROM second_factors f WHERE user_id = ${userId} AND activated_at IS NOT NULL`;
  return row && { activatedAt: row.activated_at, recoveryCodesLeft: row.codes_left };
}

/**
 * Stores a new secret, which replaces one that was not activated.
 *
 * @throws ApiError (409) if the user has an active second factor
 */
export async function prepareSecondFactor(
  sql: Sql,
  cipher: Cipher,
  { userId, email }: { userId: string; email: string },
): Promise<TotpSecret> {
  const made = makeTotpSecret(email);
  const encrypted = await cipher.encrypt(made.secret, userId);
  const stored = await sql`
    INSERT INTO second_factors AS f (user_id, encrypted_secret, created_at)
    VALUES (${userId}, ${encrypted}, ${wallClock()})
    ON CONFLICT (user_id) DO UPDATE
      SET encrypted_secret = excluded.encrypted_secret, created_at = excluded.created_at
      WHERE f.activated_at IS NULL`;
  if (stored.count === 0)
    throw problem(
      'conflict',
      'Your account has a second factor already. Remove it first to use another app.',
    );
  return made;
}

/**
 * Activates the stored secret, after a first code has shown that the app has it.
 *
 * @returns the recovery codes, which are stored only as hashes
 * @throws ApiError (401, wrong-code), (409) if there is no secret to activate
 */
export async function activateSecondFactor(
  tx: Transaction,
  cipher: Cipher,
  userId: string,
  code: string,
): Promise<string[]> {
  const [pending] = await tx<FactorRow[]>`
    SELECT encrypted_secret, last_step FROM second_factors
    WHERE user_id = ${userId} AND activated_at IS NULL FOR UPDATE`;
  if (!pending)
    throw problem(
      'conflict',
      'There is no second factor to activate. Prepare one with POST /v1/me/second-factor.',
    );
  await spendAppCode(tx, cipher, userId, pending, code);
  await tx`UPDATE second_factors SET activated_at = ${wallClock()} WHERE user_id = ${userId}`;
  return replaceRecoveryCodes(tx, userId);
}

/**
 * Replaces all recovery codes.
 *
 * @throws ApiError (409) without a second factor
 */
export async function renewRecoveryCodes(tx: Transaction, userId: string): Promise<string[]> {
  const [active] = await tx`
    SELECT FROM second_factors WHERE user_id = ${userId} AND activated_at IS NOT NULL FOR UPDATE`;
  if (!active) throw problem('conflict', 'Your account has no second factor, so it needs no recovery codes.');
  return replaceRecoveryCodes(tx, userId);
}

/**
 * Removes the second factor with its recovery codes, and a secret that was not activated.
 *
 * @returns whether there was an active second factor
 */
export async function removeSecondFactor(tx: Transaction, userId: string): Promise<boolean> {
  const [removed] = await tx<{ activated_at: Date | null }[]>`
    DELETE FROM second_factors WHERE user_id = ${userId} RETURNING activated_at`;
  await tx`DELETE FROM recovery_codes WHERE user_id = ${userId}`;
  return removed != null && removed.activated_at !== null;
}

/**
 * Verifies the code of a user with an active second factor, and makes sure that it works only once.
 *
 * @param tx - a transaction that has locked the user
 * @returns the kind of code; undefined if the user has no second factor
 * @throws ApiError (401, second-factor-required) without a code, (401, wrong-code)
 */
export async function spendCode(
  tx: Transaction,
  cipher: Cipher,
  userId: string,
  code: string | undefined,
): Promise<CodeKind | undefined> {
  const [factor] = await tx<FactorRow[]>`
    SELECT encrypted_secret, last_step FROM second_factors
    WHERE user_id = ${userId} AND activated_at IS NOT NULL`;
  if (!factor) return undefined;
  if (code === undefined) throw secondFactorRequired();
  const kind = codeKind(code);
  if (kind === 'app') await spendAppCode(tx, cipher, userId, factor, code);
  else await spendRecoveryCode(tx, userId, code);
  return kind;
}

/** The problem for a correct password without the code that the account requires. */
export function secondFactorRequired() {
  return problem(
    'second-factor-required',
    'This account has a second factor. Send the code of the authenticator app, or a recovery code, as code.',
  );
}

interface FactorRow {
  encrypted_secret: string;
  /** A bigint, which the driver returns as a text. */
  last_step: string;
}

async function spendAppCode(
  tx: Transaction,
  cipher: Cipher,
  userId: string,
  { encrypted_secret, last_step }: FactorRow,
  code: string,
): Promise<void> {
  const secret = await cipher.decrypt(encrypted_secret, userId);
  if (!secret) {
    logger.error('second factor cannot be decrypted', { userId });
    throw problem(
      'wrong-code',
      'The service can no longer check codes of your authenticator app. Use a recovery code, then set the app up again.',
    );
  }
  const step = totpStep(secret.text, code, wallClock());
  if (step === undefined || step <= Number(last_step)) throw wrongCode();
  const encrypted = secret.isCurrent ? encrypted_secret : await cipher.encrypt(secret.text, userId);
  await tx`
    UPDATE second_factors SET last_step = ${step}, encrypted_secret = ${encrypted} WHERE user_id = ${userId}`;
}

async function spendRecoveryCode(tx: Transaction, userId: string, code: string): Promise<void> {
  const spent = await tx`
    UPDATE recovery_codes SET used_at = ${wallClock()}
    WHERE user_id = ${userId} AND code_hash = ${hashRecoveryCode(code)} AND used_at IS NULL`;
  if (spent.count === 0) throw wrongCode();
}

async function replaceRecoveryCodes(tx: Transaction, userId: string): Promise<string[]> {
  const codes = makeRecoveryCodes();
  await tx`DELETE FROM recovery_codes WHERE user_id = ${userId}`;
  const rows = codes.map((code) => ({
    user_id: userId,
    code_hash: hashRecoveryCode(code),
    created_at: wallClock(),
  }));
  await tx`INSERT INTO recovery_codes ${tx(rows)}`;
  return codes;
}

function wrongCode() {
  return problem(
    'wrong-code',
    'The code is wrong, expired or already used. Enter the current code of the authenticator app, or a recovery code.',
  );
}
