import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Keyring } from '../../../../functions/api/auth/keyring.ts';
import { makeSigningKeys } from '../../../../functions/api/auth/signing-keys.ts';
import { Tokens } from '../../../../functions/api/auth/tokens.ts';
import { defined } from '../../../../functions/shared/invariant.ts';

/**
 * Cases of each kind that Project Wycheproof's ES256 vectors for JSON Web Signatures name, written for this service's
 * own tokens: what is signed correctly but encoded, keyed or framed wrongly must be refused.
 */

const at = new Date('2026-03-01T12:00:00Z');
const seconds = at.getTime() / 1000;
const subject = {
  userId: '01a2064d-cf1e-7c0b-9190-291d986f647d',
  sessionId: '01a2064d-cf55-75c3-846f-a5f2f4589788',
};
const base64url = (value: string | Buffer) => Buffer.from(value).toString('base64url');

let folder: string;
let tokens: Tokens;
let kid: string;
let key: KeyObject;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-vectors-'));
  const keys = await makeSigningKeys(at);
  const file = join(folder, 'signing-keys.json');
  await writeFile(file, JSON.stringify(keys));
  kid = keys.current;
  const current = defined(
    keys.keys.find((made) => made.kid === kid),
    'current key',
  );
  key = createPrivateKey({ key: { ...current.privateJwk }, format: 'jwk' });
  tokens = new Tokens(new Keyring(pathToFileURL(file).href), 'https://api.test');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const claims = () => ({
  iss: 'https://api.test',
  aud: 'boursomatic',
  sub: subject.userId,
  sid: subject.sessionId,
  iat: seconds,
  exp: seconds + 900,
});
const header = () => ({ alg: 'ES256', typ: 'at+jwt', kid });

/** A token whose parts are given as text and signed as they are. */
function signed(
  parts: {
    header?: string;
    payload?: string;
    by?: KeyObject;
    hash?: string;
    dsaEncoding?: 'der' | 'ieee-p1363';
  } = {},
): string {
  const text = `${base64url(parts.header ?? JSON.stringify(header()))}.${base64url(parts.payload ?? JSON.stringify(claims()))}`;
  const signature = sign(parts.hash ?? 'sha256', Buffer.from(text), {
    key: parts.by ?? key,
    dsaEncoding: parts.dsaEncoding ?? 'ieee-p1363',
  });
  return `${text}.${base64url(signature)}`;
}

/** A valid token whose signature bytes are replaced. */
function withSignature(change: (signature: Buffer) => Buffer): string {
  const [head = '', payload = '', signature = ''] = signed().split('.');
  return `${head}.${payload}.${base64url(change(Buffer.from(signature, 'base64url')))}`;
}

const ORDER = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
const half = (signature: Buffer, which: 'r' | 's') =>
  which === 'r' ? signature.subarray(0, 32) : signature.subarray(32);
const zero = Buffer.alloc(32);

test('accepts the token that every case below is made from', async () => {
  expect(await tokens.verify(signed(), at)).toMatchObject(subject);
});

describe('signature values', () => {
  test.each<[string, (signature: Buffer) => Buffer]>([
    ['r of zero', (s) => Buffer.concat([zero, half(s, 's')])],
    ['s of zero', (s) => Buffer.concat([half(s, 'r'), zero])],
    ['r and s of zero', () => Buffer.concat([zero, zero])],
    ['r and s of one', () => Buffer.concat([zero.fill(1, 31), zero.fill(1, 31)].map((b) => Buffer.from(b)))],
    ["r of the curve's order", (s) => Buffer.concat([ORDER, half(s, 's')])],
    ["s of the curve's order", (s) => Buffer.concat([half(s, 'r'), ORDER])],
    ['r and s exchanged', (s) => Buffer.concat([half(s, 's'), half(s, 'r')])],
    ['all bits set', () => Buffer.alloc(64, 0xff)],
    ['nothing', () => Buffer.alloc(0)],
    ['r alone', (s) => half(s, 'r')],
    ['one byte less', (s) => s.subarray(0, 63)],
    ['one byte more at the end', (s) => Buffer.concat([s, Buffer.alloc(1)])],
    ['one byte more before r', (s) => Buffer.concat([Buffer.alloc(1), s])],
    ['one byte more before s', (s) => Buffer.concat([half(s, 'r'), Buffer.alloc(1), half(s, 's')])],
    ['the signature twice', (s) => Buffer.concat([s, s])],
    ['one bit of r flipped', (s) => Buffer.from(s).fill((s[0] ?? 0) ^ 1, 0, 1)],
    ['one bit of s flipped', (s) => Buffer.from(s).fill((s[63] ?? 0) ^ 1, 63, 64)],
  ])('refuses %s', async (_what, change) => {
    zero.fill(0);
    expect(await tokens.verify(withSignature(change), at)).toBeUndefined();
  });
});

