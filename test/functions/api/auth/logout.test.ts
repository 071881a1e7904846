import { describe, expect, test } from 'vitest';
import { anotherSession, expectProblem, type RequestOptions, signedInUser } from '../api-client.ts';
import { client, db, endReason, isSignedIn, refresh, user } from './session-support.ts';

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
