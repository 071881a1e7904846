import * as z from 'zod';
import { problem } from '../core/problem.ts';

/** The length of a password in characters. The maximum prevents expensive hashes of long texts. */
const PASSWORD_LENGTH = { min: 12, max: 128 } as const;

/** A password with fewer different characters is a simple pattern. */
const MIN_DIFFERENT_CHARACTERS = 5;

const LENGTH_RULE = `must have ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters`;

/** A new password. {@link weaknessOfNew} judges whether it is easy to guess. */
export const NewPassword = z
  .string({ error: LENGTH_RULE })
  .normalize('NFKC')
  .refine((password) => hasLength(password), LENGTH_RULE)
  .refine(
    (password) => new Set(password).size >= MIN_DIFFERENT_CHARACTERS,
    `must have at least ${MIN_DIFFERENT_CHARACTERS} different characters`,
  )
  .meta({
    description:
      'The new password. Any characters are allowed. A password that is easy to guess is refused: one that is built from common passwords, your e-mail address, dates or patterns.',
    format: 'password',
    minLength: PASSWORD_LENGTH.min,
    maxLength: PASSWORD_LENGTH.max,
  });

/** Why a new password is easy to guess, as the end of a sentence that begins with its name; undefined if it is not. */
export async function weaknessOfNew(password: string, email: string): Promise<string | undefined> {
  // Imported on first use: the lists of passwords take longer to load than everything else, and few requests need them.
  const { weaknessOf } = await import('./password-strength.ts');
  return weaknessOf(password, email);
}

/**
 * Refuses a password that is easy to guess. Call it in the password queue, because it takes as long as a hash.
 *
 * @param member - the member of the body that holds the password
 * @throws ApiError (400)
 */
export async function refuseWeak(password: string, email: string, member: string): Promise<void> {
  const detail = await weaknessOfNew(password, email);
  if (detail === undefined) return;
  throw problem('invalid-request', `${member} ${detail}.`, { errors: [{ pointer: `#/${member}`, detail }] });
}

function hasLength(password: string): boolean {
  // Counts code points, because `length` counts some characters twice.
  const length = [...password].length;
  return length >= PASSWORD_LENGTH.min && length <= PASSWORD_LENGTH.max;
}
