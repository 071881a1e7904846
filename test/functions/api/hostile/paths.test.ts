import { describe, expect, test } from 'vitest';
import { accessToken, INSIDE, raw, serveToTheHostile } from './support.ts';

serveToTheHostile();

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

  test('a very long path is refused', () => expectNoPath(`/v1/instruments/${'A'.repeat(3_000)}`));

  async function expectNoPath(path: string): Promise<void> {
    // Sent as raw text, because fetch would normalise it.
    const { status, text } = await raw([`GET ${path} HTTP/1.1`, `authorization: Bearer ${accessToken()}`]);
    expect([400, 404]).toContain(status);
    expect(text).not.toMatch(INSIDE);
  }
});

test.each(['TRACE', 'PROPFIND', 'PUT', 'LINK'])('no path supports %s', async (method) => {
  const { status, text } = await raw([`${method} /v1/health HTTP/1.1`]);
  expect(status).toBe(405);
  expect(text).toMatch(/\r\nallow: GET, HEAD, OPTIONS\r\n/i);
});