describe('keys and algorithms', () => {
  test('refuses a DER signature in place of r and s', async () => {
    expect(await tokens.verify(signed({ dsaEncoding: 'der' }), at)).toBeUndefined();
  });

  test.each([['P-384'], ['P-521'], ['secp256k1']])(
    'refuses a key on the curve %s under the key id',
    async (namedCurve) => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve });
      expect(await tokens.verify(signed({ by: privateKey }), at)).toBeUndefined();
    },
  );

  test('refuses another key on the right curve', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(await tokens.verify(signed({ by: privateKey }), at)).toBeUndefined();
  });

  test.each(['sha1', 'sha384', 'sha512'])('refuses the hash %s', async (hash) => {
    expect(await tokens.verify(signed({ hash }), at)).toBeUndefined();
  });

  test.each([
    'ES384',
    'ES512',
    'ES256K',
    'ESP256',
    'RS256',
    'PS256',
    'EdDSA',
    'HS256',
    'none',
    'es256',
    'ES256 ',
    '',
  ])('refuses the algorithm %j in the header', async (alg) => {
    expect(await tokens.verify(signed({ header: JSON.stringify({ ...header(), alg }) }), at)).toBeUndefined();
  });

  test.each([null, 7, ['ES256'], { name: 'ES256' }])(
    'refuses an algorithm that is not a text: %j',
    async (alg) => {
      expect(
        await tokens.verify(signed({ header: JSON.stringify({ ...header(), alg }) }), at),
      ).toBeUndefined();
    },
  );

  test('refuses a header without an algorithm', async () => {
    const { alg: _, ...rest } = header();
    expect(await tokens.verify(signed({ header: JSON.stringify(rest) }), at)).toBeUndefined();
  });
});

describe('headers', () => {
  const asText = (members: string) => `{"typ":"at+jwt","kid":${JSON.stringify(kid)},${members}}`;

  test.each([
    ['alg, the last of which is not ours', '"alg":"ES256","alg":"none"'],
    ['alg, the last of which is ours', '"alg":"none","alg":"ES256"'],
    ['alg alike', '"alg":"ES256","alg":"ES256"'],
    ['kid', `"alg":"ES256","kid":"another"`],
    ['typ', '"alg":"ES256","typ":"JWT"'],
    ['alg, one of them escaped', '"alg":"ES256","\\u0061lg":"ES256"'],
  ])('refuses the duplicated member %s', async (_what, members) => {
    expect(await tokens.verify(signed({ header: asText(members) }), at)).toBeUndefined();
  });

  test.each([
    ['an unknown extension', { crit: ['x'], x: 1 }],
    ['an extension that is missing', { crit: ['x'] }],
    ['an empty list', { crit: [] }],
    ['no list', { crit: 'alg' }],
    ['a registered member', { crit: ['alg'] }],
    ['a list of no text', { crit: [1] }],
    ['unencoded payloads', { crit: ['b64'], b64: false }],
  ])('refuses crit with %s', async (_what, more) => {
    expect(
      await tokens.verify(signed({ header: JSON.stringify({ ...header(), ...more }) }), at),
    ).toBeUndefined();
  });

  test.each(['null', '[]', '"ES256"', '{', '', '{"alg":"ES256"} {}', '\ufeff{"alg":"ES256"}'])(
    'refuses the header %j',
    async (text) => {
      expect(await tokens.verify(signed({ header: text }), at)).toBeUndefined();
    },
  );
});

describe('claims', () => {
  test.each(['null', '[]', '7', '{', '', 'true'])('refuses the payload %j', async (payload) => {
    expect(await tokens.verify(signed({ payload }), at)).toBeUndefined();
  });

  test('refuses a duplicated claim', async () => {
    const text = JSON.stringify(claims()).replace('{', `{"sub":"${subject.sessionId}",`);
    expect(await tokens.verify(signed({ payload: text }), at)).toBeUndefined();
  });

  test.each(['exp', 'iat', 'sub', 'sid', 'iss', 'aud'])('refuses a token without %s', async (name) => {
    const payload = JSON.stringify({ ...claims(), [name]: undefined });
    expect(await tokens.verify(signed({ payload }), at)).toBeUndefined();
  });
});

describe('framing', () => {
  test.each<[string, (token: string) => string]>([
    ['without a signature part', (t) => t.slice(0, t.lastIndexOf('.'))],
    ['with an empty signature part', (t) => t.slice(0, t.lastIndexOf('.') + 1)],
    ['with a fourth part', (t) => `${t}.e30`],
    ['with an empty first part', (t) => `.${t}`],
    ['with padding', (t) => `${t}==`],
    ['with a line break', (t) => `${t}\n`],
    ['with a space', (t) => ` ${t}`],
    ['in the other base64 alphabet', (t) => t.replaceAll('-', '+').replaceAll('_', '/')],
    [
      'as JSON',
      (t) =>
        JSON.stringify({ protected: t.split('.')[0], payload: t.split('.')[1], signature: t.split('.')[2] }),
    ],
    ['cut in half', (t) => t.slice(0, t.length / 2)],
  ])('refuses a token %s', async (_what, change) => {
    let token = signed();
    while (change(token) === token) token = signed();
    expect(await tokens.verify(change(token), at)).toBeUndefined();
  });

  test('refuses a signature whose last character has unused bits set', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const token = signed();
    const last = alphabet.indexOf(token.at(-1) ?? '');
    const other = `${token.slice(0, -1)}${alphabet[last + 1]}`;
    expect(Buffer.from(other.split('.')[2] ?? '', 'base64url')).toEqual(
      Buffer.from(token.split('.')[2] ?? '', 'base64url'),
    );
    expect(await tokens.verify(other, at)).toBeUndefined();
  });
});
