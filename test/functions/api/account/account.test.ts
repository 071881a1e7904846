import { beforeEach, describe, expect, test } from 'vitest';
import { CONSENT_VERSION } from '../../../../functions/api/account/consent-version.ts';
import { endpoints } from '../../../../functions/api/account/endpoints.ts';
import { loadAll } from '../../../../functions/api/core/dispatch.ts';
import { groupHandler } from '../../../../functions/api/core/group-handler.ts';
import { servicesOnce } from '../../../../functions/api/services.ts';
import {
  ApiClient,
  anotherSession,
  expectProblem,
  type RequestOptions,
  signedInUser,
  type TestUser,
} from '../api-client.ts';
import { useApi } from '../use-api.ts';

const db = useApi();
const client = new ApiClient(groupHandler('account', endpoints, servicesOnce()), endpoints);
let user: TestUser;
beforeEach(async () => {
  user = await signedInUser(db, { preferredProfile: 'moderate' });
});

const ask = <T = Record<string, unknown>>(method: string, path: string, options: RequestOptions = {}) =>
  client.ask<T>(method, path, { accessToken: user.accessToken, ...options });

test.each(
  (await loadAll(endpoints))
    .filter(({ access }) => access !== 'public')
    .map(({ method, path }) => [method, path] as const),
)('requires a token for %s %s, and lets no cache keep the answer', async (method, path) => {
  const answer = await client.ask(method, path.replace('{id}', user.sessionId));
  expectProblem(answer, 401, 'not-signed-in');
  expect(answer.headers['cache-control']).toBe('private, no-store');
});

describe('GET /v1/me', () => {
  test('returns the account without the password', async () => {
    const { status, body, headers } = await ask('GET', '/v1/me');
    expect(status).toBe(200);
    expect(body).toEqual({
      id: user.userId,
      email: user.email,
      isAdmin: false,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      preferredProfile: 'moderate',
      hasConsented: false,
      consentVersion: CONSENT_VERSION,
      hasSecondFactor: false,
      recoveryCodesLeft: null,
      changesSeenAt: expect.stringMatching(/^\d{4}-.*Z$/),
      notices: [],
    });
    expect(headers).toMatchObject({ 'cache-control': 'private, no-store', vary: 'authorization' });
  });

  test('returns each user their own account', async () => {
    const { accessToken, userId } = await signedInUser(db, { isAdmin: true, consented: true });
    const { body } = await ask('GET', '/v1/me', { accessToken });
    expect(body).toMatchObject({ id: userId, isAdmin: true, hasConsented: true });
  });
});

describe('settings endpoints', () => {
  const read = async ({ accessToken }: { accessToken: string } = user) =>
    (await ask('GET', '/v1/me/settings', { accessToken })).body;
  const change = (body: unknown) => ask('PATCH', '/v1/me/settings', { body });

  test('change only the settings of the caller', async () => {
    const stranger = await signedInUser(db);
    expect(await change({ preferredProfile: 'aggressive' })).toMatchObject({
      status: 200,
      body: { preferredProfile: 'aggressive' },
    });
    expect(await read()).toEqual({ preferredProfile: 'aggressive' });
    expect(await read(stranger)).toEqual({ preferredProfile: 'conservative' });
  });

  test('add the settings row if a user has none', async () => {
    await db.sql`DELETE FROM user_settings WHERE user_id = ${user.userId}`;
    expect(await read()).toEqual({ preferredProfile: 'conservative' });
    await change({ preferredProfile: 'moderate' });
    expect(await read()).toEqual({ preferredProfile: 'moderate' });
  });

  test.each([
    [
      'an unknown profile',
      { preferredProfile: 'reckless' },
      '#/preferredProfile',
      'must be one of conservative, moderate, aggressive',
    ],
    ['no profile', {}, '#/preferredProfile', 'must be one of conservative, moderate, aggressive'],
    [
      'a consent',
      { preferredProfile: 'moderate', risk_consent_accepted: true },
      '#/risk_consent_accepted',
      'is not a known member',
    ],
  ])('refuse settings with %s', async (_what, body, pointer, detail) => {
    expect(expectProblem(await change(body), 400, 'invalid-request').errors).toEqual([{ pointer, detail }]);
    expect(await read()).toEqual({ preferredProfile: 'moderate' });
  });
});

