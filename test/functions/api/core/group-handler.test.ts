import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { type AnyEndpoint, endpoint } from '../../../../functions/api/core/endpoint.ts';
import { groupHandler } from '../../../../functions/api/core/group-handler.ts';
import { problem } from '../../../../functions/api/core/problem.ts';
import { servicesOnce } from '../../../../functions/api/services.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { startGateway } from '../../../../local/serving/gateway.ts';
import { ApiClient, expectProblem, stubApiEnvironment } from '../api-client.ts';
import { declare, strangeSecret } from '../support.ts';
import { useApi } from '../use-api.ts';

const Thing = z.strictObject({
  name: z.string(),
  notice: z.string().nullable().optional(),
  now: z.string().optional(),
});
let work: () => unknown;

const declared = {
  group: 'market',
  operationId: 'x',
  summary: 'x',
  access: 'public',
  answer: { status: 200, schema: Thing, description: 'A thing.' },
  handle: async () => ({ body: (await work()) as z.input<typeof Thing> }),
} as const;

const endpoints: AnyEndpoint[] = [
  endpoint({
    ...declared,
    method: 'GET',
    path: '/v1/things/{name}',
    params: z.strictObject({ name: z.string() }),
  }),
  endpoint({
    ...declared,
    method: 'PATCH',
    path: '/v1/things/{name}',
    body: z.strictObject({ name: z.string() }),
  }),
  endpoint({
    ...declared,
    method: 'GET',
    path: '/v1/services',
    handle: async (_request, { sql, now, notice }) => {
      const [row] = await sql<[{ who: string }]>`SELECT current_user AS who`;
      return { body: { name: row.who, notice, now: now.toISOString() } };
    },
  }),
  endpoint({
    ...declared,
    method: 'DELETE',
    path: '/v1/things',
    answer: { status: 204, description: 'Gone.' },
    handle: async () => ({ body: undefined, cookies: ['a=1', 'b=2'], headers: { 'x-own': 'yes' } }),
  }),
];

const db = useApi();

const group = declare(endpoints);

/** Starts a new container of the function. */
const start = () => new ApiClient(groupHandler('market', group, servicesOnce()), group);

let client: ApiClient;
beforeEach(() => {
  stubApiEnvironment(db);
  client = start();
  work = () => ({ name: 'it' });
});

describe('an answer', () => {
  test("contains the endpoint's JSON and the common headers", async () => {
    const answer = await client.ask('GET', '/v1/things/it');
    expect(answer).toMatchObject({ status: 200, body: { name: 'it' } });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'private, max-age=30',
      'content-security-policy':
        "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-request-id': 'request-1',
    });
  });

  test("has no body and no content type for 204, but the endpoint's cookies and headers", async () => {
    const answer = await client.ask('DELETE', '/v1/things');
    expect(answer).toMatchObject({ status: 204, body: undefined, cookies: ['a=1', 'b=2'] });
    expect(answer.headers).toMatchObject({ 'x-own': 'yes', 'cache-control': 'private, no-store' });
    expect(answer.headers).not.toHaveProperty('content-type');
  });

  test("uses the API's role, clock and notice", async () => {
    stubApiEnvironment(db, { CLOCK: '2013-03-01T23:59:59.000Z', DATA_NOTICE: 'Sample data.' });
    expect((await client.ask('GET', '/v1/services')).body).toEqual({
      name: 'boursomatic_api',
      notice: 'Sample data.',
      now: '2013-03-01T23:59:59.000Z',
    });
    vi.stubEnv('CLOCK', '');
  });

  test('has no notice if the variable is empty', async () => {
    stubApiEnvironment(db, { DATA_NOTICE: '' });
    expect((await client.ask('GET', '/v1/services')).body).toMatchObject({ notice: null });
  });

  test('is the same for HEAD as for GET, without the body', async () => {
    expect(await client.ask('HEAD', '/v1/things/it')).toEqual(await client.ask('GET', '/v1/things/it'));
  });

  test('lists the allowed methods for OPTIONS', async () => {
    const answer = await client.ask('OPTIONS', '/v1/things/it');
    expect(answer).toMatchObject({ status: 204, headers: { allow: 'GET, HEAD, PATCH, OPTIONS' } });
  });
});

describe('a problem is the answer to', () => {
  test('an unknown path', async () => {
    expectProblem(await client.ask('GET', '/v1/nothing'), 404, 'not-found');
  });

  test('an unsupported method', async () => {
    const answer = await client.ask('PUT', '/v1/things/it');
    expectProblem(answer, 405, 'method-not-allowed');
    expect(answer.headers.allow).toBe('GET, HEAD, PATCH, OPTIONS');
  });

  test('a body that is too large', async () => {
    const rawBody = JSON.stringify({ name: 'x'.repeat(65_536) });
    expectProblem(await client.ask('PATCH', '/v1/things/it', { rawBody }), 413, 'body-too-large');
  });

  test('headers that are too large', async () => {
    const headers = { 'x-long': 'x'.repeat(8_192) };
    expectProblem(await client.ask('GET', '/v1/things/it', { headers }), 431, 'headers-too-large');
    const cookies = Array.from({ length: 90 }, (_, index) => `c${index}=${'x'.repeat(100)}`);
    expectProblem(await client.ask('GET', '/v1/things/it', { cookies }), 431, 'headers-too-large');
  });

  test('a body that is not JSON', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await client.ask('PATCH', '/v1/things/it', { rawBody: 'name=x', headers });
    expectProblem(answer, 415, 'unsupported-media-type');
    expect(answer.headers.accept).toBe('application/json');
  });

  test('invalid parts', async () => {
    const answer = await client.ask('PATCH', '/v1/things/it?a=1', { body: { nme: 'x' } });
    expect(expectProblem(answer, 400, 'invalid-request').errors).toEqual([
      { parameter: 'a', detail: 'is not a known parameter' },
      { pointer: '#/name', detail: 'is missing' },
      { pointer: '#/nme', detail: 'is not a known member' },
    ]);
  });

  test('any fault, and it is never cached', async () => {
    const { headers } = await client.ask('GET', '/v1/nothing');
    expect(headers).toMatchObject({ 'cache-control': 'private, no-store', 'x-request-id': 'request-1' });
  });
});

