import { readFileSync } from 'node:fs';
import * as z from 'zod';

/**
 * The length of a password in characters. A minimum and a list of common passwords replace rules about kinds of characters.
 * The maximum prevents expensive hashes of long texts.
 */
export const PASSWORD_LENGTH = { least: 12, most: 128 } as const;

/** A password with fewer different characters is a simple pattern. */
const LEAST_DIFFERENT = 5;

const LENGTH_RULE = `must have ${PASSWORD_LENGTH.least} to ${PASSWORD_LENGTH.most} characters`;

const COMMON_PASSWORDS = new Set(
  readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')),
);

/** A new password. */
export const NewPassword = z
  .string({ error: LENGTH_RULE })
  .normalize('NFKC')
  .refine((password) => hasLength(password), LENGTH_RULE)
  .refine((password) => !isCommon(password), 'must not be one of the most common passwords')
  .refine(
    (password) => new Set(password).size >= LEAST_DIFFERENT,
    `must have at least ${LEAST_DIFFERENT} different characters`,
  )
  .meta({
    description:
      'The new password. Any characters are allowed, but no common password and not the e-mail address.',
    format: 'password',
    minLength: PASSWORD_LENGTH.least,
    maxLength: PASSWORD_LENGTH.most,
  });

/** Whether a password is the e-mail address, or the part of it before the `@`. */
export function isOwnEmail(password: string, email: string): boolean {
  const lower = password.toLowerCase();
  return lower === email || lower === email.slice(0, email.lastIndexOf('@'));
}

function hasLength(password: string): boolean {
  // Counts code points, because `length` counts some characters twice.
  const length = [...password].length;
  return length >= PASSWORD_LENGTH.least && length <= PASSWORD_LENGTH.most;
}

function isCommon(password: string): boolean {
  return COMMON_PASSWORDS.has(password.toLowerCase());
}
