import crypto from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { hashPassword, isPassword, needsRehash } from '../../../../functions/api/auth/passwords.ts';
import { PASSWORD } from './support.ts';

// From the tests of the reference implementation: "password" and "somesalt" at 64 MiB, 2 passes, 1 lane.
const REFERENCE = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

afterEach(() => vi.restoreAllMocks());

test('makes a PHC string with the cost and a unique salt', async () => {
  const [one, other] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one.split('$')[4]).not.toBe(other.split('$')[4]);
  expect(one).not.toContain(PASSWORD);
});

test('matches only the hashed password', async () => {
  const hash = await hashPassword(PASSWORD);
  expect(await isPassword(PASSWORD, hash)).toBe(true);
  for (const wrong of ['', `${PASSWORD} `, PASSWORD.toUpperCase(), PASSWORD.slice(1)])
    expect(await isPassword(wrong, hash)).toBe(false);
});

test('verifies hashes of other programs', async () => {
  expect(await isPassword('password', REFERENCE)).toBe(true);
  expect(await isPassword('Password', REFERENCE)).toBe(false);
});

test('requests a new hash if the cost differs', async () => {
  expect(needsRehash(REFERENCE)).toBe(true);
  expect(needsRehash('not-a-hash')).toBe(true);
  expect(needsRehash(await hashPassword(PASSWORD))).toBe(false);
});

test.each([
  ['nobody', undefined],
  ['a user without a hash', ''],
  ['a user with a hash of another format', '$2b$12$abcdefghijklmnopqrstuuxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'],
])('refuses %s after the same work', async (_who, hash) => {
  const work = vi.spyOn(crypto, 'argon2');
  expect(await isPassword(PASSWORD, hash)).toBe(false);
  expect(work).toHaveBeenCalledTimes(1);
  expect(work.mock.calls[0]?.slice(0, 2)).toMatchObject([
    'argon2id',
    { message: PASSWORD, memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 },
  ]);
});

test('reports a Node version without argon2', async () => {
  const { argon2 } = crypto;
  Object.defineProperty(crypto, 'argon2', { value: undefined, configurable: true, writable: true });
  try {
    await expect(async () => hashPassword(PASSWORD)).rejects.toThrow(
      /^Node 24\.\S+ has no argon2\. Use Node 24\.7 or later\.$/,
    );
  } finally {
    Object.defineProperty(crypto, 'argon2', { value: argon2, configurable: true, writable: true });
  }
});
