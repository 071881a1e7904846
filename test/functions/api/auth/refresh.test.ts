import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SessionAnswer } from '../../../../functions/api/auth/fields.ts';
import { rotateToken } from '../../../../functions/api/auth/sessions.ts';
import {
  anotherSession,
  expectProblem,
  type RequestOptions,
  signedInUser,
  type TestUser,
} from '../api-client.ts';
import { useApi } from '../use-api.ts';
import { authClient, login, userWithPassword } from './support.ts';

const DAY = 24 * 60 * 60 * 1000;

const db = useApi();
const client = authClient();
let user: TestUser;
beforeEach(async () => {
  user = await signedInUser(db);
});
afterEach(() => {
  vi.useRealTimers();
});

const refresh = (refreshToken: string | null | undefined, options: RequestOptions = {}) =>
  client.ask<SessionAnswer>('POST', '/v1/auth/refresh', { body: { refreshToken }, ...options });
const isSignedIn = async ({ accessToken }: { accessToken: string }) => {
  const { status } = await client.ask('POST', '/v1/auth/password', { accessToken, body: {} });
  // A body that is not valid is looked at only after the token.
  return status === 400;
};
const wait = (milliseconds: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
};
const endReason = async ({ sessionId }: { sessionId: string }) => {
  const [row] = await db.sql`SELECT end_reason FROM sessions WHERE id = ${sessionId}`;
  return row?.end_reason;
};

describe('a refresh token', () => {
  test('gets an access token and the next refresh token, in the same session', async () => {
    const { status, body } = await refresh(user.refreshToken);
    expect(status).toBe(200);
    expect(body.refreshToken).not.toBe(user.refreshToken);
    expect(body.sessionExpiresAt).toBe(user.expiresAt.toISOString());
    expect(await isSignedIn(body)).toBe(true);
    expect((await refresh(body.refreshToken)).status).toBe(200);
  });

  test('that was used before ends the session, with all that came of it', async () => {
    const { body: second } = await refresh(user.refreshToken);
    const { body: third } = await refresh(second.refreshToken);
    wait(1000);
    const reused = expectProblem(await refresh(user.refreshToken), 401, 'session-ended');
    expect(reused.detail).toContain('used before');
    expect(await endReason(user)).toBe('token-reused');
    expectProblem(await refresh(third.refreshToken), 401, 'session-ended');
    for (const token of [user, second, third]) expect(await isSignedIn(token)).toBe(false);
  });

  test('that was used before ends no other session of the user', async () => {
    const other = await anotherSession(db, user.userId);
    await refresh(user.refreshToken);
    wait(1000);
    expectProblem(await refresh(user.refreshToken), 401, 'session-ended');
    expect(await isSignedIn(other)).toBe(true);
    expect((await refresh(other.refreshToken)).status).toBe(200);
  });

  test('counts for 30 days from the login on, however often it was exchanged', async () => {
    wait(29 * DAY);
    const { body } = await refresh(user.refreshToken);
    wait(DAY);
    expectProblem(await refresh(body.refreshToken), 401, 'session-ended');
  });

  test.each([
    ['that there is not', 'A'.repeat(43)],
    ['that is empty', ''],
    ['with a quote', "' OR true --"],
  ])('%s is refused', async (_what, token) => {
    expectProblem(await refresh(token), 401, 'session-ended');
  });

  test('of a deleted user is refused', async () => {
    await db.sql`UPDATE users SET is_deleted = true WHERE id = ${user.userId}`;
    expectProblem(await refresh(user.refreshToken), 401, 'session-ended');
    expect(await endReason(user)).toBe('user-deleted');
  });

  test('that is missing is refused', async () => {
    expectProblem(await refresh(undefined), 401, 'session-ended');
    expectProblem(await client.ask('POST', '/v1/auth/refresh'), 401, 'session-ended');
  });
});