describe('an error of an endpoint', () => {
  test('is returned in full if the client caused it', async () => {
    work = () => {
      throw problem('conflict', 'It is taken.', { headers: { 'retry-after': '3' }, members: { by: 'you' } });
    };
    const answer = await client.ask('GET', '/v1/things/it');
    expect(expectProblem(answer, 409, 'conflict')).toMatchObject({ detail: 'It is taken.', by: 'you' });
    expect(answer.headers['retry-after']).toBe('3');
  });

  test('is a 500 without details otherwise', async () => {
    work = () => {
      throw new Error('column users.password_hash does not exist');
    };
    const { status, body } = await client.ask('GET', '/v1/things/it');
    expect({ status, body }).toEqual({
      status: 500,
      body: { type: 'about:blank', title: 'Internal Server Error', status: 500 },
    });
  });

  test('is a 503 without details if a statement takes too long', async () => {
    work = () => {
      throw Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });
    };
    const answer = await client.ask('GET', '/v1/things/it');
    expectProblem(answer, 503, 'service-busy');
    expect(answer.headers['retry-after']).toBe('2');
  });

  test('is a 503 without details if the disk of the database is full', async () => {
    work = () => {
      throw Object.assign(new Error('could not extend file "base/1/2": No space left on device'), {
        code: '53100',
      });
    };
    const answer = await client.ask('GET', '/v1/things/it');
    expect(expectProblem(answer, 503, 'storage-full')).toMatchObject({
      detail: expect.stringContaining('Nothing was changed.'),
    });
    expect(answer.headers['retry-after']).toBe('60');
  });

  test('is a 503 without details if the database cannot be reached', async () => {
    const secret = await strangeSecret(1);
    stubApiEnvironment(db, { API_DATABASE_SECRET: secret.url });
    const answer = await start().ask('GET', '/v1/services');
    expectProblem(answer, 503, 'database-unreachable');
    expect(answer.headers?.['retry-after']).toBe('60');
    expect(JSON.stringify(answer)).not.toMatch(/127\.0\.0\.1|ECONNREFUSED|boursomatic_api|hunter2/);
    await secret.remove();
  });
});

describe('the environment', () => {
  test.each(['API_DATABASE_SECRET', 'SIGNING_KEYS_SECRET', 'TOKEN_ISSUER'])(
    'causes a 500 without details if %s is missing',
    async (name) => {
      stubApiEnvironment(db, { [name]: '' });
      const { status, body } = await start().ask('GET', '/v1/services');
      expect({ status, body }).toEqual({
        status: 500,
        body: { type: 'about:blank', title: 'Internal Server Error', status: 500 },
      });
    },
  );

  test('is read once per container, and again after a failure', async () => {
    stubApiEnvironment(db, { API_DATABASE_SECRET: '' });
    const container = start();
    expect((await container.ask('GET', '/v1/services')).status).toBe(500);
    stubApiEnvironment(db);
    expect((await container.ask('GET', '/v1/services')).status).toBe(200);
    stubApiEnvironment(db, { API_DATABASE_SECRET: '' });
    expect((await container.ask('GET', '/v1/services')).status).toBe(200);
  });
});

test('answers over HTTP as it does on AWS', async () => {
  const gateway = await startGateway({
    port: 0,
    routes: ['/v1/things/{name}', '/v1/{rest+}'].map((path) => ({ method: 'ANY', path, name: 'market' })),
    handlers: { market: groupHandler('market', group, servicesOnce()) },
  });
  const ask = (path: string, init?: RequestInit) => fetch(`${gateway.url}${path}`, init);
  const good = await ask('/v1/things/it');
  expect([good.status, await good.json()]).toEqual([200, { name: 'it' }]);
  expect(good.headers.get('x-request-id')).toBe(good.headers.get('apigw-requestid'));
  const unchanged = await ask('/v1/things/it', {
    headers: { 'if-none-match': defined(good.headers.get('etag'), 'ETag') },
  });
  expect([unchanged.status, await unchanged.text()]).toEqual([304, '']);
  const head = await ask('/v1/things/it', { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '13', '']);
  expect((await ask('/v1/things/it', { method: 'PUT' })).headers.get('allow')).toContain('PATCH');
  const unknown = await ask('/v1/other/path');
  expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  await gateway.close();
});
