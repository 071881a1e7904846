import { createHmac } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { CONSENT_VERSION } from '../../../functions/api/account/consent-version.ts';
import { makeSigningKeys } from '../../../functions/api/auth/signing-keys.ts';
import { ACCESS, type AnyEndpoint, endpoint } from '../../../functions/api/endpoint.ts';
import { group } from '../../../functions/api/group.ts';
import {
  ApiClient,
  anotherSession,
  expectProblem,
  ISSUER,
  readSigningKeys,
  signedInUser,
  type TestUser,
} from './api-client.ts';
import { useApi } from './use-api.ts';

const Told = z.looseObject({});
const endpoints: AnyEndpoint[] = ACCESS.map((access) =>
  endpoint({
    group: 'market',
    method: 'GET',
    path: `/v1/${access}`,
    operationId: access,
    summary: '',
    access,
    answer: { status: 200, schema: Told, description: 'Who asks.' },
    handle: async ({ caller }) => ({ body: { ...caller } }),
  }),
);

const db = useApi();
const client = new ApiClient(group('market', endpoints), endpoints);
let user: TestUser;
afterAll(() => {
  vi.useRealTimers();
});
beforeEach(async () => {
  vi.useRealTimers();
  user = await signedInUser(db, { preferredProfile: 'moderate' });
});

const as = (who: { accessToken: string }, access = 'user') =>
  client.ask('GET', `/v1/${access}`, { accessToken: who.accessToken });

function expectNotSignedIn(answer: Awaited<ReturnType<typeof as>>): void {
  expectProblem(answer, 401, 'not-signed-in');
  expect(answer.headers['www-authenticate']).toBe('Bearer realm="boursomatic", error="invalid_token"');
}

describe('who may ask', () => {
  test('anyone asks what is public, even with a token that does not count', async () => {
    expect((await client.ask('GET', '/v1/public')).status).toBe(200);
    expect((await as({ accessToken: 'x' }, 'public')).status).toBe(200);
  });

  test('a user is told apart, with what the store knows', async () => {
    const { status, body, headers } = await as(user);
    expect(status).toBe(200);
    expect(body).toEqual({
      userId: user.userId,
      sessionId: user.sessionId,
      isAdmin: false,
      preferredProfile: 'moderate',
      hasConsented: false,
    });
    expect(headers.vary).toBe('authorization');
  });

  test('a user without settings has the least risky profile', async () => {
    await db.sql`DELETE FROM user_settings WHERE user_id = ${user.userId}`;
    expect((await as(user)).body).toMatchObject({ preferredProfile: 'conservative' });
  });

  test('without a token nobody asks more', async () => {
    for (const access of ['user', 'consented', 'admin']) {
      const answer = await client.ask('GET', `/v1/${access}`);
      expectProblem(answer, 401, 'not-signed-in');
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="boursomatic"');
    }
  });

  test('without the current consent a user asks nothing that needs it, and learns which', async () => {
    const refused = expectProblem(await as(user, 'consented'), 403, 'consent-required');
    expect(refused.consentVersion).toBe(CONSENT_VERSION);
    const consented = await signedInUser(db, { consented: true });
    expect((await as(consented, 'consented')).body).toMatchObject({ hasConsented: true });
  });

  test.each([
    ['to an older text', { version: '2020-01-01', withdrawn_at: null }],
    ['that was withdrawn', { version: CONSENT_VERSION, withdrawn_at: new Date() }],
  ])('a consent %s does not count', async (_what, consent) => {
    const row = { user_id: user.userId, text_sha256: '0'.repeat(64), accepted_at: new Date(0), ...consent };
    await db.sql`INSERT INTO risk_consents ${db.sql(row)}`;
    expectProblem(await as(user, 'consented'), 403, 'consent-required');
  });

  test('administrators alone ask what is theirs, from the request on with which they become one', async () => {
    expectProblem(await as(user, 'admin'), 403, 'not-allowed');
    await db.sql`UPDATE users SET is_admin = true WHERE id = ${user.userId}`;
    expect((await as(user, 'admin')).status).toBe(200);
    await db.sql`UPDATE users SET is_admin = false WHERE id = ${user.userId}`;
    expectProblem(await as(user, 'admin'), 403, 'not-allowed');
  });

  test('who may not ask learns nothing of what would be right', async () => {
    expectProblem(await client.ask('GET', '/v1/user?nonsense=1'), 401, 'not-signed-in');
  });
});

