import { expect, test } from 'vitest';
import {
  makeSigningKeys,
  rotateSigningKeys,
  SigningKeys,
} from '../../../../functions/api/auth/signing-keys.ts';

const at = (hours: number) => new Date(Date.UTC(2026, 2, 1, hours));

test('the first keys are one, which signs', async () => {
  const keys = await makeSigningKeys(at(0));
  expect(SigningKeys.parse(keys)).toEqual(keys);
  expect(keys).toEqual({
    current: keys.keys[0]?.kid,
    keys: [
      {
        kid: expect.stringMatching(/^[\w-]{16}$/),
        notBefore: '2026-03-01T00:00:00.000Z',
        publicJwk: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) },
        privateJwk: expect.objectContaining({ d: expect.any(String) }),
      },
    ],
  });
  expect((await makeSigningKeys(at(0))).current).not.toBe(keys.current);
});

test('a rotation puts a new key first; the old one keeps its public part alone, for a day', async () => {
  const first = await makeSigningKeys(at(0));
  const second = await rotateSigningKeys(first, at(1));
  const [now, before] = second.keys;
  expect(second.current).toBe(now?.kid);
  expect(now?.privateJwk).toBeDefined();
  expect(before).toEqual({
    kid: first.current,
    publicJwk: first.keys[0]?.publicJwk,
    notBefore: '2026-03-01T00:00:00.000Z',
    retiredAt: '2026-03-01T01:00:00.000Z',
  });
  expect(SigningKeys.parse(second)).toEqual(second);

  const third = await rotateSigningKeys(second, at(24));
  expect(third.keys.map(({ retiredAt }) => retiredAt)).toEqual([
    undefined,
    '2026-03-02T00:00:00.000Z',
    '2026-03-01T01:00:00.000Z',
  ]);
  const fourth = await rotateSigningKeys(third, at(25));
  expect(fourth.keys.map(({ kid }) => kid)).not.toContain(first.current);
  expect(fourth.keys).toHaveLength(3);
});

test.each([
  ['without a key', { keys: [] }],
  ['whose current key is not there', { current: 'nobody' }],
  ['without a name for the current key', { current: undefined }],
])('keys %s are none', async (_what, change) => {
  expect(SigningKeys.safeParse({ ...(await makeSigningKeys(at(0))), ...change }).success).toBe(false);
});

test('a current key that cannot sign is none', async () => {
  const { current, keys } = await makeSigningKeys(at(0));
  const [{ privateJwk: _taken, ...key } = { kid: '' }] = keys;
  expect(SigningKeys.safeParse({ current, keys: [key] }).success).toBe(false);
});
