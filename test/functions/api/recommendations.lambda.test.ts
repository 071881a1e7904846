import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { handler } from '../../../functions/api/recommendations.lambda.ts';
import type { RecommendationList } from '../../../functions/api/recommendations.ts';
import { closeDatabases } from '../../../functions/shared/database.ts';
import { startGateway } from '../../../local/gateway.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import {
  bodyOf,
  getRequest,
  lambdaContext,
  seedModelAndRun,
  seedRecommendation,
  strangeSecret,
} from './support.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await seedModelAndRun(db.sql);
  await seedRecommendation(db.sql, { symbol: 'AAPL' });
  vi.stubEnv('API_DATABASE_SECRET', db.url('api'));
  vi.stubEnv('CLOCK', '2026-03-02T08:00:00Z');
});
afterEach(() => vi.stubEnv('API_DATABASE_SECRET', db.url('api')));
afterAll(async () => {
  vi.unstubAllEnvs();
  await closeDatabases();
  await db.close();
});

const get = (query = '') => handler(getRequest(`/v1/recommendations${query}`), lambdaContext());

test('answers with the list, its notice and headers that keep it private', async () => {
  vi.stubEnv('DATA_NOTICE', 'Sample data.');
  const response = await get('?profile=conservative&label=BUY&limit=5');
  expect(response.statusCode).toBe(200);
  expect(response.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': 'request-1',
  });
  const list = bodyOf<RecommendationList>(response);
  expect(list.notice).toBe('Sample data.');
  expect(list.items.map(({ symbol, dataAgeDays }) => [symbol, dataAgeDays])).toEqual([['AAPL', 3]]);
});

test('a notice set to nothing is none', async () => {
  vi.stubEnv('DATA_NOTICE', '');
  expect(bodyOf(await get())).toMatchObject({ notice: null });
});

describe('refuses, naming the parameter,', () => {
  test.each([
    ['an unknown key', '?profil=conservative', 'profil'],
    ['a key of the prototype', '?__proto__=x', '__proto__'],
    ['a repeated key', '?label=BUY&label=SELL', 'label'],
    ['a key repeated with the same value', '?limit=5&limit=5', 'limit'],
    ['an unknown profile', '?profile=reckless', 'profile'],
    ['a label in lower case', '?label=buy', 'label'],
    ['an empty label', '?label=', 'label'],
    ['two labels in one', '?label=BUY,SELL', 'label'],
    ['limit 0', '?limit=0', 'limit'],
    ['limit 101', '?limit=101', 'limit'],
    ['limit abc', '?limit=abc', 'limit'],
    ['a negative limit', '?limit=-1', 'limit'],
    ['half a limit', '?limit=1.5', 'limit'],
    ['a limit with an exponent', '?limit=1e1', 'limit'],
    ['a limit with a space', '?limit=%205', 'limit'],
    ['SQL in the label', "?label=BUY'%20OR%20'1'='1", 'label'],
    ['SQL in the profile', "?profile=conservative';DROP%20TABLE%20users;--", 'profile'],
    ['SQL in the limit', '?limit=1;SELECT%20pg_sleep(10)', 'limit'],
  ])('%s', async (_what, query, parameter) => {
    const response = await get(query);
    expect(response.statusCode).toBe(400);
    expect(response.headers?.['content-type']).toBe('application/problem+json');
    expect(bodyOf(response)).toMatchObject({
      type: '/problems/invalid-parameter',
      status: 400,
      detail: expect.stringContaining(parameter),
      errors: [{ parameter }],
    });
  });
});

test('a database that refuses the connection is a 503 that tells nothing of it', async () => {
  const secret = await strangeSecret(1);
  vi.stubEnv('API_DATABASE_SECRET', secret.url);
  const response = await get();
  expect(response.statusCode).toBe(503);
  expect(bodyOf(response)).toMatchObject({ type: '/problems/database-unreachable' });
  expect(response.body).not.toMatch(/127\.0\.0\.1|ECONNREFUSED|boursomatic_api|hunter2/);
  await secret.remove();
});

test('a missing variable is a 500 that tells nothing of it', async () => {
  vi.stubEnv('API_DATABASE_SECRET', '');
  const response = await get();
  expect(response.statusCode).toBe(500);
  expect(bodyOf(response)).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500 });
});

test('answers over HTTP as it does in AWS', async () => {
  const gateway = await startGateway({ port: 0, handlers: { recommendations: handler, health: handler } });
  const good = await fetch(`${gateway.url}/v1/recommendations?label=BUY`);
  expect(good.status).toBe(200);
  expect(good.headers.get('x-request-id')).toBe(good.headers.get('apigw-requestid'));
  expect(await good.json()).toMatchObject({ items: [{ symbol: 'AAPL', label: 'BUY' }] });
  const repeated = await fetch(`${gateway.url}/v1/recommendations?label=BUY&label=BUY`);
  expect(repeated.status).toBe(400);
  expect(repeated.headers.get('content-type')).toBe('application/problem+json');
  await gateway.close();
});