describe('a token that is still young counts no longer', () => {
  test('once its session has ended', async () => {
    await db.sql`UPDATE sessions SET ended_at = now(), end_reason = 'logout' WHERE id = ${user.sessionId}`;
    expectNotSignedIn(await as(user));
  });

  test('once its session has expired', async () => {
    await db.sql`UPDATE sessions SET expires_at = now(), started_at = now() - interval '1 day' WHERE id = ${user.sessionId}`;
    expectNotSignedIn(await as(user));
  });

  test('once its user is deleted, in any session; nor does it when the deletion is taken back', async () => {
    const other = await anotherSession(db, user.userId);
    expect((await as(user)).status).toBe(200);
    await db.sql`UPDATE users SET is_deleted = true WHERE id = ${user.userId}`;
    expectNotSignedIn(await as(user));
    expectNotSignedIn(await as(other));
    await db.sql`UPDATE users SET is_deleted = false WHERE id = ${user.userId}`;
    expectNotSignedIn(await as(user));
    expect((await as(await anotherSession(db, user.userId))).status).toBe(200);
  });
});

describe('a token lives a quarter of an hour', () => {
  const minutes = (count: number) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + count * 60_000 });
    return as(user);
  };

  test('and not longer, even if it was looked at in between', async () => {
    expect((await minutes(14)).status).toBe(200);
    expectNotSignedIn(await minutes(16));
  });

  test('whatever day the data is of', async () => {
    vi.stubEnv('CLOCK', '2013-03-01T23:59:59.000Z');
    expect((await minutes(1)).status).toBe(200);
    expectNotSignedIn(await minutes(16));
    vi.stubEnv('CLOCK', '');
  });
});

