import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CONSENT_VERSION } from '../../../functions/api/account/consent-version.ts';
import { endpoints as account } from '../../../functions/api/account/endpoints.ts';
import { endpoints as admin } from '../../../functions/api/admin/endpoints.ts';
import { selectRunStarter } from '../../../functions/api/admin/selected-run-starter.ts';
import { endpoints as auth } from '../../../functions/api/auth/endpoints.ts';
import { hashPassword } from '../../../functions/api/auth/passwords.ts';
import { groupHandler } from '../../../functions/api/core/group-handler.ts';
import { SECURITY_EVENT_TYPES, type SecurityEventType } from '../../../functions/api/core/security-events.ts';
import { servicesOnce } from '../../../functions/api/services.ts';
import { register } from '../../../functions/infer/registry.ts';
import { expirePersonalData } from '../../../functions/ingest/plan/expire-personal-data.ts';
import { resetPassword } from '../../../functions/operate/passwords.ts';
import { ENV } from '../../../functions/shared/constants.ts';
import { Folder } from '../../../functions/shared/folder.ts';
import { passingManifest, storeOf } from '../infer/registry-support.ts';
import { ApiClient, anotherSession, type RequestOptions, signedInUser, type TestUser } from './api-client.ts';
import { codeAt } from './auth/second-factor-support.ts';
import { useApi } from './use-api.ts';

const PASSWORD = 'correct horse battery';
const WRONG = 'Tr0ub4dor&3-typed-by-mistake';
const NEXT = 'another horse, another staple';
const UNKNOWN = 'maybe-a-password@example.com';
const ADDRESS = '198.51.100.7';
const AGENT = 'Mozilla/5.0 (test) Browser/131.0';

const db = useApi((made) => ({
  [ENV.trainingDatabaseSecret]: made.url('training'),
  [ENV.modelObjectsUrl]: pathToFileURL(`${made.objects}/models/`).href,
}));
const clients = {
  auth: new ApiClient(groupHandler('auth', auth, servicesOnce()), auth),
  account: new ApiClient(groupHandler('account', account, servicesOnce()), account),
  admin: new ApiClient(groupHandler('admin', admin, servicesOnce()), admin),
};

let passwordHash: string;
/** Everything that the tests' requests wrote to the log. */
let written: string;
/** The secrets that the tests' requests sent or received. */
const secrets = new Set<string>([PASSWORD, WRONG, NEXT, UNKNOWN]);
beforeAll(async () => {
  passwordHash = await hashPassword(PASSWORD);
  secrets.add(passwordHash);
  selectRunStarter({ start: async () => {} });
  const models = new Folder(join(db.objects, 'models'));
  const releases = [passingManifest('v2.0.0'), passingManifest('v2.1.0')];
  for (const [key, body] of storeOf(...releases).bodies) await models.put(key, body);
  for (const manifest of releases) await register(db.client('training'), manifest, manifest.version);
});
afterAll(() => selectRunStarter(undefined));

