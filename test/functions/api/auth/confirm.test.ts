import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SessionAnswer } from '../../../../functions/api/auth/fields.ts';
import { anotherSession, expectProblem, type TestUser } from '../api-client.ts';
import { useApi } from '../use-api.ts';
import { accountClient, codeAt, eventsOf, protectedUser, wrongCode } from './second-factor-support.ts';
import { authClient, PASSWORD, userWithPassword } from './support.ts';

const db = useApi();
const client = authClient();
const account = accountClient();
let user: TestUser;
beforeEach(async () => {
  await db.sql`TRUNCATE login_attempts`;
  vi.useFakeTimers({ toFake: ['Date'] });
  user = await userWithPassword(db);
});
afterEach(() => {
  vi.useRealTimers();
});

const wait = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const exportMe = ({ accessToken }: { accessToken: string }) =>
  account.ask('GET', '/v1/me/export', { accessToken });
const confirm = ({ accessToken }: { accessToken: string }, body: object = { password: PASSWORD }) =>
  client.ask('POST', '/v1/auth/confirm', { accessToken, body });
/** Exchanges the refresh token, because access tokens expire after 15 minutes. */
const refreshed = async () => {
  const { refreshToken } = user;
  return (await client.ask<SessionAnswer>('POST', '/v1/auth/refresh', { body: { refreshToken } })).body;
};

describe('POST /v1/auth/confirm', () => {
  test('permits protected operations for another ten minutes, in this session only', async () => {
    const other = await anotherSession(db, user.userId);
    wait(601);
    for (const session of [user, other]) expectProblem(await exportMe(session), 403, 'confirmation-required');
    expect(await confirm(user)).toMatchObject({ status: 204, body: undefined });
    expect((await exportMe(user)).status).toBe(200);
    expectProblem(await exportMe(other), 403, 'confirmation-required');
    wait(290);
    expect((await exportMe(user)).status).toBe(200);
    wait(311);
    expectProblem(await exportMe(await refreshed()), 403, 'confirmation-required');
  });

  test('requires the password of the session, and records each attempt', async () => {
    wait(601);
    expectProblem(await confirm(user, { password: 'not the right one' }), 401, 'wrong-credentials');
    expectProblem(await exportMe(user), 403, 'confirmation-required');
    await confirm(user);
    expect(await eventsOf(db, user)).toEqual(['confirmation-refused: wrong-credentials', 'confirmed']);
  });

  test('delays guesses as a login does', async () => {
    for (let count = 0; count < 6; count += 1)
      expect((await confirm(user, { password: 'not the right one' })).status).toBe(401);
    expectProblem(await confirm(user), 429, 'too-many-attempts');
    wait(1);
    expect((await confirm(user)).status).toBe(204);
  });

  test('requires the code of an account with a second factor', async () => {
    const guarded = await protectedUser(db, account);
    wait(601);
    expectProblem(await confirm(guarded), 401, 'second-factor-required');
    const wrong = { password: PASSWORD, code: wrongCode(guarded.secret) };
    expectProblem(await confirm(guarded, wrong), 401, 'wrong-code');
    expectProblem(await exportMe(guarded), 403, 'confirmation-required');
    const right = { password: PASSWORD, code: codeAt(guarded.secret) };
    expect((await confirm(guarded, right)).status).toBe(204);
    expect((await exportMe(guarded)).status).toBe(200);
  });

  test('requires an access token', async () => {
    const answer = await client.ask('POST', '/v1/auth/confirm', { body: { password: PASSWORD } });
    expectProblem(answer, 401, 'not-signed-in');
  });
});

test('a refreshed session is not confirmed again', async () => {
  wait(601);
  expectProblem(await exportMe(await refreshed()), 403, 'confirmation-required');
});

test('a changed password confirms the new session', async () => {
  wait(601);
  const { body } = await client.ask('POST', '/v1/auth/password', {
    accessToken: user.accessToken,
    body: { currentPassword: PASSWORD, newPassword: 'violet kettle marsh 91' },
  });
  expect((await exportMe({ accessToken: String(body.accessToken) })).status).toBe(200);
});
