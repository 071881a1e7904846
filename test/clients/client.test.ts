import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import {
  ApiError,
  createClient,
  type EarlierRecommendation,
  type Entry,
  type ListPath,
  type Recommendation,
} from '../../clients/typescript/src/client.ts';
import { apiKeyOf, signedInUser } from '../functions/api/api-client.ts';
import { NOW, seedModelAndRun, seedRecommendation } from '../functions/api/recommendations/support.ts';
import { useApi } from '../functions/api/use-api.ts';
import { useService } from '../functions/api/use-service.ts';

const db = useApi(() => ({ CLOCK: NOW.toISOString() }));
const service = useService();
const SYMBOLS = ['AAPL', 'BRK-B', 'M&M.NS'];
let key: string;
beforeAll(async () => {
  await seedModelAndRun(db.sql);
  for (const symbol of SYMBOLS) await seedRecommendation(db.sql, { symbol });
  key = (await apiKeyOf(db, await signedInUser(db, { consented: true }))).key;
});

const client = (more: { key?: string; url?: string } = {}) =>
  createClient({ url: service.url, key, ...more });
const MODERATE = { profile: 'moderate' } as const;

describe('the TypeScript client', () => {
  test('sends a typed request with the key', async () => {
    const { data } = await client().GET('/v1/instruments/{symbol}', { params: { path: { symbol: 'AAPL' } } });
    expect(data).toMatchObject({ symbol: 'AAPL' });
    expectTypeOf<NonNullable<typeof data>['symbol']>().toEqualTypeOf<string>();
  });

  test('accepts an address with a slash at its end', async () => {
    const { data } = await client({ url: `${service.url}/` }).GET('/v1/health');
    expect(data).toHaveProperty('status');
  });

  test.each(['', '<h1>Bad Gateway</h1>'])('throws a problem for the failure of a proxy: %j', async (body) => {
    const failing = createClient({
      url: service.url,
      fetch: async () => new Response(body, { status: 502, headers: { 'content-length': `${body.length}` } }),
    });
    const expected = new ApiError({
      type: 'about:blank',
      title: 'Unexpected answer',
      status: 502,
      detail: 'The server answered with status 502, but not as this API does.',
    });
    await expect(failing.csv('/v1/recommendations')).rejects.toEqual(expected);
    await expect(failing.items('/v1/recommendations').next()).rejects.toEqual(expected);
  });

  test('follows the pages of a list', async () => {
    const symbols: string[] = [];
    const query = { ...MODERATE, limit: 2, sort: 'symbol' } as const;
    for await (const entry of client().items('/v1/recommendations', { query })) {
      expectTypeOf(entry).toEqualTypeOf<Recommendation>();
      symbols.push(entry.symbol);
    }
    expect(symbols).toEqual(SYMBOLS);
  });

  test('encodes the parameters of a path', async () => {
    const path = { symbol: 'M&M.NS' };
    const calls = client().items('/v1/instruments/{symbol}/recommendations', { path, query: MODERATE });
    expect((await calls.next()).value).toMatchObject({ label: 'BUY' });
    expect(await calls.next()).toEqual({ done: true, value: undefined });
  });

  test('joins the pages of a list as CSV, with one header line', async () => {
    const csv = await client().csv('/v1/recommendations', {
      query: { ...MODERATE, limit: 1, sort: 'symbol' },
    });
    const [header, ...lines] = csv.trimEnd().split('\r\n');
    expect(header).toMatch(/^id,profile,label,/);
    expect(lines.map((line) => SYMBOLS.find((symbol) => line.includes(`,${symbol},`)))).toEqual(SYMBOLS);
  });

  test('throws the problem of a refused list', async () => {
    const refused = client({ key: 'bmk_x' }).items('/v1/recommendations');
    const error: unknown = await refused.next().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ problem: { type: '/problems/api-key-refused', reason: 'malformed' } });
    await expect(client({ key: 'bmk_x' }).csv('/v1/recommendations')).rejects.toThrow(ApiError);
  });

  test('returns the problem of any other request', async () => {
    const { error, response } = await client().GET('/v1/me');
    expect([response.status, error?.type]).toEqual([403, '/problems/not-allowed']);
  });

  test('knows the lists by their types', () => {
    expectTypeOf<'/v1/me/sessions' | '/v1/admin/runs/{id}/failures'>().toExtend<ListPath>();
    expectTypeOf<'/v1/me' | '/v1/track-record'>().not.toExtend<ListPath>();
    expectTypeOf<Entry<'/v1/instruments/{symbol}/recommendations'>>().toEqualTypeOf<EarlierRecommendation>();
  });

  test('refuses at compile time what the API would refuse', () => {
    const { items } = client();
    // @ts-expect-error: not a list
    items('/v1/health');
    // @ts-expect-error: the path has a parameter
    items('/v1/instruments/{symbol}/bars');
    // @ts-expect-error: not a parameter of this list
    items('/v1/recommendations', { query: { colour: 'blue' } });
    // @ts-expect-error: the client chooses the page
    items('/v1/recommendations', { query: { cursor: 'x' } });
  });
});

test('the client has the version of the project, which is that of the API', async () => {
  const versionIn = async (file: string) =>
    JSON.parse(await readFile(new URL(`../../${file}`, import.meta.url), 'utf8')).version;
  expect(await versionIn('clients/typescript/package.json')).toBe(await versionIn('package.json'));
});
