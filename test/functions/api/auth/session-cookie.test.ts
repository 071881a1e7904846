import { describe, expect, test } from 'vitest';
import type { SessionAnswer } from '../../../../functions/api/auth/fields.ts';
import { expectProblem } from '../api-client.ts';
import { client, db, isSignedIn, refresh, user } from './session-support.ts';
import { login, userWithPassword } from './support.ts';

describe('a session with a cookie', () => {
  const HEADER = { 'x-boursomatic': '1' };
  const open = async (headers: Record<string, string> = {}) => {
    const { email } = await userWithPassword(db);
    return login(client, email, { session: 'cookie', headers });
  };
  const pairOf = ([cookie = '']: string[]) => cookie.split(';')[0] ?? '';
  const attributesOf = ([cookie = '']: string[]) => cookie.split('; ').slice(1);

  test('keeps the refresh token from scripts, other sites and other hosts', async () => {
    const { body, cookies } = await open();
    expect(body.refreshToken).toBeNull();
    expect(pairOf(cookies)).toMatch(/^__Host-boursomatic-refresh=[\w-]{43}$/);
    expect(attributesOf(cookies)).toEqual([
      'HttpOnly',
      'SameSite=Strict',
      'Path=/',
      `Expires=${new Date(Math.floor(Date.parse(body.sessionExpiresAt) / 1000) * 1000).toUTCString()}`,
      'Secure',
    ]);
  });

  test.each(['127.0.0.1:8787', 'localhost:8787', '[::1]:8787', 'localhost'])(
    'allows a cookie without Secure at %s, which has no TLS',
    async (host) => {
      const { cookies } = await open({ host, 'x-forwarded-proto': 'http' });
      expect(pairOf(cookies)).toMatch(/^boursomatic-refresh=/);
      expect(attributesOf(cookies)).not.toContain('Secure');
    },
  );

  test.each([
    [{ host: 'api.test', 'x-forwarded-proto': 'http' }],
    [{ host: 'localhost.evil.test', 'x-forwarded-proto': 'http' }],
    [{ host: 'localhost', 'x-forwarded-proto': 'https' }],
  ])('requires a Secure cookie for %j', async (headers) => {
    expect(attributesOf((await open(headers)).cookies)).toContain('Secure');
  });

  test('continues with the cookie, which is replaced', async () => {
    const { cookies } = await open();
    const ask = (sent: string[]) =>
      client.ask<SessionAnswer>('POST', '/v1/auth/refresh', {
        cookies: ['a=1', pairOf(sent)],
        headers: HEADER,
      });
    const next = await ask(cookies);
    expect(next).toMatchObject({ status: 200, body: { refreshToken: null } });
    expect(pairOf(next.cookies)).not.toBe(pairOf(cookies));
    expect((await ask(next.cookies)).status).toBe(200);
    expectProblem(await ask(cookies), 401, 'session-ended');
  });

  test.each(['refresh', 'logout'])(
    'refuses %s from a page of another site, which cannot send the header',
    async (what) => {
      const { cookies, body } = await open();
      const answer = await client.ask('POST', `/v1/auth/${what}`, { cookies: [pairOf(cookies)] });
      expect(expectProblem(answer, 403, 'not-allowed').detail).toContain('x-boursomatic');
      expect(await isSignedIn(body)).toBe(true);
    },
  );

  test('ends with a logout, which removes the cookie', async () => {
    const { cookies, body } = await open();
    const answer = await client.ask('POST', '/v1/auth/logout', {
      cookies: [pairOf(cookies)],
      headers: HEADER,
    });
    expect(answer.status).toBe(204);
    expect(pairOf(answer.cookies)).toBe('__Host-boursomatic-refresh=');
    expect(attributesOf(answer.cookies)).toEqual([
      'HttpOnly',
      'SameSite=Strict',
      'Path=/',
      'Max-Age=0',
      'Secure',
    ]);
    expect(await isSignedIn(body)).toBe(false);
  });

  test('ignores a cookie of another name', async () => {
    const cookies = [
      `x__Host-boursomatic-refresh=${user.refreshToken}`,
      `boursomatic-refresh=${user.refreshToken}`,
    ];
    const answer = await client.ask('POST', '/v1/auth/refresh', { cookies, headers: HEADER });
    expectProblem(answer, 401, 'session-ended');
  });

  test('prefers a token in the body, and answers in the body', async () => {
    const { cookies } = await open();
    const answer = await refresh(user.refreshToken, { cookies: [pairOf(cookies)], headers: HEADER });
    expect(answer).toMatchObject({ status: 200, cookies: [], body: { refreshToken: expect.any(String) } });
  });
});
