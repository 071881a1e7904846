import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { useRunStarter } from '../../../functions/api/admin/run-starter.ts';
import { writeCursor } from '../../../functions/api/market/cursor.ts';
import { ENV } from '../../../functions/shared/constants.ts';
import { closeDatabases } from '../../../functions/shared/database.ts';
import { type Service, serve } from '../../../local/serve.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { signedInUser, stubApiEnvironment } from './api-client.ts';
import { NOW, seedModelAndRun, seedRecommendation } from './recommendations/support.ts';

let db: TestDatabase;
let service: Service;
let token: string;
let before: Record<string, string>;
beforeAll(async () => {
  db = await testDatabase();
  stubApiEnvironment(db, { [ENV.clock]: NOW.toISOString() });
  await seedModelAndRun(db.sql);
  await seedRecommendation(db.sql, { symbol: 'AAPL', profile: 'moderate' });
  // An administrator may ask everything, so nothing is refused for want of rights.
  token = (await signedInUser(db, { isAdmin: true, consented: true })).accessToken;
  service = await serve(0);
  service.open();
  useRunStarter({ start: () => Promise.reject(new Error('nothing hostile may start a run')) });
  before = await contents();
});
afterAll(async () => {
  // What was asked for has left no trace.
  expect(await contents()).toEqual(before);
  useRunStarter(undefined);
  await service.close();
  await closeDatabases();
  vi.unstubAllEnvs();
  await db.close();
});

/** A checksum of every table, but for the count of attempts to log in, which hostile ones raise. */
async function contents(): Promise<Record<string, string>> {
  const tables = await db.sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> 'login_attempts'`;
  const sums: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await db.sql<{ sum: string | null }[]>`
      SELECT md5(string_agg(t::text, '' ORDER BY t::text)) AS sum FROM ${db.sql(name)} t`;
    sums[name] = row?.sum ?? '';
  }
  return sums;
}

/** What came back: the status, and the body as text. */
interface Came {
  status: number;
  type: string;
  text: string;
}

async function ask(method: string, path: string, init: RequestInit = {}): Promise<Came> {
  const headers = { authorization: `Bearer ${token}`, ...init.headers };
  const answer = await fetch(`${service.url}${path}`, { ...init, method, headers });
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    text: await answer.text(),
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const send = (
  method: string,
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = JSON_TYPE,
) => ask(method, path, { body, headers });

/** Words that only the inside of the program has. */
const INSIDE = /node_modules|file:\/\/|\.ts[:)]|at \w+ \(|postgres|SELECT |syntax error|ZodError|SyntaxError/;

/** Expects a refusal in the API's own form that tells nothing of the inside. */
function expectRefused({ status, type, text }: Came, statuses: readonly number[] = [400]): void {
  expect(statuses, text).toContain(status);
  expect(type).toBe('application/problem+json');
  expect(JSON.parse(text)).toMatchObject({ status, type: expect.stringMatching(/^\/problems\//) });
  expect(text).not.toMatch(INSIDE);
  expect(text.length).toBeLessThan(10_000);
}

/** Operations that take a body. */
const WRITES = [
  ['POST', '/v1/auth/register'],
  ['POST', '/v1/auth/login'],
  ['POST', '/v1/auth/refresh'],
  ['POST', '/v1/auth/password'],
  ['PATCH', '/v1/me/settings'],
  ['POST', '/v1/me/consent'],
  ['DELETE', '/v1/me'],
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
    ['a number too large for any', '1e999999'],
    ['JSON with comments', '{/* */}'],
    ['two values', '{} {}'],
    ['single quotes', "{'a':1}"],
    ['a mark of the order of bytes', '\ufeff{}'],
    ['a member that is not known', '{"__proto__":{"isAdmin":true},"constructor":1,"isAdmin":true}'],
    [
      'many that are not known',
      JSON.stringify(Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`m${n}`, 1]))),
    ],
    ['an object a thousand deep', `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`],
    ['a list five thousand deep', `{"symbols":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    [
      'a NUL',
      '{"email":"a\\u0000@example.com","password":"a\\u0000b","symbol":"A\\u0000","version":"\\u0000"}',
    ],
    ['half of a pair', '{"email":"\\ud800@example.com","password":"\\udfff","symbol":"\\ud800"}'],
  ])('%s', async (_what, body) => {
    expectRefused(await send(method, path, body));
  });

  test('bytes that are no UTF-8', async () => {
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
  ])('a body that is said to be %j', async (type) => {
    expectRefused(await send(method, path, '{}', { 'content-type': type }), [415]);
  });

  test('a body of 70 KB, and one of 5 MB', async () => {
    for (const size of [70_000, 5_000_000]) {
      expectRefused(await send(method, path, JSON.stringify({ email: 'x'.repeat(size) })), [413]);
    }
  });
});

/** Operations that take a query, with a parameter of theirs. */
const READS = [
  ['/v1/recommendations', 'limit', '5'],
  ['/v1/instruments', 'search', 'a'],
  ['/v1/instruments/AAPL/bars', 'limit', '5'],
  ['/v1/admin/users', 'search', 'a'],
  ['/v1/admin/runs', 'status', 'failed'],
  ['/v1/admin/quarantined-bars', 'limit', '5'],
] as const;

