import { request as httpRequest } from 'node:http';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { makeApiKey } from '../../../functions/api/core/api-key.ts';
import { BODY_LIMIT_BYTES } from '../../../functions/api/core/body.ts';
import { REQUESTS_PER_MINUTE } from '../../../functions/api/core/request-rate.ts';
import { logger } from '../../../functions/api/core/telemetry.ts';
import { ENV } from '../../../functions/shared/constants.ts';
import { apiKeyOf, signedInUser, type TestUser } from '../api/api-client.ts';
import { NOW, seedModelAndRun } from '../api/recommendations/support.ts';
import { useApi } from '../api/use-api.ts';
import { useService } from '../api/use-service.ts';
import { connect } from './mcp-support.ts';

const PAGE = 'https://app.example.com';

const db = useApi(() => ({ [ENV.clock]: NOW.toISOString(), [ENV.corsOrigins]: PAGE }));
const service = useService();
let user: TestUser;
let key: string;
let keyId: string;
beforeEach(async () => {
  user = await signedInUser(db, { consented: true });
  ({ key, id: keyId } = await apiKeyOf(db, user));
});

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

/** The envelope of a request of the protocol of 2026-07-28. */
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

async function post(body: unknown, headers: Record<string, string> = {}, method = 'POST') {
  const response = await fetch(`${service.url}/mcp`, {
    method,
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${key}`,
      ...headers,
    },
    ...(method === 'POST' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

describe('POST /mcp', () => {
  test('answers with one JSON body, without a session', async () => {
    const { status, headers, body } = await post(LIST);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.has('mcp-session-id')).toBe(false);
    expect(body.result.tools.length).toBeGreaterThan(5);
  });

  test('acknowledges a notification with 202', async () => {
    const { status, text } = await post({ jsonrpc: '2.0', method: 'notifications/initialized' });
    expect([status, text]).toEqual([202, '']);
  });

  test.each([
    ['nothing', undefined, 'not-signed-in'],
    ['a password', 'Basic YTpi', 'not-signed-in'],
    ['an incomplete key', 'Bearer bmk_x', 'api-key-refused'],
    ['an unknown key', `Bearer ${makeApiKey()}`, 'api-key-refused'],
  ])('refuses %s with 401 and a challenge', async (_what, authorization, type) => {
    const response = await fetch(`${service.url}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify(LIST),
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="boursomatic"/);
    expect(await response.json()).toMatchObject({ type: `/problems/${type}` });
  });

  test('refuses an access token, and an API key that has expired or was revoked', async () => {
    expect((await post(LIST, { authorization: `Bearer ${user.accessToken}` })).status).toBe(401);
    await db.sql`
      UPDATE api_keys SET created_at = now() - interval '2 days', expires_at = now() - interval '1 day'
      WHERE id = ${keyId}`;
    expect((await post(LIST)).body).toMatchObject({ status: 401, reason: 'expired' });
    await db.sql`UPDATE api_keys SET revoked_at = now() WHERE id = ${keyId}`;
    expect((await post(LIST)).body).toMatchObject({ status: 401, reason: 'revoked' });
    await expect(
      connect({ transport: 'http', protocol: 'auto' }, { url: service.url, key }),
    ).rejects.toThrow();
  });

  test.each(['GET', 'DELETE', 'PUT'])('answers %s with 405, before it reads the key', async (method) => {
    const { status, headers } = await post(undefined, { authorization: 'Bearer x' }, method);
    expect([status, headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });

  test('refuses pages of other origins, and serves its own and the configured ones', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1'])
      expect((await post(LIST, { origin })).body, origin).toMatchObject({ type: '/problems/not-allowed' });
    expect((await post(LIST, { origin: service.url })).status).toBe(200);
    const allowed = await post(LIST, { origin: PAGE });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([200, PAGE]);
    const preflight = await post(
      undefined,
      { origin: PAGE, 'access-control-request-method': 'POST' },
      'OPTIONS',
    );
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
      204,
      'POST, OPTIONS',
    ]);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('mcp-protocol-version');
  });

  test('refuses a large body, one that is not JSON, and one without the type of JSON', async () => {
    expect((await post('x'.repeat(BODY_LIMIT_BYTES + 1))).status).toBe(413);
    const malformed = await post('{"jsonrpc"');
    expect(malformed.status).toBe(400);
    expect(malformed.body).toMatchObject({ error: { code: -32700 } });
    expect((await post(LIST, { 'content-type': 'text/plain' })).status).toBe(415);
    for (const body of ['', 'null', '5', '{}', `${'['.repeat(9000)}${']'.repeat(9000)}`])
      expect((await post(body)).status, body.slice(0, 9)).toBe(400);
  });

  test('refuses a batch, which would count as one request', async () => {
    const { status, body } = await post([LIST, { ...LIST, id: 2 }]);
    expect([status, body.error.message]).toEqual([400, 'Batches are not supported.']);
  });

  test('refuses a version of the protocol that it does not speak', async () => {
    expect((await post(LIST, { 'mcp-protocol-version': '1999-01-01' })).status).toBe(400);
    const params = { _meta: { ...META, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' } };
    const { status, body } = await post({ ...LIST, params });
    expect([status, body.error.data.supported]).toEqual([400, ['2026-07-28']]);
  });

  test('refuses a subscription at once, because nothing would end its stream', async () => {
    const { text } = await post(
      {
        ...LIST,
        method: 'subscriptions/listen',
        params: { notifications: { toolsListChanged: true }, _meta: META },
      },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' },
    );
    expect(text).toContain('Subscription limit reached');
  });

  test('counts each request against the limit of the key', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Math.ceil(Date.now() / 60_000) * 60_000 });
    try {
      for (let sent = 0; sent < REQUESTS_PER_MINUTE; sent += 50) {
        const answers = await Promise.all(Array.from({ length: 50 }, () => post(LIST)));
        for (const { status } of answers) expect(status).toBe(200);
      }
      const refused = await post(LIST);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('serves the next client after one that disconnects', async () => {
    const request = httpRequest(`${service.url}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-length': 500 },
    });
    request.on('error', () => {});
    request.write('{"jsonrpc"');
    await new Promise((resolve) => setTimeout(resolve, 50));
    request.destroy();
    const controller = new AbortController();
    const aborted = fetch(`${service.url}/mcp`, {
      method: 'POST',
      signal: controller.signal,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(LIST),
    });
    controller.abort();
    await expect(aborted).rejects.toThrow();
    expect((await post(LIST)).status).toBe(200);
  });

  test('says no more than that a failure is internal, and logs its reason', async () => {
    await seedModelAndRun(db.sql);
    const logged = vi.spyOn(logger, 'error').mockReturnValue();
    await db.sql`ALTER TABLE recommendations RENAME TO recommendations_gone`;
    try {
      const { body } = await post({
        ...LIST,
        method: 'tools/call',
        params: { name: 'list_recommendations', arguments: {} },
      });
      expect(body.result).toEqual({
        content: [{ type: 'text', text: 'The service failed, and its log says why. Try again later.' }],
        isError: true,
      });
      expect(logged.mock.calls).toEqual([
        ['api request failed', expect.objectContaining({ route: 'GET /v1/recommendations', status: 500 })],
      ]);
      expect(JSON.stringify(logged.mock.calls)).not.toContain(key);
    } finally {
      await db.sql`ALTER TABLE recommendations_gone RENAME TO recommendations`;
      vi.restoreAllMocks();
    }
  });
});
