import { describe, expect, test } from 'vitest';
import {
  makeSigningKeys,
  renewSigningKeys,
  SigningKeys,
  switchKeys,
} from '../../../../functions/api/auth/signing-keys.ts';

const at = (hours: number) => new Date(Date.UTC(2026, 2, 1, hours));

test('makeSigningKeys generates one key, which signs', async () => {
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

const DAYS = 24;
const kids = ({ keys }: SigningKeys) => keys.map(({ kid }) => kid);

describe('renewing keys', () => {
  test('generates the first key', async () => {
    expect((await renewSigningKeys(undefined, at(0))).keys).toHaveLength(1);
  });

  test('leaves keys unchanged for 90 days', async () => {
    const first = await makeSigningKeys(at(0));
    expect(await renewSigningKeys(first, at(90 * DAYS - 1))).toBe(first);
  });

  test('publishes a new key before it signs', async () => {
    const first = await makeSigningKeys(at(0));
    const announced = await renewSigningKeys(first, at(90 * DAYS));
    expect(announced.current).toBe(first.current);
    expect(announced.keys[0]).toEqual(first.keys[0]);
    expect(announced.keys).toHaveLength(2);
    expect(SigningKeys.parse(announced)).toEqual(announced);
    // An immediate second renewal waits until all containers have read the new key.
    expect(await renewSigningKeys(announced, at(90 * DAYS))).toBe(announced);
  });

  test('switches to the new key an hour later, and keeps the old public key for a day', async () => {
    const first = await makeSigningKeys(at(0));
    const announced = await renewSigningKeys(first, at(90 * DAYS));
    const second = await renewSigningKeys(announced, at(90 * DAYS + 1));
    const [now, before] = second.keys;
    expect(kids(second)).toEqual([announced.keys[1]?.kid, first.current]);
    expect(second.current).toBe(now?.kid);
    expect(now?.privateJwk).toBeDefined();
    expect(before).toEqual({
      kid: first.current,
      publicJwk: first.keys[0]?.publicJwk,
      notBefore: '2026-03-01T00:00:00.000Z',
      retiredAt: at(90 * DAYS + 1).toISOString(),
    });
    expect(SigningKeys.parse(second)).toEqual(second);
    expect(await renewSigningKeys(second, at(91 * DAYS))).toBe(second);
    expect(kids(await renewSigningKeys(second, at(91 * DAYS + 1)))).toEqual([second.current]);
  });

  test('requires an announced key for a switch', async () => {
    const first = await makeSigningKeys(at(0));
    expect(() => switchKeys(first, at(1))).toThrow('no key was announced');
  });
});

test.each([
  ['without a key', { keys: [] }],
  ['whose current key is missing', { current: 'nobody' }],
  ['without the id of the current key', { current: undefined }],
])('rejects keys %s', async (_what, change) => {
  expect(SigningKeys.safeParse({ ...(await makeSigningKeys(at(0))), ...change }).success).toBe(false);
});

test('rejects a current key without a private part', async () => {
  const { current, keys } = await makeSigningKeys(at(0));
  const [{ privateJwk: _taken, ...key } = { kid: '' }] = keys;
  expect(SigningKeys.safeParse({ current, keys: [key] }).success).toBe(false);
});
