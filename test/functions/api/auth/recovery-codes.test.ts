import { expect, test } from 'vitest';
import { GivenCode } from '../../../../functions/api/auth/fields.ts';
import { hashRecoveryCode, makeRecoveryCodes } from '../../../../functions/api/auth/recovery-codes.ts';

test('makes ten different codes of 120 bits, in groups of four characters', () => {
  const codes = makeRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^([A-Z2-7]{4}-){5}[A-Z2-7]{4}$/);
});

test('recognises a code in any case, with or without hyphens', () => {
  const hash = hashRecoveryCode('K3VJ-2QXA-7RMB-ZL5D-P4WT-6NCE');
  for (const given of [
    'K3VJ-2QXA-7RMB-ZL5D-P4WT-6NCE',
    'k3vj2qxa7rmbzl5dp4wt6nce',
    'k3vj 2qxa 7rmb zl5d p4wt 6nce',
  ])
    expect(hashRecoveryCode(GivenCode.parse(given))).toEqual(hash);
  expect(hashRecoveryCode(GivenCode.parse('K3VJ2QXA7RMBZL5DP4WT6NCF'))).not.toEqual(hash);
});

test.each(['12345', '1234567', 'K3VJ-2QXA-7RMB-ZL5D', 'K3VJ-2QXA-7RMB-ZL5D-P4WT-6NC0', '12345a', '', ' '])(
  'GivenCode rejects %j',
  (given) => {
    expect(GivenCode.safeParse(given).error?.issues.map(({ message }) => message)).toEqual([
      'must be the six digits of the authenticator app, or a recovery code',
    ]);
  },
);

test.each(['123456', '123 456', '123-456'])('GivenCode reads %s as six digits', (given) => {
  expect(GivenCode.parse(given)).toBe('123456');
});
