import { describe, expect, test, vi } from 'vitest';
import { CONSENT_VERSION } from '../../../../functions/api/account/consent-version.ts';
import { as, client, db, expectNotSignedIn, user } from '../access-support.ts';
import { anotherSession, expectProblem, signedInUser } from '../api-client.ts';

describe('authorise', () => {
  test('serves public endpoints to anyone, even with an invalid token', async () => {
    expect((await client.ask('GET', '/v1/public')).status).toBe(200);
    expect((await as({ accessToken: 'x' }, 'public')).status).toBe(200);
  });

  test('loads the user of a token', async () => {
    const { status, body, headers } = await as(user);
    expect(status).toBe(200);
    expect(body).toEqual({
      userId: user.userId,
      sessionId: user.sessionId,
      isAdmin: false,
      confirmedAt: expect.stringMatching(/^\d{4}-/),
      preferredProfile: 'moderate',
      hasConsented: false,
    });
    expect(headers.vary).toBe('authorization');
  });

  test('defaults to the least risky profile', async () => {
    await db.sql`DELETE FROM user_settings WHERE user_id = ${user.userId}`;
    expect((await as(user)).body).toMatchObject({ preferredProfile: 'conservative' });
  });

  test('refuses other endpoints without a token', async () => {
    for (const access of ['reader', 'consented', 'follower', 'user', 'admin']) {
      const answer = await client.ask('GET', `/v1/${access}`);
      expectProblem(answer, 401, 'not-signed-in');
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="boursomatic"');
    }
  });

  test('refuses a user without the current consent and names its version', async () => {
    const refused = expectProblem(await as(user, 'consented'), 403, 'consent-required');
    expect(refused.consentVersion).toBe(CONSENT_VERSION);
    const consented = await signedInUser(db, { consented: true });
    expect((await as(consented, 'consented')).body).toMatchObject({ hasConsented: true });
  });

  test.each([
    ['to an older text', { version: '2020-01-01', withdrawn_at: null }],
    ['that was withdrawn', { version: CONSENT_VERSION, withdrawn_at: new Date() }],
  ])('refuses a consent %s', async (_what, consent) => {
    const row = { user_id: user.userId, text_sha256: '0'.repeat(64), accepted_at: new Date(0), ...consent };
    await db.sql`INSERT INTO risk_consents ${db.sql(row)}`;
    expectProblem(await as(user, 'consented'), 403, 'consent-required');
  });

  test('admits administrators as soon as they have the rights', async () => {
    expectProblem(await as(user, 'admin'), 403, 'not-allowed');
    await db.sql`UPDATE users SET is_admin = true WHERE id = ${user.userId}`;
    expect((await as(user, 'admin')).status).toBe(200);
    await db.sql`UPDATE users SET is_admin = false WHERE id = ${user.userId}`;
    expectProblem(await as(user, 'admin'), 403, 'not-allowed');
  });

  test('refuses before it validates the request', async () => {
    expectProblem(await client.ask('GET', '/v1/user?nonsense=1'), 401, 'not-signed-in');
  });
});

describe('an unexpired token is refused', () => {
  test('after its session has ended', async () => {
    await db.sql`UPDATE sessions SET ended_at = now(), end_reason = 'logout' WHERE id = ${user.sessionId}`;
    expectNotSignedIn(await as(user));
  });

  test('after its session has expired', async () => {
    await db.sql`UPDATE sessions SET expires_at = now() - interval '1 second', started_at = now() - interval '1 day' WHERE id = ${user.sessionId}`;
    expectNotSignedIn(await as(user));
  });

  test('after its user was deleted, even if the user is restored', async () => {
    const other = await anotherSession(db, user.userId);
    expect((await as(user)).status).toBe(200);
    await db.sql`UPDATE users SET is_deleted = true WHERE id = ${user.userId}`;
    expectNotSignedIn(await as(user));
    expectNotSignedIn(await as(other));
    await db.sql`UPDATE users SET is_deleted = false WHERE id = ${user.userId}`;
    expectNotSignedIn(await as(user));
    expect((await as(await anotherSession(db, user.userId))).status).toBe(200);
  });
});

describe('an access token', () => {
  const minutes = (count: number) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + count * 60_000 });
    return as(user);
  };

  test('expires after 15 minutes, even if it was used in between', async () => {
    expect((await minutes(14)).status).toBe(200);
    expectNotSignedIn(await minutes(16));
  });

  test('that has expired is no security event', async () => {
    await db.sql`DELETE FROM security_events`;
    expectNotSignedIn(await minutes(16));
    expectNotSignedIn(await minutes(600));
    expect(await db.sql`SELECT type FROM security_events`).toEqual([]);
  });

  test('of an ended session is no security event', async () => {
    await db.sql`DELETE FROM security_events`;
    await db.sql`UPDATE sessions SET ended_at = now(), end_reason = 'logout' WHERE id = ${user.sessionId}`;
    expectNotSignedIn(await as(user));
    expect(await db.sql`SELECT type FROM security_events`).toEqual([]);
  });

  test('expires by real time, even for sample data', async () => {
    vi.stubEnv('CLOCK', '2013-03-01T23:59:59.000Z');
    expect((await minutes(1)).status).toBe(200);
    expectNotSignedIn(await minutes(16));
    vi.stubEnv('CLOCK', '');
  });
});
