import { describe, expect, test } from 'vitest';
import { anotherSession, apiKeyOf, expectProblem, type RequestOptions, signedInUser } from '../api-client.ts';
import { client, db, endReason, isSignedIn, refresh, user } from './session-support.ts';

describe('logout endpoints', () => {
  const logout = (options: RequestOptions) => client.ask('POST', '/v1/auth/logout', options);

  test('end only the session of the token', async () => {
    const other = await anotherSession(db, user.userId);
    expect((await logout({ body: { refreshToken: user.refreshToken } })).status).toBe(204);
    expect(await isSignedIn(user)).toBe(false);
    expectProblem(await refresh(user.refreshToken), 401, 'session-ended');
    expect(await isSignedIn(other)).toBe(true);
    expect(await endReason(user)).toBe('logout');
  });

  test('end the session of an access token that comes without a refresh token', async () => {
    const other = await anotherSession(db, user.userId);
    expect((await logout({ accessToken: user.accessToken })).status).toBe(204);
    expect(await isSignedIn(user)).toBe(false);
    expectProblem(await refresh(user.refreshToken), 401, 'session-ended');
    expect(await isSignedIn(other)).toBe(true);
  });

  test('end no session for an access token that is not valid', async () => {
    const accessToken = `${user.accessToken.slice(0, -2)}AA`;
    expect((await logout({ accessToken })).status).toBe(204);
    expect(await isSignedIn(user)).toBe(true);
  });

  test('end no session for an API key, which is no forged token', async () => {
    const { key } = await apiKeyOf(db, user);
    const events = () => db.sql`SELECT type FROM security_events WHERE type = 'token-refused'`;
    const before = await events();
    expect((await logout({ accessToken: key })).status).toBe(204);
    expect(await isSignedIn(user)).toBe(true);
    expect(await events()).toEqual(before);
    const { accessToken } = user;
    expect((await client.ask('POST', '/v1/auth/logout-everywhere', { accessToken })).status).toBe(204);
    expect(await db.sql`SELECT revoked_at FROM api_keys WHERE user_id = ${user.userId}`).toEqual([
      { revoked_at: null },
    ]);
  });

  test('answer the same without such a session', async () => {
    const answer = await logout({ body: { refreshToken: 'nonsense' } });
    expect(answer).toMatchObject({ status: 204, cookies: [expect.stringContaining('Max-Age=0')] });
    expect((await logout({})).status).toBe(204);
  });

  test('end all sessions of the user at once, and no others', async () => {
    const [other, stranger] = [await anotherSession(db, user.userId), await signedInUser(db)];
    const { accessToken } = user;
    const answer = await client.ask('POST', '/v1/auth/logout-everywhere', { accessToken });
    expect(answer).toMatchObject({ status: 204, cookies: [expect.stringContaining('Max-Age=0')] });
    for (const session of [user, other]) {
      expect(await isSignedIn(session)).toBe(false);
      expectProblem(await refresh(session.refreshToken), 401, 'session-ended');
    }
    expect(await isSignedIn(stranger)).toBe(true);
    // A login within the same second is valid.
    expect(await isSignedIn(await anotherSession(db, user.userId))).toBe(true);
  });

  test('require an access token to end all sessions', async () => {
    expectProblem(await client.ask('POST', '/v1/auth/logout-everywhere'), 401, 'not-signed-in');
  });
});
