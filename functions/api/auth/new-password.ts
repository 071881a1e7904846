import { readFileSync } from 'node:fs';
import * as z from 'zod';

/**
 * Characters of a password. Twelve, with the commonest ones refused, instead of rules on what kinds there must be;
 * at most 128, so that nobody has long texts hashed.
 */
export const PASSWORD_LENGTH = { least: 12, most: 128 } as const;

/** Fewer different characters than this are a pattern and no password. */
const LEAST_DIFFERENT = 5;

const LENGTH_RULE = `must have ${PASSWORD_LENGTH.least} to ${PASSWORD_LENGTH.most} characters`;

const COMMON_PASSWORDS = new Set(
  readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')),
);

/** A password to be set. */
export const NewPassword = z
  .string({ error: LENGTH_RULE })
  .normalize('NFKC')
  .refine((password) => hasLength(password), LENGTH_RULE)
  .refine((password) => !isCommon(password), 'is one of the commonest passwords')
  .refine(
    (password) => new Set(password).size >= LEAST_DIFFERENT,
    `must have at least ${LEAST_DIFFERENT} different characters`,
  )
  .meta({
    description: 'The password: any characters, but not one of the commonest and not the e-mail address.',
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
  // Code points, as people count characters; a length of UTF-16 would count some twice.
  const length = [...password].length;
  return length >= PASSWORD_LENGTH.least && length <= PASSWORD_LENGTH.most;
}

function isCommon(password: string): boolean {
  return COMMON_PASSWORDS.has(password.toLowerCase());
}
