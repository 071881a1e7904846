import { describe, expect, test } from 'vitest';
import { rotateToken } from '../../../../functions/api/auth/session-store.ts';
import { anotherSession, expectProblem } from '../api-client.ts';
import { ORIGIN } from '../support.ts';
import { client, db, endReason, isSignedIn, refresh, user, wait } from './session-support.ts';

const DAY = 24 * 60 * 60 * 1000;
const TEN_SECONDS = 10_000;

describe('a refresh token', () => {
  test('returns new tokens of the same session', async () => {
    const { status, body } = await refresh(user.refreshToken);
    expect(status).toBe(200);
    expect(body.refreshToken).not.toBe(user.refreshToken);
    expect(body.sessionExpiresAt).toBe(user.expiresAt.toISOString());
    expect(await isSignedIn(body)).toBe(true);
    expect((await refresh(body.refreshToken)).status).toBe(200);
  });

  test('ends the session and its tokens when it is reused', async () => {
    const { body: second } = await refresh(user.refreshToken);
    const { body: third } = await refresh(second.refreshToken);
    wait(TEN_SECONDS);
    const reused = expectProblem(await refresh(user.refreshToken), 401, 'session-ended');
    expect(reused.detail).toContain('already used');
    expect(await endReason(user)).toBe('token-reused');
    expectProblem(await refresh(third.refreshToken), 401, 'session-ended');
    for (const token of [user, second, third]) expect(await isSignedIn(token)).toBe(false);
  });

  test('ends no other session of the user when it is reused', async () => {
    const other = await anotherSession(db, user.userId);
    await refresh(user.refreshToken);
    wait(TEN_SECONDS);
    expectProblem(await refresh(user.refreshToken), 401, 'session-ended');
    expect(await isSignedIn(other)).toBe(true);
    expect((await refresh(other.refreshToken)).status).toBe(200);
  });

  test('is valid until 30 days after the login, even if it is refreshed', async () => {
    wait(29 * DAY);
    const { body } = await refresh(user.refreshToken);
    wait(DAY);
    expectProblem(await refresh(body.refreshToken), 401, 'session-ended');
  });

  test.each([
    ['an unknown token', 'A'.repeat(43)],
    ['an empty token', ''],
    ['a token with a quote', "' OR true --"],
  ])('is refused: %s', async (_what, token) => {
    expectProblem(await refresh(token), 401, 'session-ended');
  });

  test('is refused for a deleted user', async () => {
    await db.sql`UPDATE users SET is_deleted = true WHERE id = ${user.userId}`;
    expectProblem(await refresh(user.refreshToken), 401, 'session-ended');
    expect(await endReason(user)).toBe('user-deleted');
  });

  test('is required', async () => {
    expectProblem(await refresh(undefined), 401, 'session-ended');
    expectProblem(await client.ask('POST', '/v1/auth/refresh'), 401, 'session-ended');
  });
});

describe('two concurrent requests with one refresh token', () => {
  test.each([
    ['get one answer and one 409, and the session continues', () => {}],
    ['get one answer and one 409 within one millisecond', () => wait(0)],
  ])('%s', async (_what, stopClock) => {
    stopClock();
    const answers = await Promise.all([refresh(user.refreshToken), refresh(user.refreshToken)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const good = answers.find(({ status }) => status === 200);
    expect((await refresh(good?.body.refreshToken)).status).toBe(200);
  });

  test('make one chain of tokens, even in many containers', async () => {
    const containers = Array.from({ length: 4 }, () => db.client('api'));
    const results = await Promise.all(
      Array.from({ length: 16 }, (_, index) => {
        const sql = containers[index % containers.length] ?? db.sql;
        return rotateToken(sql, user.refreshToken, ORIGIN);
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

  test('count as a reuse if the second comes after ten seconds', async () => {
    expect((await refresh(user.refreshToken)).status).toBe(200);
    wait(TEN_SECONDS - 1000);
    expectProblem(await refresh(user.refreshToken), 409, 'conflict');
    wait(1000);
    expectProblem(await refresh(user.refreshToken), 401, 'session-ended');
  });

  test('count as a reuse if the next token was used between them', async () => {
    const { body: second } = await refresh(user.refreshToken);
    expect((await refresh(second.refreshToken)).status).toBe(200);
    expectProblem(await refresh(user.refreshToken), 401, 'session-ended');
  });
});