describe('session endpoints', () => {
  interface Listed {
    items: { id: string; isCurrent: boolean }[];
  }
  const list = async () => (await ask<Listed>('GET', '/v1/me/sessions')).body.items;

  test('list the current session and omit ended ones', async () => {
    const [other, ended] = [await anotherSession(db, user.userId), await anotherSession(db, user.userId)];
    await db.sql`UPDATE sessions SET ended_at = now(), end_reason = 'logout' WHERE id = ${ended.sessionId}`;
    await signedInUser(db);
    const items = await list();
    expect(items.map(({ id, isCurrent }) => [id, isCurrent])).toEqual([
      [other.sessionId, false],
      [user.sessionId, true],
    ]);
    expect(items[0]).toMatchObject({ userAgent: 'test/1', expiresAt: other.expiresAt.toISOString() });
  });

  test('end one session and its access tokens', async () => {
    const other = await anotherSession(db, user.userId);
    expect((await ask('DELETE', `/v1/me/sessions/${other.sessionId}`)).status).toBe(204);
    expect((await list()).map(({ id }) => id)).toEqual([user.sessionId]);
    expectProblem(await ask('GET', '/v1/me', other), 401, 'not-signed-in');
    expectProblem(await ask('DELETE', `/v1/me/sessions/${other.sessionId}`), 404, 'not-found');
  });

  test('require a recent confirmation to end a session', async () => {
    const mine = await signedInUser(db);
    await db.sql`UPDATE sessions SET confirmed_at = now() - interval '601 seconds' WHERE id = ${mine.sessionId}`;
    const path = `/v1/me/sessions/${mine.sessionId}`;
    expectProblem(await ask('DELETE', path, { accessToken: mine.accessToken }), 403, 'confirmation-required');
    expect((await ask('GET', '/v1/me', { accessToken: mine.accessToken })).status).toBe(200);
  });

  test('answer 404 for a session of another user', async () => {
    const stranger = await signedInUser(db);
    expectProblem(await ask('DELETE', `/v1/me/sessions/${stranger.sessionId}`), 404, 'not-found');
    expect((await ask('GET', '/v1/me', { accessToken: stranger.accessToken })).status).toBe(200);
  });

  test.each(['x', "1' OR true", '%00'])('refuse %s as a session id', async (id) => {
    const problem = expectProblem(await ask('DELETE', `/v1/me/sessions/${id}`), 400, 'invalid-request');
    expect(problem.errors).toEqual([{ parameter: 'id', detail: expect.any(String) }]);
  });
});

describe('GET /v1/me/export', () => {
  test("exports the user's own data without secrets", async () => {
    await signedInUser(db, { consented: true });
    const mine = await signedInUser(db, { consented: true, email: 'ada@example.com' });
    const { accessToken } = mine;
    const { status, body, headers } = await ask('GET', '/v1/me/export', { accessToken });
    expect(status).toBe(200);
    expect(headers['content-disposition']).toBe('attachment; filename="boursomatic.json"');
    expect(body).toMatchObject({
      user: { id: mine.userId, email: 'ada@example.com', isAdmin: false },
      settings: { preferredProfile: 'conservative' },
      consents: [{ version: CONSENT_VERSION, withdrawnAt: null }],
      sessions: [{ id: mine.sessionId, isCurrent: true }],
    });
    expect(JSON.stringify(body)).not.toMatch(/hash|argon|no password/);
  });

  test('covers every table with user data', async () => {
    const tables = await db.sql`
      SELECT DISTINCT conrelid::regclass::text AS name FROM pg_constraint
      WHERE confrelid = 'users'::regclass AND contype = 'f' ORDER BY 1`;
    // If this list grows, the export must include the new table.
    expect(tables.map(({ name }) => name)).toEqual([
      'added_instruments',
      'alert_channels',
      'alert_messages',
      'alert_rules',
      'alert_settings',
      'api_keys',
      'recovery_codes',
      'risk_consents',
      'second_factors',
      'security_events',
      'sessions',
      'user_settings',
      'watchlist_entries',
    ]);
  });
});

describe('DELETE /v1/me', () => {
  const remove = ({ accessToken }: { accessToken: string }) => ask('DELETE', '/v1/me', { accessToken });

  test('ends every session at once and keeps the row', async () => {
    const mine = await signedInUser(db);
    const other = await anotherSession(db, mine.userId);
    const answer = await remove(mine);
    expect(answer).toMatchObject({ status: 204, cookies: [expect.stringContaining('Max-Age=0')] });
    for (const { accessToken } of [mine, other])
      expectProblem(await ask('GET', '/v1/me', { accessToken }), 401, 'not-signed-in');
    expect(await db.sql`SELECT email, is_deleted FROM users WHERE id = ${mine.userId}`).toEqual([
      { email: mine.email, is_deleted: true },
    ]);
  });

  test('requires a recent confirmation', async () => {
    const mine = await signedInUser(db);
    await db.sql`UPDATE sessions SET confirmed_at = now() - interval '601 seconds' WHERE id = ${mine.sessionId}`;
    expectProblem(await remove(mine), 403, 'confirmation-required');
    expect((await ask('GET', '/v1/me', { accessToken: mine.accessToken })).status).toBe(200);
  });

  test('refuses administrators, so that one always remains', async () => {
    const admin = await signedInUser(db, { isAdmin: true });
    expectProblem(await remove(admin), 409, 'conflict');
  });
});
