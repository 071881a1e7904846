import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { Email, GivenPassword } from '../../../../functions/api/auth/fields.ts';
import { NewPassword } from '../../../../functions/api/auth/new-password.ts';

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
