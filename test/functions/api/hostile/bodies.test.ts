import { describe, test } from 'vitest';
import { expectRefused, send, serveToTheHostile } from './support.ts';

serveToTheHostile();

/** Operations with a body. */
const WRITES = [
  ['POST', '/v1/auth/register'],
  ['POST', '/v1/auth/login'],
  ['POST', '/v1/auth/refresh'],
  ['POST', '/v1/auth/password'],
  ['PATCH', '/v1/me/settings'],
  ['POST', '/v1/me/consent'],
  ['POST', '/v1/auth/confirm'],
  ['POST', '/v1/me/second-factor/activate'],
  ['POST', '/v1/admin/instruments'],
  ['POST', '/v1/admin/runs'],
  ['POST', '/v1/admin/models/v1.2.3/promote'],
] as const;

describe.each(WRITES)('%s %s refuses', (method, path) => {
  test.each([
    ['half of a body', '{"email":'],
    ['a list', '[]'],
    ['a text', '"text"'],
    ['null', 'null'],
    ['a number that is too large', '1e999999'],
    ['JSON with comments', '{/* */}'],
    ['two values', '{} {}'],
    ['single quotes', "{'a':1}"],
    ['a byte order mark', '\ufeff{}'],
    ['an unknown member', '{"__proto__":{"isAdmin":true},"constructor":1,"isAdmin":true}'],
    [
      'many unknown members',
      JSON.stringify(Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`m${n}`, 1]))),
    ],
    ['a member given twice', '{"email":"a@example.com","email":"a@example.com"}'],
    ['an object a thousand deep', `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`],
    ['a list five thousand deep', `{"symbols":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    [
      'a NUL',
      '{"email":"a\\u0000@example.com","password":"a\\u0000b","symbol":"A\\u0000","version":"\\u0000"}',
    ],
    ['half of a surrogate pair', '{"email":"\\ud800@example.com","password":"\\udfff","symbol":"\\ud800"}'],
  ])('%s', async (_what, body) => {
    expectRefused(await send(method, path, body));
  });

  test('bytes that are not UTF-8', async () => {
    const bytes = Uint8Array.from([
      ...Buffer.from('{"email":"'),
      0xff,
      0xfe,
      0xc0,
      0x80,
      ...Buffer.from('"}'),
    ]);
    expectRefused(await send(method, path, bytes));
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    '',
  ])('a body with the content type %j', async (type) => {
    expectRefused(await send(method, path, '{}', { 'content-type': type }), [415]);
  });

  test('a body of 70 KB and one of 5 MB', async () => {
    for (const size of [70_000, 5_000_000]) {
      expectRefused(await send(method, path, JSON.stringify({ email: 'x'.repeat(size) })), [413]);
    }
  });
});
