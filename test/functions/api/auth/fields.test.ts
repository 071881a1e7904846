import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { Email, GivenPassword } from '../../../../functions/api/auth/fields.ts';
import { isOwnEmail, NewPassword } from '../../../../functions/api/auth/new-password.ts';

const messages = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

describe('an e-mail address', () => {
  test.each([
    [' Ada.Lovelace@Example.COM\n', 'ada.lovelace@example.com'],
    ["o'hara+tag@sub.example.co", "o'hara+tag@sub.example.co"],
  ])('%j is %s', (given, email) => {
    expect(Email.parse(given)).toBe(email);
  });

  test.each([
    [''],
    ['ada'],
    ['ada@'],
    ['@example.com'],
    ['ada@example'],
    ['a da@example.com'],
    ['ada@exam\u0000ple.com'],
    ['ada@example.com, bob@example.com'],
    ['Ada <ada@example.com>'],
    [7],
    [undefined],
  ])('%j is none', (given) => {
    expect(messages(Email, given)).toEqual(['must be an e-mail address such as ada@example.com']);
  });

  test('has at most 254 characters', () => {
    const ofLength = (length: number) => {
      const labels = `${'b'.repeat(60)}.`.repeat(3);
      return `${'a'.repeat(length - labels.length - 5)}@${labels}com1`.replace('com1', 'comm');
    };
    expect(messages(Email, ofLength(254))).toEqual([]);
    expect(messages(Email, ofLength(255))).toEqual(['must have at most 254 characters']);
  });
});

describe('a new password', () => {
  test.each([
    ['eleven char', 'x7!kfq2$mzw'],
    ['empty', ''],
    ['of 129 characters', 'abcdefghij'.repeat(13).slice(0, 129)],
    ['of eleven characters that are two units each', '😀😃😄😁😆😅🤣😂🙂🙃🫠'],
    ['none', undefined],
  ])('that is %s is refused for its length', (_what, password) => {
    expect(messages(NewPassword, password)).toContain('must have 12 to 128 characters');
  });

  test.each([
    'x7!kfq2$mzwp',
    'twelve chars',
    'mot de passe très long avec des espaces',
    '😀😃😄😁😆😅🤣😂🙂🙃🫠🫡',
    'abcdefghij'.repeat(13).slice(0, 128),
  ])('%s is taken', (password) => {
    expect(messages(NewPassword, password)).toEqual([]);
  });

  test.each(['1q2w3e4r5t6y', 'QWERTY123456', 'motherfucker', 'ｑwerty123456'])(
    '%s is too common',
    (password) => {
      expect(messages(NewPassword, password)).toEqual(['must not be one of the most common passwords']);
    },
  );

  test('of few different characters is refused', () => {
    expect(messages(NewPassword, 'ababababababab')).toEqual(['must have at least 5 different characters']);
  });

  test('is the same however a keyboard wrote it', () => {
    const composed = 'mot de passe é\u00a0ﬁn';
    const decomposed = 'mot de passe e\u0301 fin';
    expect(NewPassword.parse(composed)).toBe(NewPassword.parse(decomposed));
    expect(GivenPassword.parse(composed)).toBe(NewPassword.parse(decomposed));
  });
});

test.each([
  ['ada.lovelace@example.com', true],
  ['ADA.lovelace@Example.com', true],
  ['ada.lovelace', true],
  ['ada.lovelace@example.org', false],
  ['something else', false],
])('the password %s of ada.lovelace@example.com is her own address: %s', (password, own) => {
  expect(isOwnEmail(password, 'ada.lovelace@example.com')).toBe(own);
});

test('the commonest passwords are as long as a password must be, in lower case, and each is there once', () => {
  const url = new URL('../../../../functions/api/auth/common-passwords.txt', import.meta.url);
  const lines = readFileSync(url, 'utf8').trimEnd().split('\n');
  const passwords = lines.filter((line) => !line.startsWith('#'));
  expect(lines.filter((line) => line.startsWith('#')).join(' ')).toMatch(/licence.*licence/);
  expect(passwords.length).toBeGreaterThan(300);
  expect(passwords.filter((password) => password.length < 12 || password !== password.toLowerCase())).toEqual(
    [],
  );
  expect(new Set(passwords).size).toBe(passwords.length);
});