describe.each(READS)('GET %s refuses', (path, name, value) => {
  test.each([
    ['a parameter given twice', `${name}=${value}&${name}=${value}`],
    [
      'a parameter given twice, once encoded',
      `${name}=${value}&${encodeURIComponent(name).replace(/./, (c) => `%${c.charCodeAt(0).toString(16)}`)}=${value}`,
    ],
    ['a parameter that is not known', 'is_admin=true'],
    ['one named like a part of every object', '__proto__=1'],
    ['a parameter as a list', `${name}[]=${value}`],
    ['a parameter as an object', `${name}[$ne]=${value}`],
    ['a NUL', `${name}=a%00b`],
    ['a line break', `${name}=a%0d%0aset-cookie:%20a=b`],
    ['a very long value', `${name}=${'x'.repeat(5_000)}`],
    ['very many parameters', Array.from({ length: 1_000 }, (_, n) => `p${n}=1`).join('&')],
    ['a cursor that is none', 'cursor=../../etc/passwd'],
    ['a cursor of nothing', `cursor=${Buffer.from('null').toString('base64url')}`],
    ['a cursor with SQL in it', `cursor=${Buffer.from(`[1,"x","' OR 1=1 --"]`).toString('base64url')}`],
    ['a cursor of another list', `cursor=${writeCursor({ list: 'elsewhere' }, ['x', 1])}`],
    ['a very long cursor', `cursor=${'A'.repeat(4_000)}`],
  ])('%s', async (_what, query) => {
    expectRefused(await ask('GET', `${path}?${query}`));
  });
});

describe('SQL stays text', () => {
  test.each(["' OR '1'='1", "'; DROP TABLE users; --", '%27%20UNION%20SELECT', '$1', '%', '_', '\\'])(
    '%j finds nobody',
    async (text) => {
      const { status, text: found } = await ask('GET', `/v1/admin/users?search=${encodeURIComponent(text)}`);
      expect(status).toBe(200);
      expect(JSON.parse(found)).toEqual({ items: [], nextCursor: null });
    },
  );

  test.each([
    '/v1/recommendations?profile=moderate%27--',
    '/v1/recommendations?sort=-confidence;DROP',
    '/v1/recommendations?symbol=AAPL%27',
    '/v1/instruments/AAPL%27%20OR%201=1--',
    '/v1/recommendations/1%20OR%201=1',
    '/v1/admin/runs/run%27--',
    "/v1/models/v1.2.3'--",
  ])('%s is refused', async (path) => {
    expectRefused(await ask('GET', path), [400, 404]);
  });
});

describe('paths', () => {
  test.each([
    '/v1/admin/users/../users',
    '/v1/%2e%2e/admin/users',
    '/v1/instruments/..%2f..%2fetc%2fpasswd',
    '/v1/instruments/AAPL%00',
    '/v1/instruments/%C0%AE%C0%AE',
    '/v1/instruments/AAPL%252e',
    '/v1//admin/users',
    '/v1/admin/users/',
    '/V1/admin/users',
    '/v1/recommendations;jsessionid=1',
    '/v1/recommendations%3Flimit=5',
  ])('%s is refused', (path) => expectNoPath(path));

  test('a very long one is refused', () => expectNoPath(`/v1/instruments/${'A'.repeat(3_000)}`));

  async function expectNoPath(path: string): Promise<void> {
    // Written by hand, because fetch would tidy it up.
    const { status, text } = await raw([`GET ${path} HTTP/1.1`, `authorization: Bearer ${token}`]);
    expect([400, 404]).toContain(status);
    expect(text).not.toMatch(INSIDE);
  }
});

/** The answer to a request that is written by hand. */
function raw(lines: readonly string[], body = ''): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
    socket.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      resolve({ status: Number(text.split(' ')[1]), text });
    });
    // Not ended: a server need not answer who has gone.
    socket.write([...lines, 'host: 127.0.0.1', 'connection: close', '', body].join('\r\n'));
  });
}

describe('headers', () => {
  const me = 'GET /v1/me HTTP/1.1';

  test('two tokens are none', async () => {
    const twice = await raw([me, `authorization: Bearer ${token}`, `authorization: Bearer ${token}`]);
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
  ])('a token of %j is none', async (value) => {
    expectRefused(await ask('GET', '/v1/me', { headers: { authorization: value } }), [401]);
  });

  test('a token that somebody else signed, or that was changed, is none', async () => {
    const [head = '', payload = '', signature = ''] = token.split('.');
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

  test('more than anybody needs are refused', async () => {
    expectRefused(await ask('GET', '/v1/me', { headers: { 'x-long': 'x'.repeat(9_000) } }), [431]);
  });

  test('nothing that a client sends comes back in a header', async () => {
    const answer = await raw([
      'GET /v1/admin/users?search=a%0d%0aX-Evil:%201 HTTP/1.1',
      `authorization: Bearer ${token}`,
      'x-request-id: evil',
      'origin: https://evil.example',
      'x-forwarded-host: evil.example',
    ]);
    const [headers = ''] = answer.text.split('\r\n\r\n');
    expect(headers).not.toMatch(/evil/i);
  });

  test('a length that lies, and a body of two lengths, are refused', async () => {
    const post = 'POST /v1/auth/login HTTP/1.1';
    const smuggled = await raw(
      [post, 'content-length: 4', 'transfer-encoding: chunked'],
      '0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    );
    expect(smuggled.status).toBe(400);
    expect((await raw([post, 'content-length: 4', 'content-length: 5'], 'abcd')).status).toBe(400);
    expect((await raw([post, 'content-length: -1'])).status).toBe(400);
  });
});

test.each(['TRACE', 'PROPFIND', 'PUT', 'LINK'])('%s is no method of anything', async (method) => {
  const { status, text } = await raw([`${method} /v1/health HTTP/1.1`]);
  expect(status).toBe(405);
  expect(text).toMatch(/\r\nallow: GET, HEAD, OPTIONS\r\n/i);
});
