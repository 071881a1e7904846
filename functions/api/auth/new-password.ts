import { readFileSync } from 'node:fs';
import * as z from 'zod';

/**
 * The length of a password in characters. A minimum and a list of common passwords replace rules about kinds of characters.
 * The maximum prevents expensive hashes of long texts.
 */
const PASSWORD_LENGTH = { min: 12, max: 128 } as const;

/** A password with fewer different characters is a simple pattern. */
const MIN_DIFFERENT_CHARACTERS = 5;

const LENGTH_RULE = `must have ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters`;

const COMMON_PASSWORDS = new Set(
  readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')),
);

export const NewPassword = z
  .string({ error: LENGTH_RULE })
  .normalize('NFKC')
  .refine((password) => hasLength(password), LENGTH_RULE)
  .refine((password) => !isCommon(password), 'must not be one of the most common passwords')
  .refine(
    (password) => new Set(password).size >= MIN_DIFFERENT_CHARACTERS,
    `must have at least ${MIN_DIFFERENT_CHARACTERS} different characters`,
  )
  .meta({
    description:
      'The new password. Any characters are allowed, but no common password and not the e-mail address.',
    format: 'password',
    minLength: PASSWORD_LENGTH.min,
    maxLength: PASSWORD_LENGTH.max,
  });

/** Whether a password is the e-mail address, or the part of it before the `@`. */
export function isOwnEmail(password: string, email: string): boolean {
  const lower = password.toLowerCase();
  return lower === email || lower === email.slice(0, email.lastIndexOf('@'));
}

function hasLength(password: string): boolean {
  // Counts code points, because `length` counts some characters twice.
  const length = [...password].length;
  return length >= PASSWORD_LENGTH.min && length <= PASSWORD_LENGTH.max;
}

function isCommon(password: string): boolean {
  return COMMON_PASSWORDS.has(password.toLowerCase());
}
