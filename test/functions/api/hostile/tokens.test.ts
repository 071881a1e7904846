import { expect, test } from 'vitest';
import { accessToken, ask, expectRefused, raw, serveToTheHostile } from './support.ts';

serveToTheHostile();

test('refuses two tokens', async () => {
  const twice = await raw([
    'GET /v1/me HTTP/1.1',
    `authorization: Bearer ${accessToken()}`,
    `authorization: Bearer ${accessToken()}`,
  ]);
  expect(twice.status).toBe(401);
});

test.each([
  'Bearer',
  'Bearer  ',
  'Bearer null',
  'Basic YTpi',
  `bearer ${'a.'.repeat(50)}`,
  'Bearer a.b.c',
  '../..',
  'Bearer eyJhbGciOiJub25lIn0.e30.',
  'bmk_',
])('refuses the token %j', async (value) => {
  expectRefused(await ask('GET', '/v1/me', { headers: { authorization: value } }), [401]);
});

test.each([
  'bmk_',
  'bmk_0000000000000000000000000000000000000000000ba',
  `bmk_${'0'.repeat(43)}2CZclj`,
  `bmk_${'a'.repeat(5000)}`,
  "bmk_'--",
  'bmk_../../x',
])('refuses the API key %j', async (key) => {
  expectRefused(await ask('GET', '/v1/facets', { headers: { authorization: `Bearer ${key}` } }), [401]);
  expectRefused(await ask('GET', '/v1/me', { headers: { authorization: `Bearer ${key}` } }), [401, 403]);
});

test('refuses a token that was changed or signed with another key', async () => {
  const [head = '', payload = '', signature = ''] = accessToken().split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const others = [
    `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`,
    `${Buffer.from('{"alg":"HS256","typ":"at+jwt","kid":"x"}').toString('base64url')}.${payload}.${signature}`,
    `${head}.${Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 9e6 })).toString('base64url')}.${signature}`,
    `${head}.${payload}.${signature.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))}${signature}`,
    `${head}.${payload}`,
  ];
  for (const other of others) {
    expectRefused(await ask('GET', '/v1/me', { headers: { authorization: `Bearer ${other}` } }), [401]);
  }
});
