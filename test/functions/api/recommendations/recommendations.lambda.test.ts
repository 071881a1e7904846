import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { endpoints as market } from '../../../../functions/api/market/endpoints.ts';
import { handler as marketHandler } from '../../../../functions/api/market.lambda.ts';
import { endpoints } from '../../../../functions/api/recommendations/endpoints.ts';
import type { RecommendationPage } from '../../../../functions/api/recommendations/list-recommendations.ts';
import { handler } from '../../../../functions/api/recommendations.lambda.ts';
import { ApiClient, expectProblem, signedInUser, stubApiEnvironment, type TestUser } from '../api-client.ts';
import { useApi } from '../use-api.ts';
import { seedModelAndRun, seedRecommendation } from './support.ts';

const db = useApi();
let reader: TestUser;
let ids: string[];
const api = new ApiClient(handler, endpoints);
const marketApi = new ApiClient(marketHandler, market);

beforeAll(async () => {
  await seedModelAndRun(db.sql);
  ids = [];
  for (const [i, symbol] of ['AAPL', 'MSFT', 'IBM'].entries()) {
    ids.push(await seedRecommendation(db.sql, { symbol, profile: 'aggressive', confidence: 0.9 - i / 10 }));
  }
  await seedRecommendation(db.sql, { symbol: 'AAPL', profile: 'moderate', label: 'HOLD' });
  for (const symbol of ['M&M.NS', '^IXIC', 'EURUSD=X', 'BTC-USD', 'BRK-B'])
    await seedRecommendation(db.sql, { symbol, profile: 'conservative' });
  reader = await signedInUser(db, { consented: true, preferredProfile: 'aggressive' });
});
beforeEach(() => {
  stubApiEnvironment(db, { CLOCK: '2026-03-02T08:00:00Z', DATA_NOTICE: 'Sample data.' });
});

const ask = <T = Record<string, unknown>>(target: string, { accessToken }: TestUser = reader) =>
  api.ask<T>('GET', target, { accessToken });

describe('symbols', () => {
  test.each([
    ['m%26m.ns', 'M&M.NS'],
    ['M&M.NS', 'M&M.NS'],
    ['%5Eixic', '^IXIC'],
    ['eurusd=x', 'EURUSD=X'],
    ['btc-usd', 'BTC-USD'],
    ['brk.b', 'BRK-B'],
    ['BRK-B', 'BRK-B'],
  ])('are accepted in paths and queries: %s is %s', async (written, symbol) => {
    const history = await ask(`/v1/instruments/${written}/recommendations?profile=conservative`);
    expect(history.body).toMatchObject({ symbol, items: [{}] });
    const query = `profile=conservative&symbol=${written.replace('&', '%26')},aapl`;
    const list = await ask(`/v1/recommendations?${query}`);
    expect(list.body).toMatchObject({ items: [{ symbol }] });
  });

  test.each(['A%20A', 'A%2FB%2FC', '%C5%BF'])('are refused where they are none: %s', async (written) => {
    expectProblem(await ask(`/v1/recommendations?symbol=${written}`), 400, 'invalid-request');
  });
});

test('GET /v1/track-record.csv returns a file', async () => {
  const { status, headers, body } = await ask('/v1/track-record.csv?kind=sample');
  expect({
    status,
    type: headers['content-type'],
    disposition: headers['content-disposition'],
    body,
  }).toEqual({
    status: 200,
    type: 'text/csv; charset=utf-8',
    disposition: 'attachment; filename="track-record.csv"',
    body: expect.stringMatching(/^kind,profile,label,calls,days,hitRate,[^\r\n]*\r\n$/),
  });
});

test.each([
  'from=2026-02-30',
  'kind=every',
  'profile=bold',
  'model=1',
  'label=BUY',
  'from=2026-02-01&to=2026-01-01',
])('GET /v1/track-record refuses %s', async (query) => {
  for (const path of ['/v1/track-record', '/v1/track-record.csv'])
    expectProblem(await ask(`${path}?${query}`), 400, 'invalid-request');
});

describe('access', () => {
  const paths = [
    '/v1/recommendations',
    '/v1/track-record',
    '/v1/track-record.csv',
    '/v1/track-record/calls',
    '/v1/instruments/AAPL/recommendations',
    '/v1/recommendations/0199a5b0-0000-7000-8000-000000000001',
  ];

  test.each(paths)('%s refuses a caller without a token', async (path) => {
    expectProblem(await api.ask('GET', path), 401, 'not-signed-in');
  });

  test.each(paths)('%s refuses a caller without the consent', async (path) => {
    expectProblem(await ask(path, await signedInUser(db)), 403, 'consent-required');
  });

  test('market data needs only an access token', async () => {
    const { accessToken } = await signedInUser(db);
    for (const path of [
      '/v1/instruments',
      '/v1/instruments/AAPL',
      '/v1/models',
      '/v1/models/active',
      '/v1/facets',
    ]) {
      expect((await marketApi.ask('GET', path, { accessToken })).status, path).toBe(200);
      expectProblem(await marketApi.ask('GET', path), 401, 'not-signed-in');
    }
    expect((await marketApi.ask('GET', '/v1/health')).status).toBe(200);
  });
});

