import { describe, expect, test } from 'vitest';
import { writeCursor } from '../../../../functions/api/lists/cursor.ts';
import { ask, expectRefused, serveToTheHostile } from './support.ts';

serveToTheHostile();

/** Operations with a query, and one of their parameters. */
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
    ['a repeated parameter', `${name}=${value}&${name}=${value}`],
    [
      'a repeated parameter, once encoded',
      `${name}=${value}&${encodeURIComponent(name).replace(/./, (c) => `%${c.charCodeAt(0).toString(16)}`)}=${value}`,
    ],
    ['an unknown parameter', 'is_admin=true'],
    ['a parameter named like a member of every object', '__proto__=1'],
    ['a parameter as a list', `${name}[]=${value}`],
    ['a parameter as an object', `${name}[$ne]=${value}`],
    ['a NUL', `${name}=a%00b`],
    ['a line break', `${name}=a%0d%0aset-cookie:%20a=b`],
    ['a very long value', `${name}=${'x'.repeat(5_000)}`],
    ['very many parameters', Array.from({ length: 1_000 }, (_, n) => `p${n}=1`).join('&')],
    ['a malformed cursor', 'cursor=../../etc/passwd'],
    ['a cursor that encodes null', `cursor=${Buffer.from('null').toString('base64url')}`],
    ['a cursor with SQL in it', `cursor=${Buffer.from(`[1,"x","' OR 1=1 --"]`).toString('base64url')}`],
    ['a cursor of another list', `cursor=${writeCursor({ list: 'elsewhere' }, ['x', 1])}`],
    ['a very long cursor', `cursor=${'A'.repeat(4_000)}`],
  ])('%s', async (_what, query) => {
    expectRefused(await ask('GET', `${path}?${query}`));
  });
});

describe('SQL in a parameter', () => {
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
  ])('refuses %s', async (path) => {
    expectRefused(await ask('GET', path), [400, 404]);
  });
});
