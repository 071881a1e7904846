import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { Email, GivenPassword } from '../../../../functions/api/auth/fields.ts';
import { isOwnEmail, NewPassword } from '../../../../functions/api/auth/new-password.ts';

const messages = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

describe('Email', () => {
  test.each([
    [' Ada.Lovelace@Example.COM\n', 'ada.lovelace@example.com'],
    ["o'hara+tag@sub.example.co", "o'hara+tag@sub.example.co"],
  ])('normalises %j to %s', (given, email) => {
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
  ])('rejects %j', (given) => {
    expect(messages(Email, given)).toEqual(['must be an e-mail address such as ada@example.com']);
  });

  test('rejects more than 254 characters', () => {
    const ofLength = (length: number) => {
      const labels = `${'b'.repeat(60)}.`.repeat(3);
      return `${'a'.repeat(length - labels.length - 5)}@${labels}com1`.replace('com1', 'comm');
    };
    expect(messages(Email, ofLength(254))).toEqual([]);
    expect(messages(Email, ofLength(255))).toEqual(['must have at most 254 characters']);
  });
});

describe('NewPassword', () => {
  test.each([
    ['eleven char', 'x7!kfq2$mzw'],
    ['empty', ''],
    ['of 129 characters', 'abcdefghij'.repeat(13).slice(0, 129)],
    ['of eleven characters that are two units each', '😀😃😄😁😆😅🤣😂🙂🙃🫠'],
    ['none', undefined],
  ])('rejects a password that is %s for its length', (_what, password) => {
    expect(messages(NewPassword, password)).toContain('must have 12 to 128 characters');
  });

  test.each([
    'x7!kfq2$mzwp',
    'twelve chars',
    'mot de passe très long avec des espaces',
    '😀😃😄😁😆😅🤣😂🙂🙃🫠🫡',
    'abcdefghij'.repeat(13).slice(0, 128),
  ])('accepts %s', (password) => {
    expect(messages(NewPassword, password)).toEqual([]);
  });

  test.each(['1q2w3e4r5t6y', 'QWERTY123456', 'motherfucker', 'ｑwerty123456'])(
    'rejects the common password %s',
    (password) => {
      expect(messages(NewPassword, password)).toEqual(['must not be one of the most common passwords']);
    },
  );

  test('rejects a password of few different characters', () => {
    expect(messages(NewPassword, 'ababababababab')).toEqual(['must have at least 5 different characters']);
  });

  test('normalises different encodings of the same characters', () => {
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
])('decides whether %s is the address ada.lovelace@example.com: %s', (password, own) => {
  expect(isOwnEmail(password, 'ada.lovelace@example.com')).toBe(own);
});

test('common-passwords.txt has unique lower-case passwords of a valid length', () => {
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