describe('GET /v1/recommendations', () => {
  test("uses the caller's preferred profile by default", async () => {
    const own = await ask<RecommendationPage>('/v1/recommendations');
    expect(own.body).toMatchObject({ profile: 'aggressive', notice: 'Sample data.', dataAgeDays: 3 });
    expect(own.body.items.map(({ symbol }) => symbol)).toEqual(['AAPL', 'MSFT', 'IBM']);
    const other = await ask<RecommendationPage>('/v1/recommendations?profile=moderate');
    expect(other.body).toMatchObject({ profile: 'moderate', items: [{ symbol: 'AAPL', label: 'HOLD' }] });
  });

  test('continues with its cursor, which needs no encoding in a URL', async () => {
    const first = await ask<RecommendationPage>('/v1/recommendations?limit=2');
    expect(first.body.nextCursor).toMatch(/^[A-Za-z0-9_-]+$/);
    const second = await ask<RecommendationPage>(
      `/v1/recommendations?limit=2&cursor=${first.body.nextCursor}`,
    );
    expect(second.body.items.map(({ symbol }) => symbol)).toEqual(['IBM']);
    expect(second.body.nextCursor).toBeNull();
  });

  test('refuses the cursor of another list', async () => {
    for (const cursor of ['', 'x', "'--", 'WzFd']) {
      expectProblem(await ask(`/v1/recommendations?cursor=${cursor}`), 400, 'invalid-cursor');
    }
  });

  test.each([
    ['limit=0', 'limit'],
    ['sort=id', 'sort'],
    ['profile=reckless', 'profile'],
    ['label=BUY&label=SELL', 'label'],
    ['sector=%0A', 'sector'],
    ['symbol=A%27--', 'symbol'],
    ['minConfidence=2', 'minConfidence'],
    ['profil=moderate', 'profil'],
    ['__proto__=x', '__proto__'],
  ])('refuses %s and names the parameter', async (query, parameter) => {
    const problem = expectProblem(await ask(`/v1/recommendations?${query}`), 400, 'invalid-request');
    expect(problem.errors).toMatchObject([{ parameter }]);
    expect(problem.detail).toContain(parameter);
  });
});

describe('GET /v1/recommendations/{id}', () => {
  test('returns a recommendation by its id', async () => {
    const answer = await ask(`/v1/recommendations/${ids[1]}`);
    expect(answer.body).toMatchObject({ symbol: 'MSFT', standing: 'current' });
  });

  test('answers 404 for an unknown id and 400 for an invalid one', async () => {
    const none = '/v1/recommendations/0199a5b0-0000-7000-8000-000000000001';
    expectProblem(await ask(none), 404, 'not-found');
    for (const id of ['1', "1'--", 'undefined', `${ids[0]}x`]) {
      const problem = expectProblem(
        await ask(`/v1/recommendations/${encodeURIComponent(id)}`),
        400,
        'invalid-request',
      );
      expect(problem.errors).toMatchObject([{ parameter: 'id', detail: 'must be a UUID' }]);
    }
  });
});

describe('GET /v1/instruments/{symbol}/recommendations', () => {
  test('uses the preferred profile by default', async () => {
    const answer = await ask('/v1/instruments/AAPL/recommendations');
    expect(answer.body).toMatchObject({ profile: 'aggressive', items: [{ id: ids[0] }] });
  });

  test('answers 404 for an unknown symbol and 400 for an invalid one', async () => {
    expectProblem(await ask('/v1/instruments/NONE/recommendations'), 404, 'unknown-instrument');
    expectProblem(await ask('/v1/instruments/A+A/recommendations'), 400, 'invalid-request');
  });
});

describe('market data', () => {
  const market = (target: string) => marketApi.ask('GET', target, { accessToken: reader.accessToken });

  test.each([
    ['/v1/instruments/NONE', 404, 'unknown-instrument'],
    ['/v1/instruments/NONE/bars', 404, 'unknown-instrument'],
    ['/v1/instruments/NONE/features', 404, 'unknown-instrument'],
    ['/v1/instruments/a b/bars', 400, 'invalid-request'],
    ['/v1/instruments/AAPL/bars?interval=weekly', 400, 'invalid-request'],
    ['/v1/instruments/AAPL/bars?from=2026-02-30', 400, 'invalid-request'],
    ['/v1/instruments/AAPL/bars?from=2026-02-02&to=2026-02-01', 400, 'invalid-request'],
    ['/v1/instruments/AAPL/bars?from=0000-01-01', 400, 'invalid-request'],
    ['/v1/instruments/AAPL/features?cursor=x', 400, 'invalid-cursor'],
    ['/v1/instruments?search=%00', 400, 'invalid-request'],
    ['/v1/models/v9.9.9', 404, 'unknown-model'],
    ['/v1/models/latest', 400, 'invalid-request'],
  ])('%s is refused with %i %s', async (target, status, slug) => {
    expectProblem(await market(encodeURI(target).replace('%2500', '%00')), status, slug);
  });

  test('is found for a symbol with a caret', async () => {
    await db.sql`INSERT INTO instruments (symbol, exchange) VALUES ('^GSPC', 'INDEX')`;
    expect((await market('/v1/instruments/%5EGSPC')).body).toMatchObject({ symbol: '^GSPC' });
  });

  test('does not let clients cache health', async () => {
    const answer = await marketApi.ask('GET', '/v1/health');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toMatchObject({ status: 'ok', notice: 'Sample data.' });
  });
});
