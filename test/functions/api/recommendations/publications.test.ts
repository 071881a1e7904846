import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { endpoints } from '../../../../functions/api/recommendations/endpoints.ts';
import { handler } from '../../../../functions/api/recommendations.lambda.ts';
import { ApiClient, expectProblem, signedInUser, type TestUser } from '../api-client.ts';
import { lambdaContext } from '../support.ts';
import { useApi } from '../use-api.ts';
import { sealCalls, seedModelAndRun, seedRecommendation } from './support.ts';

const db = useApi();
/** The last answer of the handler, whose bytes the client parses. */
let last: Awaited<ReturnType<typeof handler>>;
const api = new ApiClient(async (request) => {
  last = await handler(request, lambdaContext());
  return last;
}, endpoints);
let reader: TestUser;

beforeAll(async () => {
  await seedModelAndRun(db.sql);
  for (const symbol of ['AAPL', 'MSFT', 'IBM']) {
    const calls = [];
    for (const profile of ['moderate', 'aggressive'] as const)
      calls.push(await seedRecommendation(db.sql, { symbol, profile, confidence: 1 / 3 }));
    await sealCalls(db.sql, calls);
  }
  reader = await signedInUser(db, { consented: true });
});

type Body = { items: Record<string, unknown>[]; nextCursor: string | null };
const ask = (target: string, headers: Record<string, string> = {}) =>
  api.ask<Body>('GET', target, { accessToken: reader.accessToken, headers });
const bytesOf = ({ body = '', isBase64Encoded }: typeof last) =>
  Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('lists publications newest first, with their hashes', async () => {
  const stored = await db.sql<{ id: number; sha256: string }[]>`
    SELECT id, sha256 FROM publications ORDER BY id DESC`;
  const { body } = await ask('/v1/publications');
  expect(body).toMatchObject({ items: stored.map((row) => ({ ...row, calls: 2 })), nextCursor: null });
  expect(body.items[0]).toMatchObject({ previous: stored[1]?.sha256, runId: 'run-1', asOf: '2026-02-27' });
});

test('continues the list from a cursor', async () => {
  const first = await ask('/v1/publications?limit=2');
  const second = await ask(`/v1/publications?limit=2&cursor=${first.body.nextCursor}`);
  const items = [...first.body.items, ...second.body.items];
  expect(items.map(({ id }) => id)).toEqual([3, 2, 1]);
  expect(second.body.nextCursor).toBeNull();
  expectProblem(await ask('/v1/publications?cursor=abc'), 400, 'invalid-cursor');
});

test('returns the canonical bytes, whose SHA-256 is the stored hash and the ETag', async () => {
  const [stored] = await db.sql`SELECT sha256 FROM publications WHERE id = 2`;
  const { headers, body } = await ask('/v1/publications/2');
  expect(sha256(bytesOf(last))).toBe(stored?.sha256);
  expect(headers).toMatchObject({
    etag: `"${stored?.sha256}"`,
    'content-type': 'application/json; charset=utf-8',
  });
  expect(body).toMatchObject({
    id: 2,
    calls: [{ symbol: 'MSFT', profile: 'aggressive' }, { profile: 'moderate' }],
  });
});

test('compresses the bytes, and answers 304 for a known ETag', async () => {
  const { headers } = await ask('/v1/publications/2', { 'accept-encoding': 'gzip' });
  const [stored] = await db.sql`SELECT sha256 FROM publications WHERE id = 2`;
  expect(sha256(gunzipSync(bytesOf(last)))).toBe(stored?.sha256);
  expect(headers.etag).toBe(`"${stored?.sha256}-gzip"`);
  const known = await ask('/v1/publications/2', { 'if-none-match': headers.etag ?? '' });
  expect(known.status).toBe(304);
});

test('shows a changed row by another hash', async () => {
  const [stored] = await db.sql`SELECT sha256 FROM publications WHERE id = 3`;
  await db.sql`UPDATE recommendations SET label = 'SELL' WHERE publication_id = 3 AND profile = 'moderate'`;
  const { headers } = await ask('/v1/publications/3');
  await db.sql`UPDATE recommendations SET label = 'BUY' WHERE publication_id = 3 AND profile = 'moderate'`;
  expect(sha256(bytesOf(last))).not.toBe(stored?.sha256);
  expect(headers.etag).toBe(`"${sha256(bytesOf(last))}"`);
});

test('answers 404 for an unknown publication, and 400 for no number', async () => {
  expectProblem(await ask('/v1/publications/99'), 404, 'not-found');
  for (const id of ['0', '-1', '1.5', '01', 'x', '9999999999'])
    expectProblem(await ask(`/v1/publications/${id}`), 400, 'invalid-request');
});

test.each(['/v1/publications', '/v1/publications/1'])('%s is for users who have consented', async (path) => {
  const { accessToken } = await signedInUser(db);
  expectProblem(await api.ask('GET', path, { accessToken }), 403, 'consent-required');
  expectProblem(await api.ask('GET', path), 401, 'not-signed-in');
});
