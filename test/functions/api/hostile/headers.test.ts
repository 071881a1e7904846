import { describe, expect, test } from 'vitest';
import { accessToken, ask, expectRefused, raw, serveToTheHostile } from './support.ts';

serveToTheHostile();

describe('headers', () => {
  test('are refused if they are too large', async () => {
    expectRefused(await ask('GET', '/v1/me', { headers: { 'x-long': 'x'.repeat(9_000) } }), [431]);
  });

  test('never repeat what a client sends', async () => {
    const answer = await raw([
      'GET /v1/admin/users?search=a%0d%0aX-Evil:%201 HTTP/1.1',
      `authorization: Bearer ${accessToken()}`,
      'x-request-id: evil',
      'origin: https://evil.example',
      'x-forwarded-host: evil.example',
    ]);
    const [headers = ''] = answer.text.split('\r\n\r\n');
    expect(headers).not.toMatch(/evil/i);
  });

  test('are refused with a wrong length or two lengths of the body', async () => {
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
