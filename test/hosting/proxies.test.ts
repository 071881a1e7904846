import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useApi } from '../functions/api/use-api.ts';
import { useService } from '../functions/api/use-service.ts';
import { CLIENT, PROXIES, PUBLIC_HOST, reasonToSkip, send, startProxy, type TlsProxy } from './proxies.ts';

const db = useApi();
const service = useService({ publicUrls: [new URL(`https://${PUBLIC_HOST}`)], proxies: ['127.0.0.1'] });

const PASSWORD = 'a lantern over wet cobbles';

describe.each(PROXIES)('behind %s, with the example of docs/self-hosting.md', (name) => {
  const reason = reasonToSkip(name);
  if (reason) {
    test.skip(`is not checked: ${reason}`);
    return;
  }

  let folder: string;
  let proxy: TlsProxy;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), `boursomatic-${name}-`));
    proxy = await startProxy(name, { folder, upstream: Number(new URL(service.url).port) });
  });
  afterAll(async () => {
    await proxy?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const email = `person@${name}.example.com`;
  const networkAddresses = async () => {
    const rows = await db.sql<{ address: string }[]>`
      SELECT DISTINCT host(e.network_address) AS address
      FROM security_events e JOIN users u ON u.id = e.user_id WHERE u.email = ${email}`;
    return rows.map(({ address }) => address);
  };

  test('the API answers over TLS, and browsers must stay with TLS', async () => {
    const { status, headers, body } = await send(proxy, { path: '/v1/health' });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ status: 'ok' });
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  });

  test('plain HTTP is redirected to TLS', async () => {
    const { status, headers } = await send(proxy, { path: '/v1/health', isPlain: true });
    expect([301, 308]).toContain(status);
    expect(headers.location).toMatch(new RegExp(`^https://${PUBLIC_HOST}(:\\d+)?/v1/health$`));
  });

  test('a session has a cookie that is sent over TLS only, and is renewed with it', async () => {
    const login = { email, password: PASSWORD };
    expect(await send(proxy, { path: '/v1/auth/register', method: 'POST', body: login })).toMatchObject({
      status: 202,
    });
    const { status, headers } = await send(proxy, {
      path: '/v1/auth/login',
      method: 'POST',
      body: { ...login, session: 'cookie' },
    });
    expect(status).toBe(200);
    const [cookie = ''] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^__Host-boursomatic-refresh=.*; HttpOnly; SameSite=Strict; Path=\/; .*; Secure$/);
    const renewed = await send(proxy, {
      path: '/v1/auth/refresh',
      method: 'POST',
      headers: { cookie: cookie.replace(/;.*/, ''), 'x-boursomatic': '1' },
    });
    expect(renewed).toMatchObject({ status: 200, body: expect.stringContaining('accessToken') });
  });

  test('security events and throttles see the address of the client, and none that it forges', async () => {
    expect(await networkAddresses()).toContain(CLIENT);
    await send(proxy, {
      path: '/v1/auth/login',
      method: 'POST',
      body: { email, password: 'a wrong password' },
      from: '127.0.0.8',
      headers: {
        'x-forwarded-for': '198.51.100.66',
        'x-real-ip': '198.51.100.66',
        forwarded: 'for=198.51.100.66',
      },
    });
    const addresses = await networkAddresses();
    expect(addresses).toContain('127.0.0.8');
    expect(addresses).not.toContain('198.51.100.66');
    expect(addresses).not.toContain('127.0.0.1');
  });

  test('a client that forges X-Forwarded-Proto still gets a cookie for TLS only', async () => {
    const { headers } = await send(proxy, {
      path: '/v1/auth/login',
      method: 'POST',
      body: { email, password: PASSWORD, session: 'cookie' },
      headers: { 'x-forwarded-proto': 'http' },
    });
    expect(headers['set-cookie']?.[0]).toMatch(/; Secure$/);
  });

  test('a body at the limit of the API arrives whole', async () => {
    const { status, body } = await send(proxy, {
      path: '/v1/auth/login',
      method: 'POST',
      body: { email, password: 'x'.repeat(60_000) },
    });
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ title: expect.any(String) });
  });
});