describe('the same token in two requests at once', () => {
  test.each([
    ['gets one answer and one 409, and the session goes on', () => {}],
    ['does so within one millisecond', () => wait(0)],
  ])('%s', async (_what, stopClock) => {
    stopClock();
    const answers = await Promise.all([refresh(user.refreshToken), refresh(user.refreshToken)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const good = answers.find(({ status }) => status === 200);
    expect((await refresh(good?.body.refreshToken)).status).toBe(200);
  });

  test('in many requests, in containers of their own, makes one chain and never a tree', async () => {
    const containers = Array.from({ length: 4 }, () => db.client('api'));
    const arrivedAt = new Date();
    const results = await Promise.all(
      Array.from({ length: 16 }, (_, index) => {
        const sql = containers[index % containers.length] ?? db.sql;
        return rotateToken(sql, user.refreshToken, arrivedAt);
      }),
    );
    const outcomes = results.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual([...Array(15).fill('overtaken'), 'refreshed']);
    expect(
      await db.sql`
      SELECT count(*)::int AS tokens, count(*) FILTER (WHERE rotated_at IS NULL)::int AS current
      FROM refresh_tokens WHERE session_id = ${user.sessionId}`,
    ).toEqual([{ tokens: 2, current: 1 }]);
    expect(await endReason(user)).toBeNull();
  });

  test('one after the other is a copy, however soon', async () => {
    expect((await refresh(user.refreshToken)).status).toBe(200);
    expectProblem(await refresh(user.refreshToken), 401, 'session-ended');
  });
});

describe('logging out', () => {
  const logout = (options: RequestOptions) => client.ask('POST', '/v1/auth/logout', options);

  test('ends the session of the token, and none other', async () => {
    const other = await anotherSession(db, user.userId);
    expect((await logout({ body: { refreshToken: user.refreshToken } })).status).toBe(204);
    expect(await isSignedIn(user)).toBe(false);
    expectProblem(await refresh(user.refreshToken), 401, 'session-ended');
    expect(await isSignedIn(other)).toBe(true);
    expect(await endReason(user)).toBe('logout');
  });

  test('is answered alike where there is no such session', async () => {
    const answer = await logout({ body: { refreshToken: 'nonsense' } });
    expect(answer).toMatchObject({ status: 204, cookies: [expect.stringContaining('Max-Age=0')] });
    expect((await logout({})).status).toBe(204);
  });

  test('everywhere ends every session of the user at once, and of nobody else', async () => {
    const [other, stranger] = [await anotherSession(db, user.userId), await signedInUser(db)];
    const { accessToken } = user;
    const answer = await client.ask('POST', '/v1/auth/logout-everywhere', { accessToken });
    expect(answer).toMatchObject({ status: 204, cookies: [expect.stringContaining('Max-Age=0')] });
    for (const session of [user, other]) {
      expect(await isSignedIn(session)).toBe(false);
      expectProblem(await refresh(session.refreshToken), 401, 'session-ended');
    }
    expect(await isSignedIn(stranger)).toBe(true);
    // A login within the same second counts.
    expect(await isSignedIn(await anotherSession(db, user.userId))).toBe(true);
  });

  test('everywhere needs a token', async () => {
    expectProblem(await client.ask('POST', '/v1/auth/logout-everywhere'), 401, 'not-signed-in');
  });
});

describe('a session of a page', () => {
  const HEADER = { 'x-boursomatic': '1' };
  const open = async (headers: Record<string, string> = {}) => {
    const { email } = await userWithPassword(db);
    return login(client, email, { session: 'cookie', headers });
  };
  const pairOf = ([cookie = '']: string[]) => cookie.split(';')[0] ?? '';
  const attributesOf = ([cookie = '']: string[]) => cookie.split('; ').slice(1);

  test('has its refresh token in a cookie that scripts, other sites and other paths do not see', async () => {
    const { body, cookies } = await open();
    expect(body.refreshToken).toBeNull();
    expect(pairOf(cookies)).toMatch(/^__Secure-boursomatic-refresh=[\w-]{43}$/);
    expect(attributesOf(cookies)).toEqual([
      'HttpOnly',
      'SameSite=Strict',
      'Path=/v1/auth',
      `Expires=${new Date(Math.floor(Date.parse(body.sessionExpiresAt) / 1000) * 1000).toUTCString()}`,
      'Secure',
    ]);
  });

  test.each(['127.0.0.1:8787', 'localhost:8787', '[::1]:8787', 'localhost'])(
    'is kept in the clear at %s, where there is no TLS',
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
  ])('is not kept in the clear for %j', async (headers) => {
    expect(attributesOf((await open(headers)).cookies)).toContain('Secure');
  });

  test('goes on with the cookie, which is exchanged for the next one', async () => {
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
    'does not %s for a page of another site, which cannot send the header',
    async (what) => {
      const { cookies, body } = await open();
      const answer = await client.ask('POST', `/v1/auth/${what}`, { cookies: [pairOf(cookies)] });
      expect(expectProblem(answer, 403, 'not-allowed').detail).toContain('x-boursomatic');
      expect(await isSignedIn(body)).toBe(true);
    },
  );

  test('ends with a logout, which takes the cookie away', async () => {
    const { cookies, body } = await open();
    const answer = await client.ask('POST', '/v1/auth/logout', {
      cookies: [pairOf(cookies)],
      headers: HEADER,
    });
    expect(answer.status).toBe(204);
    expect(pairOf(answer.cookies)).toBe('__Secure-boursomatic-refresh=');
    expect(attributesOf(answer.cookies)).toEqual([
      'HttpOnly',
      'SameSite=Strict',
      'Path=/v1/auth',
      'Max-Age=0',
      'Secure',
    ]);
    expect(await isSignedIn(body)).toBe(false);
  });

  test('a cookie of another name counts for nothing', async () => {
    const cookies = [
      `x__Secure-boursomatic-refresh=${user.refreshToken}`,
      `boursomatic-refresh=${user.refreshToken}`,
    ];
    const answer = await client.ask('POST', '/v1/auth/refresh', { cookies, headers: HEADER });
    expectProblem(answer, 401, 'session-ended');
  });

  test('a token in the body goes before a cookie, and is answered in the body', async () => {
    const { cookies } = await open();
    const answer = await refresh(user.refreshToken, { cookies: [pairOf(cookies)], headers: HEADER });
    expect(answer).toMatchObject({ status: 200, cookies: [], body: { refreshToken: expect.any(String) } });
  });
});
