import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SessionAnswer } from '../../../../functions/api/auth/fields.ts';
import { anotherSession, apiKeyOf, expectProblem, type TestUser } from '../api-client.ts';
import { useApi } from '../use-api.ts';
import { authClient, login, PASSWORD, userWithPassword } from './support.ts';

const NEXT = 'battery horse correct';

const db = useApi();
const client = authClient();
let user: TestUser;
beforeEach(async () => {
  await db.sql`TRUNCATE login_attempts`;
  user = await userWithPassword(db);
});
afterEach(() => {
  vi.useRealTimers();
});

const change = (body: object, { accessToken }: { accessToken: string } = user) =>
  client.ask<SessionAnswer>('POST', '/v1/auth/password', {
    accessToken,
    body: { currentPassword: PASSWORD, newPassword: NEXT, ...body },
  });
const isSignedIn = async ({ accessToken }: { accessToken: string }) =>
  (await client.ask('POST', '/v1/auth/password', { accessToken, body: {} })).status === 400;

describe('changing the password', () => {
  test('ends all sessions and starts a new one', async () => {
    const other = await anotherSession(db, user.userId);
    const { status, body } = await change({});
    expect(status).toBe(200);
    for (const session of [user, other]) {
      expect(await isSignedIn(session)).toBe(false);
      const { refreshToken } = session;
      expectProblem(
        await client.ask('POST', '/v1/auth/refresh', { body: { refreshToken } }),
        401,
        'session-ended',
      );
    }
    expect(await isSignedIn(body)).toBe(true);
    expectProblem(await login(client, user.email), 401, 'wrong-credentials');
    expect((await login(client, user.email, { password: NEXT })).status).toBe(200);
  });

  test('keeps the API keys of the user', async () => {
    const { id } = await apiKeyOf(db, user);
    expect((await change({})).status).toBe(200);
    expect(await db.sql`SELECT revoked_at FROM api_keys WHERE id = ${id}`).toEqual([{ revoked_at: null }]);
  });

  test('returns the refresh token in a cookie if the client asks for it', async () => {
    const { body, cookies } = await change({ session: 'cookie' });
    expect(body.refreshToken).toBeNull();
    expect(cookies).toEqual([expect.stringMatching(/^__Host-boursomatic-refresh=[\w-]{43};/)]);
  });

  test('requires the current password', async () => {
    expectProblem(await change({ currentPassword: 'not the right one' }), 401, 'wrong-credentials');
    expect(await isSignedIn(user)).toBe(true);
    expect((await login(client, user.email)).status).toBe(200);
  });

  test('throttles guesses with a stolen token', async () => {
    // Otherwise a slow machine lets the delay pass between two guesses.
    vi.useFakeTimers({ toFake: ['Date'] });
    const guess = () => change({ currentPassword: 'not the right one' });
    for (let count = 0; count < 6; count += 1) expect((await guess()).status).toBe(401);
    expectProblem(await guess(), 429, 'too-many-attempts');
  });

  test.each([
    ['that is too short', 'short', 'must have 12 to 128 characters'],
    [
      'that is common',
      'qwerty123456',
      expect.stringMatching(/^is easy to guess, because it is one of the most common/),
    ],
    ['that is the same', PASSWORD, 'must differ from the current password'],
  ])('refuses a new password %s', async (_what, newPassword, detail) => {
    const problem = expectProblem(await change({ newPassword }), 400, 'invalid-request');
    expect(problem.errors).toEqual([{ pointer: '#/newPassword', detail }]);
  });

  test("refuses the user's own address", async () => {
    const problem = expectProblem(await change({ newPassword: user.email }), 400, 'invalid-request');
    const detail = expect.stringMatching(/^is easy to guess, because it is built from your e-mail address/);
    expect(problem.errors).toEqual([{ pointer: '#/newPassword', detail }]);
    expect(problem.detail).toMatch(/^newPassword is easy to guess.*let a password manager generate it\.$/);
  });

  test('requires an access token', async () => {
    const body = { currentPassword: PASSWORD, newPassword: NEXT };
    expectProblem(await client.ask('POST', '/v1/auth/password', { body }), 401, 'not-signed-in');
  });

  test('leaves no session behind during a concurrent refresh', async () => {
    const refreshing = client.ask<SessionAnswer>('POST', '/v1/auth/refresh', {
      body: { refreshToken: user.refreshToken },
    });
    const [changed, refreshed] = await Promise.all([change({}), refreshing]);
    expect(changed.status).toBe(200);
    if (refreshed.status === 200) expect(await isSignedIn(refreshed.body)).toBe(false);
    const open =
      await db.sql`SELECT count(*)::int AS n FROM sessions WHERE user_id = ${user.userId} AND ended_at IS NULL`;
    expect(open).toEqual([{ n: 1 }]);
  });
});
