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
  client.ask<SessionAnswer>('POST', '/v1/auth/confirm', { accessToken, body });
const refresh = (refreshToken: unknown) =>
  client.ask<SessionAnswer>('POST', '/v1/auth/refresh', { body: { refreshToken } });
/** Exchanges the refresh token, because access tokens expire after 15 minutes. */
const refreshed = async ({ refreshToken }: { refreshToken: string | null } = user) =>
  (await refresh(refreshToken)).body;

describe('POST /v1/auth/confirm', () => {
  test('permits protected operations for another ten minutes, in this session only', async () => {
    const other = await anotherSession(db, user.userId);
    wait(601);
    for (const session of [user, other]) expectProblem(await exportMe(session), 403, 'confirmation-required');
    const { status, body: confirmed } = await confirm(user);
    expect(status).toBe(200);
    expect((await exportMe(confirmed)).status).toBe(200);
    expectProblem(await exportMe(other), 403, 'confirmation-required');
    wait(290);
    expect((await exportMe(confirmed)).status).toBe(200);
    wait(311);
    expectProblem(await exportMe(await refreshed(confirmed)), 403, 'confirmation-required');
  });

  test('replaces both tokens of the session, and refuses the old ones', async () => {
    const other = await anotherSession(db, user.userId);
    wait(60);
    const { body: confirmed } = await confirm(user);
    expect(confirmed).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });
    expectProblem(await exportMe(user), 401, 'not-signed-in');
    for (const session of [confirmed, other]) expect((await exportMe(session)).status).toBe(200);
    expectProblem(await refresh(user.refreshToken), 409, 'conflict');
    wait(1);
    const next = await refresh(confirmed.refreshToken);
    expect((await exportMe(next.body)).status).toBe(200);
    expectProblem(await refresh(user.refreshToken), 401, 'session-ended');
    expectProblem(await exportMe(next.body), 401, 'not-signed-in');
  });

  test('counts as a use of the session, and returns the refresh token in a cookie on request', async () => {
    wait(60);
    const { body, cookies } = await confirm(user, { password: PASSWORD, session: 'cookie' });
    expect(body.refreshToken).toBeNull();
    expect(cookies).toEqual([expect.stringMatching(/^__Host-boursomatic-refresh=[\w-]{43}; HttpOnly/)]);
    const [row] = await db.sql<[{ days: number }]>`
      SELECT extract(epoch FROM expires_at - started_at)::float / 86400 AS days
      FROM sessions WHERE id = ${user.sessionId}`;
    expect(row.days).toBeCloseTo(14 + 60 / 86_400, 4);
  });

  test('leaves one valid refresh token when a refresh happens at the same time', async () => {
    wait(60);
    await Promise.all([confirm(user), refresh(user.refreshToken)]);
    const valid = await db.sql`
      SELECT FROM refresh_tokens WHERE session_id = ${user.sessionId} AND rotated_at IS NULL`;
    expect(valid).toHaveLength(1);
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
    expect((await confirm(user)).status).toBe(200);
  });

  test('requires the code of an account with a second factor', async () => {
    const guarded = await protectedUser(db, account);
    wait(601);
    expectProblem(await confirm(guarded), 401, 'second-factor-required');
    const wrong = { password: PASSWORD, code: wrongCode(guarded.secret) };
    expectProblem(await confirm(guarded, wrong), 401, 'wrong-code');
    expectProblem(await exportMe(guarded), 403, 'confirmation-required');
    const right = { password: PASSWORD, code: codeAt(guarded.secret) };
    const confirmed = await confirm(guarded, right);
    expect(confirmed.status).toBe(200);
    expect((await exportMe(confirmed.body)).status).toBe(200);
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