describe('a token that was made up is refused:', () => {
  /** A token like a real one, but for what a test changes. */
  async function forge(change: { header?: object; claims?: object; key?: 'another' }): Promise<string> {
    const keys = await readSigningKeys(db);
    const from = change.key === 'another' ? await makeSigningKeys(new Date()) : keys;
    const jwk = from.keys[0]?.privateJwk ?? {};
    const at = Math.floor(Date.now() / 1000);
    const claims = {
      iss: ISSUER,
      aud: 'boursomatic',
      sub: user.userId,
      sid: user.sessionId,
      iat: at,
      exp: at + 900,
      ...change.claims,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: keys.current, ...change.header })
      .sign(await importJWK(jwk, 'ES256'));
  }

  test('the forger of these tests can make one that counts', async () => {
    expect((await as({ accessToken: await forge({}) })).status).toBe(200);
  });

  const later = Math.floor(Date.now() / 1000) + 3_600;
  const other = '00000000-0000-4000-8000-000000000000';
  test.each([
    ['signed by another key', { key: 'another' }],
    ['of a key that there is not', { header: { kid: 'nobody' } }],
    ['of no key', { header: { kid: undefined } }],
    ['of a key id that is no text', { header: { kid: { a: 1 } } }],
    ['of another type', { header: { typ: 'JWT' } }],
    ['of no type', { header: { typ: undefined } }],
    ['by another issuer', { claims: { iss: 'https://evil.test' } }],
    ['by no issuer', { claims: { iss: undefined } }],
    ['for another audience', { claims: { aud: 'somebody' } }],
    ['that has expired', { claims: { iat: later - 7_200, exp: later - 3_700 } }],
    ['that never expires', { claims: { exp: undefined } }],
    ['that expires late and is old', { claims: { iat: later - 7_200, exp: later } }],
    ['that does not count yet', { claims: { nbf: later } }],
    ['from the future', { claims: { iat: later, exp: later + 900 } }],
    ['without the time of issue', { claims: { iat: undefined } }],
    ['of nobody', { claims: { sub: undefined } }],
    ['of something that is no user', { claims: { sub: "' OR 1=1 --" } }],
    ['of another user', { claims: { sub: other } }],
    ['of no session', { claims: { sid: undefined } }],
    ['of a session that there is not', { claims: { sid: other } }],
    ['of a session that is no id', { claims: { sid: 7 } }],
    ['with an extension that must be understood', { header: { crit: ['exp'], exp: 1 } }],
  ] as const)('one %s', async (_what, change) => {
    // An extension that jose would not sign either is signed by hand below.
    const token = 'header' in change && 'crit' in change.header ? undefined : await forge(change);
    expectNotSignedIn(await as({ accessToken: token ?? (await withHeader({ crit: ['x'], x: 1 })) }));
  });

  /** The real token's claims under another header, with its own signature. */
  async function withHeader(header: object, sign: (text: string) => string = () => '') {
    const [, payload = '', signature = ''] = user.accessToken.split('.');
    const keys = await readSigningKeys(db);
    const full = { typ: 'at+jwt', kid: keys.current, alg: 'ES256', ...header };
    const text = `${Buffer.from(JSON.stringify(full)).toString('base64url')}.${payload}`;
    return `${text}.${sign(text) || signature}`;
  }

  test('one that says it needs no signature', async () => {
    for (const alg of ['none', 'None', '']) {
      const unsigned = await withHeader({ alg });
      expectNotSignedIn(await as({ accessToken: unsigned }));
      expectNotSignedIn(await as({ accessToken: unsigned.replace(/[^.]*$/, '') }));
    }
  });

  test('one signed with the public key as if it were a password', async () => {
    const [key] = (await readSigningKeys(db)).keys;
    for (const secret of [JSON.stringify(key?.publicJwk), key?.publicJwk.x ?? '', key?.kid ?? '']) {
      const hs256 = (text: string) => createHmac('sha256', secret).update(text).digest('base64url');
      expectNotSignedIn(await as({ accessToken: await withHeader({ alg: 'HS256' }, hs256) }));
    }
  });

  test('one that brings its own key', async () => {
    const { keys } = await makeSigningKeys(new Date());
    const header = { jwk: keys[0]?.publicJwk, jku: 'https://evil.test/keys', x5u: 'https://evil.test/cert' };
    expectNotSignedIn(await as({ accessToken: await forge({ key: 'another', header }) }));
  });

  test('one whose claims or signature were changed', async () => {
    const [header, payload = '', signature = ''] = user.accessToken.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: other })).toString('base64url');
    expectNotSignedIn(await as({ accessToken: `${header}.${changed}.${signature}` }));
    const flipped = `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`;
    expectNotSignedIn(await as({ accessToken: `${header}.${payload}.${flipped}` }));
    expectNotSignedIn(await as({ accessToken: `${header}.${payload}.${'A'.repeat(86)}` }));
  });

  test.each(['x', '..', 'a.b.c', 'e30.e30.e30', 'bnVsbA.bnVsbA.bnVsbA', `${'a'.repeat(4000)}.b.c`])(
    'the text %s',
    async (accessToken) => {
      expectNotSignedIn(await as({ accessToken }));
    },
  );

  test.each([
    ['another scheme', (token: string) => `Basic ${token}`],
    ['no scheme', (token: string) => token],
    ['two tokens', (token: string) => `Bearer ${token},Bearer ${token}`],
    ['something after it', (token: string) => `Bearer ${token} x`],
  ])('a header with %s', async (_what, write) => {
    const headers = { authorization: write(user.accessToken) };
    expectNotSignedIn(await client.ask('GET', '/v1/user', { headers }));
  });

  test('the scheme is written in capitals or not', async () => {
    const headers = { authorization: `bearer ${user.accessToken}` };
    expect((await client.ask('GET', '/v1/user', { headers })).status).toBe(200);
  });
});