let user: TestUser;
let root: TestUser;
beforeEach(async () => {
  await db.sql`TRUNCATE users, login_attempts CASCADE`;
  user = await signedInUser(db, { passwordHash, email: 'ada@example.com' });
  root = await signedInUser(db, { passwordHash, isAdmin: true, email: 'root@example.com' });
  vi.stubEnv('LOG_LEVEL', 'info');
  written = '';
  for (const stream of [process.stderr, process.stdout]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written += String(chunk);
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function ask(
  group: keyof typeof clients,
  method: string,
  target: string,
  options: RequestOptions & { as?: { accessToken: string } } = {},
) {
  const { as, ...rest } = options;
  const answer = await clients[group].ask(method, target, {
    address: ADDRESS,
    ...(as && { accessToken: as.accessToken }),
    ...rest,
    headers: { 'user-agent': AGENT, ...rest.headers },
  });
  for (const token of [as?.accessToken, answer.body?.accessToken, answer.body?.refreshToken])
    if (typeof token === 'string') secrets.add(token).add(token.split('.')[2] ?? token);
  return answer;
}

const login = (email: string, password = PASSWORD, code?: string) =>
  ask('auth', 'POST', '/v1/auth/login', { body: { email, password, code } });

/** Gives {@link user} a second factor, and returns its recovery codes. */
async function protect(): Promise<string[]> {
  const { body: made } = await ask('account', 'POST', '/v1/me/second-factor', { as: user });
  const code = codeAt(String(made.secret));
  const target = '/v1/me/second-factor/activate';
  const { status, body } = await ask('account', 'POST', target, { as: user, body: { code } });
  expect(status).toBe(200);
  const codes = body.recoveryCodes as string[];
  // Six digits alone may be part of a time.
  for (const secret of [made.secret, `"${code}"`, ...codes]) secrets.add(String(secret));
  return codes;
}

/** Adds a channel of {@link user}. */
async function addChannel() {
  const { status, body } = await ask('account', 'POST', '/v1/me/alerts/channels', {
    as: user,
    body: { kind: 'webhook', config: { url: 'https://hooks.example.com/secret-path' } },
  });
  expect(status).toBe(201);
  secrets.add(body.secret as string).add('secret-path');
  return body as { id: string };
}

/** Makes an API key of {@link user}. */
async function makeKey() {
  const { status, body } = await ask('account', 'POST', '/v1/me/api-keys', {
    as: user,
    body: { name: 'bot' },
  });
  expect(status).toBe(201);
  secrets.add(String(body.key));
  return body;
}

/** Deletes a user as if it had been 30 days ago, and lets a run erase it. */
async function erase({ userId }: TestUser): Promise<void> {
  await db.sql`UPDATE users SET is_deleted = true WHERE id = ${userId}`;
  await db.sql`UPDATE users SET deleted_at = now() - interval '30 days' WHERE id = ${userId}`;
  await db.sql`INSERT INTO pipeline_runs (id, input) VALUES (${`run-${userId}`}, '{}')`;
  await expirePersonalData(db.client('pipeline'), `run-${userId}`);
}

/** An expected event: by default of `user`, from {@link ADDRESS}. */
interface Expected {
  user_id?: string | null;
  actor_id?: string;
  detail?: unknown;
  /** The event has no request. */
  isInternal?: boolean;
}

/** Sends requests that cause one event of each type. */
const CAUSES: Record<SecurityEventType, () => Promise<Expected>> = {
  registered: async () => {
    const email = 'new@example.com';
    await ask('auth', 'POST', '/v1/auth/register', { body: { email, password: PASSWORD } });
    const [made] = await db.sql`SELECT id FROM users WHERE email = ${email}`;
    return { user_id: made?.id };
  },
  login: async () => {
    expect((await login(user.email)).status).toBe(200);
    return { detail: { sessionId: expect.any(String), isNewAddress: false, isNewBrowser: false } };
  },
  'login-refused': async () => {
    expect((await login(user.email, WRONG)).status).toBe(401);
    return { detail: { reason: 'wrong-credentials' } };
  },
  'login-throttled': async () => {
    for (let count = 0; count < 6; count += 1) await login(user.email, WRONG);
    for (let count = 0; count < 3; count += 1) expect((await login(user.email)).status).toBe(429);
    return {};
  },
  logout: async () => {
    await ask('auth', 'POST', '/v1/auth/logout', { body: { refreshToken: user.refreshToken } });
    return { detail: { sessionId: user.sessionId } };
  },
  'sessions-ended': async () => {
    await anotherSession(db, user.userId);
    expect((await ask('auth', 'POST', '/v1/auth/logout-everywhere', { as: user })).status).toBe(204);
    return { detail: { sessions: 2 } };
  },
  'session-ended': async () => {
    const { sessionId } = await anotherSession(db, user.userId);
    expect((await ask('account', 'DELETE', `/v1/me/sessions/${sessionId}`, { as: user })).status).toBe(204);
    return { detail: { sessionId } };
  },
  'refresh-token-reused': async () => {
    const refresh = (refreshToken: unknown) =>
      ask('auth', 'POST', '/v1/auth/refresh', { body: { refreshToken } });
    const second = await refresh(user.refreshToken);
    await refresh(second.body.refreshToken);
    expect((await refresh(user.refreshToken)).status).toBe(401);
    return { detail: { sessionId: user.sessionId } };
  },
  'password-changed': async () => {
    const body = { currentPassword: PASSWORD, newPassword: NEXT };
    expect((await ask('auth', 'POST', '/v1/auth/password', { as: user, body })).status).toBe(200);
    return { detail: { sessionId: expect.any(String) } };
  },
  'password-reset': async () => {
    secrets.add((await resetPassword(db.sql, user.email)).password);
    return { isInternal: true, detail: { by: 'operator', sessions: 1, apiKeys: 0 } };
  },
  confirmed: async () => {
    const body = { password: PASSWORD };
    expect((await ask('auth', 'POST', '/v1/auth/confirm', { as: user, body })).status).toBe(200);
    return { detail: { sessionId: user.sessionId } };
  },
  'second-factor-enabled': async () => {
    await protect();
    return { detail: { sessionId: user.sessionId } };
  },
  'second-factor-disabled': async () => {
    await protect();
    for (let count = 0; count < 2; count += 1)
      await ask('account', 'DELETE', '/v1/me/second-factor', { as: user });
    return { detail: { sessionId: user.sessionId } };
  },
  'recovery-code-used': async () => {
    const [code] = await protect();
    expect((await login(user.email, PASSWORD, code)).status).toBe(200);
    return {};
  },
  'recovery-codes-renewed': async () => {
    await protect();
    const { body } = await ask('account', 'POST', '/v1/me/second-factor/recovery-codes', { as: user });
    for (const code of body.recoveryCodes as string[]) secrets.add(code);
    return { detail: { sessionId: user.sessionId } };
  },
  'alert-channel-added': async () => {
    const { id } = await addChannel();
    return { detail: { sessionId: user.sessionId, channelId: id, kind: 'webhook' } };
  },
  'alert-channel-removed': async () => {
    const { id } = await addChannel();
    for (const status of [204, 404])
      expect((await ask('account', 'DELETE', `/v1/me/alerts/channels/${id}`, { as: user })).status).toBe(
        status,
      );
    return { detail: { sessionId: user.sessionId, channelId: id } };
  },
  'api-key-created': async () => {
    const made = await makeKey();
    return { detail: { sessionId: user.sessionId, apiKeyId: made.id } };
  },
  'api-key-revoked': async () => {
    const { id } = await makeKey();
    const target = `/v1/me/api-keys/${id}`;
    for (const status of [204, 404])
      expect((await ask('account', 'DELETE', target, { as: user })).status).toBe(status);
    return { detail: { sessionId: user.sessionId, apiKeyId: id } };
  },
  'confirmation-refused': async () => {
    const body = { currentPassword: WRONG, newPassword: NEXT };
    expect((await ask('auth', 'POST', '/v1/auth/password', { as: user, body })).status).toBe(401);
    return { detail: { reason: 'wrong-credentials' } };
  },
  'admin-granted': async () => {
    const target = `/v1/admin/users/${user.userId}/admin`;
    for (let count = 0; count < 2; count += 1) await ask('admin', 'PUT', target, { as: root });
    return { actor_id: root.userId };
  },
  'admin-revoked': async () => {
    await db.sql`UPDATE users SET is_admin = true WHERE id = ${user.userId}`;
    const target = `/v1/admin/users/${user.userId}/admin`;
    for (let count = 0; count < 2; count += 1) await ask('admin', 'DELETE', target, { as: root });
    return { actor_id: root.userId };
  },
  'user-deleted': async () => {
    const target = `/v1/admin/users/${user.userId}`;
    for (let count = 0; count < 2; count += 1) await ask('admin', 'DELETE', target, { as: root });
    return { actor_id: root.userId };
  },
  'user-restored': async () => {
    await db.sql`UPDATE users SET is_deleted = true WHERE id = ${user.userId}`;
    const target = `/v1/admin/users/${user.userId}/undelete`;
    for (let count = 0; count < 2; count += 1) await ask('admin', 'POST', target, { as: root });
    return { actor_id: root.userId };
  },
  'account-deleted': async () => {
    expect((await ask('account', 'DELETE', '/v1/me', { as: user })).status).toBe(204);
    return {};
  },
  'account-erased': async () => {
    await erase(user);
    return { isInternal: true };
  },
  'data-exported': async () => {
    expect((await ask('account', 'GET', '/v1/me/export', { as: user })).status).toBe(200);
    return {};
  },
  'consent-accepted': async () => {
    const body = { version: CONSENT_VERSION };
    for (let count = 0; count < 2; count += 1)
      await ask('account', 'POST', '/v1/me/consent', { as: user, body });
    return { detail: { version: CONSENT_VERSION } };
  },
  'consent-withdrawn': async () => {
    await ask('account', 'POST', '/v1/me/consent', { as: user, body: { version: CONSENT_VERSION } });
    for (let count = 0; count < 2; count += 1) await ask('account', 'DELETE', '/v1/me/consent', { as: user });
    return {};
  },
  'access-denied': async () => {
    const target = `/v1/admin/users/${root.userId}`;
    expect((await ask('admin', 'DELETE', target, { as: user })).status).toBe(403);
    return { detail: { endpoint: 'DELETE /v1/admin/users/{id}' } };
  },
  'token-refused': async () => {
    const [head, payload] = user.accessToken.split('.');
    const as = { accessToken: `${head}.${payload}.${'A'.repeat(86)}` };
    expect((await ask('account', 'GET', '/v1/me', { as })).status).toBe(401);
    return { user_id: null, detail: { endpoint: 'GET /v1/me' } };
  },
  'cookie-refused': async () => {
    const cookies = [`__Host-boursomatic-refresh=${user.refreshToken}`];
    expect((await ask('auth', 'POST', '/v1/auth/refresh', { cookies })).status).toBe(403);
    return { user_id: null, detail: { endpoint: 'POST /v1/auth/refresh' } };
  },
  'model-promoted': async () => {
    await db.sql`UPDATE model_versions SET is_active = false`;
    await db.sql`UPDATE model_versions SET is_active = true WHERE version = 'v2.0.0'`;
    const target = '/v1/admin/models/v2.1.0/promote';
    for (let count = 0; count < 2; count += 1) {
      const answer = await ask('admin', 'POST', target, { as: root, body: { force: 'a test' } });
      expect(answer.status).toBe(200);
    }
    return { user_id: root.userId, detail: { version: 'v2.1.0', previous: 'v2.0.0' } };
  },
  'run-started': async () => {
    const { body } = await ask('admin', 'POST', '/v1/admin/runs', { as: root, body: {} });
    return { user_id: root.userId, detail: { runId: body.id } };
  },
};

const events = (type?: SecurityEventType) => db.sql<Record<string, unknown>[]>`
  SELECT * FROM security_events ${type ? db.sql`WHERE type = ${type}` : db.sql``} ORDER BY occurred_at, id`;

describe.each(SECURITY_EVENT_TYPES)('%s', (type) => {
  test('is recorded once, with its user, type and origin', async () => {
    const { isInternal, ...expected } = await CAUSES[type]();
    const rows = await events(type);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      user_id: user.userId,
      actor_id: null,
      network_address: isInternal ? null : ADDRESS,
      user_agent: isInternal ? null : AGENT,
      request_id: isInternal ? null : 'request-1',
      detail: {},
      ...expected,
    });
    if (isInternal) return;
    const lines = written.split('\n').filter((line) => line.includes(`"type":"${type}"`));
    expect(lines).toHaveLength(1);
    const { user_id: userId = user.userId, actor_id: actorId } = expected;
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      event: 'security event',
      type,
      requestId: 'request-1',
      ...(userId !== null && { userId }),
      ...(actorId !== undefined && { actorId }),
    });
  });

  test('leaves no secret and no address in events and logs', async () => {
    await CAUSES[type]();
    await login(UNKNOWN, WRONG);
    expect(await events('login-refused')).toContainEqual(expect.objectContaining({ user_id: null }));
    const [{ rows } = { rows: '' }] = await db.sql<{ rows: string }[]>`
      SELECT coalesce(string_agg(e::text, ' '), '') AS rows FROM security_events e`;
    expect(secrets.size).toBeGreaterThan(4);
    for (const secret of secrets) {
      expect(rows).not.toContain(secret);
      expect(written).not.toContain(secret);
    }
    for (const personal of [user.email, root.email, ADDRESS, AGENT]) expect(written).not.toContain(personal);
  });
});
