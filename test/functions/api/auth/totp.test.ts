import { Secret } from 'otpauth';
import { describe, expect, test } from 'vitest';
import { makeTotpSecret, totpStep } from '../../../../functions/api/auth/totp.ts';

/** The secret of RFC 6238, appendix B. */
const RFC_SECRET = Secret.fromLatin1('12345678901234567890').base32;

const stepAt = (code: string, seconds: number) => totpStep(RFC_SECRET, code, new Date(seconds * 1000));

describe('totpStep', () => {
  test.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [1_111_111_111, '050471', 37_037_037],
    [1_234_567_890, '005924', 41_152_263],
    [2_000_000_000, '279037', 66_666_666],
    [20_000_000_000, '353130', 666_666_666],
  ])('accepts the code of RFC 6238 at second %i', (seconds, code, step) => {
    expect(stepAt(code, seconds)).toBe(step);
  });

  test('accepts the current step and the one before, for delay, and no others', () => {
    const code = '005924';
    const step = 41_152_263;
    expect(stepAt(code, step * 30 - 1)).toBeUndefined();
    expect(stepAt(code, step * 30)).toBe(step);
    expect(stepAt(code, (step + 2) * 30 - 1)).toBe(step);
    expect(stepAt(code, (step + 2) * 30)).toBeUndefined();
  });

  test('rejects a wrong code', () => {
    expect(stepAt('005925', 1_234_567_890)).toBeUndefined();
  });
});

test('makes a secret of 160 random bits, with a URI for authenticator apps', () => {
  const { secret, uri } = makeTotpSecret('ada+x@example.com');
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(makeTotpSecret('ada+x@example.com').secret).not.toBe(secret);
  const { protocol, host, pathname, searchParams } = new URL(uri);
  expect([protocol, host]).toEqual(['otpauth:', 'totp']);
  expect(decodeURIComponent(pathname)).toMatch(/\/Boursomatic:ada\+x@example\.com$/);
  expect(Object.fromEntries(searchParams)).toEqual({
    issuer: 'Boursomatic',
    secret,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});
