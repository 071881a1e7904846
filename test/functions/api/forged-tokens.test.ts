import { createHmac } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { makeSigningKeys } from '../../../functions/api/auth/signing-keys.ts';
import { as, client, db, expectNotSignedIn, user } from './access-support.ts';
import { ISSUER, readSigningKeys } from './api-client.ts';

describe('the API refuses a token', () => {
  /** A valid token with the changes of a test. */
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

  test('but accepts an unchanged one that the same helper signs', async () => {
    expect((await as({ accessToken: await forge({}) })).status).toBe(200);
  });

  const later = Math.floor(Date.now() / 1000) + 3_600;
  const other = '00000000-0000-4000-8000-000000000000';
  test.each([
    ['signed by another key', { key: 'another' }],
    ['of an unknown key', { header: { kid: 'nobody' } }],
    ['of no key', { header: { kid: undefined } }],
    ['of a key id that is not a string', { header: { kid: { a: 1 } } }],
    ['of another type', { header: { typ: 'JWT' } }],
    ['of no type', { header: { typ: undefined } }],
    ['of another issuer', { claims: { iss: 'https://evil.test' } }],
    ['without an issuer', { claims: { iss: undefined } }],
    ['for another audience', { claims: { aud: 'somebody' } }],
    ['that has expired', { claims: { iat: later - 7_200, exp: later - 3_700 } }],
    ['that never expires', { claims: { exp: undefined } }],
    ['that is old and expires late', { claims: { iat: later - 7_200, exp: later } }],
    ['that is not valid yet', { claims: { nbf: later } }],
    ['from the future', { claims: { iat: later, exp: later + 900 } }],
    ['without an issue time', { claims: { iat: undefined } }],
    ['of nobody', { claims: { sub: undefined } }],
    ['whose user id is not a UUID', { claims: { sub: "' OR 1=1 --" } }],
    ['of another user', { claims: { sub: other } }],
    ['without a session', { claims: { sid: undefined } }],
    ['of an unknown session', { claims: { sid: other } }],
    ['whose session id is not a UUID', { claims: { sid: 7 } }],
    ['with an unknown critical extension', { header: { crit: ['exp'], exp: 1 } }],
  ] as const)('one %s', async (_what, change) => {
    // jose refuses to sign this extension, so a later test signs it by hand.
    const token = 'header' in change && 'crit' in change.header ? undefined : await forge(change);
    expectNotSignedIn(await as({ accessToken: token ?? (await withHeader({ crit: ['x'], x: 1 })) }));
  });

  /** The valid token's claims with another header and signature. */
  async function withHeader(header: object, sign: (text: string) => string = () => '') {
    const [, payload = '', signature = ''] = user.accessToken.split('.');
    const keys = await readSigningKeys(db);
    const full = { typ: 'at+jwt', kid: keys.current, alg: 'ES256', ...header };
    const text = `${Buffer.from(JSON.stringify(full)).toString('base64url')}.${payload}`;
    return `${text}.${sign(text) || signature}`;
  }

  test('that declares no signature', async () => {
    for (const alg of ['none', 'None', '']) {
      const unsigned = await withHeader({ alg });
      expectNotSignedIn(await as({ accessToken: unsigned }));
      expectNotSignedIn(await as({ accessToken: unsigned.replace(/[^.]*$/, '') }));
    }
  });

  test('signed with the public key as an HMAC secret', async () => {
    const [key] = (await readSigningKeys(db)).keys;
    for (const secret of [JSON.stringify(key?.publicJwk), key?.publicJwk.x ?? '', key?.kid ?? '']) {
      const hs256 = (text: string) => createHmac('sha256', secret).update(text).digest('base64url');
      expectNotSignedIn(await as({ accessToken: await withHeader({ alg: 'HS256' }, hs256) }));
    }
  });

  test('that contains its own key', async () => {
    const { keys } = await makeSigningKeys(new Date());
    const header = { jwk: keys[0]?.publicJwk, jku: 'https://evil.test/keys', x5u: 'https://evil.test/cert' };
    expectNotSignedIn(await as({ accessToken: await forge({ key: 'another', header }) }));
  });

  test('with changed claims or signature', async () => {
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
    ['text after the token', (token: string) => `Bearer ${token} x`],
  ])('in a header with %s', async (_what, write) => {
    const headers = { authorization: write(user.accessToken) };
    expectNotSignedIn(await client.ask('GET', '/v1/user', { headers }));
  });

  test('but accepts the scheme in any case', async () => {
    const headers = { authorization: `bearer ${user.accessToken}` };
    expect((await client.ask('GET', '/v1/user', { headers })).status).toBe(200);
  });
});
