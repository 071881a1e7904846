import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONSENT_VERSION } from '../../../functions/api/account/consent-version.ts';
import { selectRunStarter } from '../../../functions/api/admin/selected-run-starter.ts';
import { hashPassword } from '../../../functions/api/auth/passwords.ts';
import type { AnyEndpoint } from '../../../functions/api/core/endpoint.ts';
import { entrySchema } from '../../../functions/api/core/list-format.ts';
import { ALL_ENDPOINTS } from '../../../functions/api/openapi/all-endpoints.ts';
import { register } from '../../../functions/infer/registry.ts';
import { ENV } from '../../../functions/shared/constants.ts';
import { Folder } from '../../../functions/shared/folder.ts';
import { seedChannel, seedRule, seedTestMessage } from '../alerts/alerts-support.ts';
import { passingManifest, storeOf } from '../infer/registry-support.ts';
import { seedReplayableCall } from '../infer/replay-support.ts';
import { anotherSession, apiKeyOf, signedInUser, type TestUser } from './api-client.ts';
import { codeAt } from './auth/second-factor-support.ts';
import { seedInstrument } from './market/support.ts';
import { NOW, sealCalls, seedModelAndRun, seedRecommendation } from './recommendations/support.ts';
import { useApi } from './use-api.ts';
import { useService } from './use-service.ts';

const PASSWORD = 'correct horse battery staple';

const db = useApi((db) => ({
  [ENV.clock]: NOW.toISOString(),
  [ENV.trainingDatabaseSecret]: db.url('training'),
  [ENV.modelObjectsUrl]: pathToFileURL(`${db.objects}/models/`).href,
}));
const service = useService();
let passwordHash: string;
let recommendationId: string;
let replayableId: string;
/** A user who sends no requests, and whose data no request may change. */
let bystander: TestUser;
let untouched: unknown;
beforeAll(async () => {
  passwordHash = await hashPassword(PASSWORD);
  await seedModelAndRun(db.sql);
  replayableId = await seedReplayableCall(db);
  recommendationId = await seedRecommendation(db.sql, { symbol: 'AAPL', profile: 'conservative' });
  await sealCalls(db.sql, [recommendationId]);
  const models = new Folder(join(db.objects, 'models'));
  const releases = [passingManifest('v2.0.0'), passingManifest('v2.1.0')];
  for (const [key, body] of storeOf(...releases).bodies) await models.put(key, body);
  for (const manifest of releases) await register(db.client('training'), manifest, manifest.version);
  bystander = await signedInUser(db, { email: 'bystander@example.com', consented: true, passwordHash });
  await apiKeyOf(db, bystander);
  await db.sql`
    INSERT INTO watchlist_entries (user_id, instrument_id, note)
    SELECT ${bystander.userId}, id, ${bystander.email} FROM instruments WHERE symbol = 'AAPL'`;
  const channel = await seedChannel(db, bystander.userId);
  await seedRule(db, bystander.userId);
  await seedTestMessage(db, bystander.userId, channel.id);
  untouched = await rowsOf(bystander);
  selectRunStarter({ start: async () => {} });
});
afterAll(() => selectRunStarter(undefined));

/** Reads every row about a user. */
async function rowsOf({ userId }: TestUser): Promise<Record<string, unknown>> {
  return {
    users: await db.sql`SELECT * FROM users WHERE id = ${userId}`,
    settings: await db.sql`SELECT * FROM user_settings WHERE user_id = ${userId}`,
    sessions: await db.sql`SELECT * FROM sessions WHERE user_id = ${userId}`,
    secondFactors: await db.sql`SELECT * FROM second_factors WHERE user_id = ${userId}`,
    recoveryCodes: await db.sql`SELECT * FROM recovery_codes WHERE user_id = ${userId}`,
    consents: await db.sql`SELECT * FROM risk_consents WHERE user_id = ${userId}`,
    apiKeys: await db.sql`SELECT * FROM api_keys WHERE user_id = ${userId}`,
    watchlist: await db.sql`SELECT * FROM watchlist_entries WHERE user_id = ${userId}`,
    channels: await db.sql`SELECT * FROM alert_channels WHERE user_id = ${userId}`,
    rules: await db.sql`SELECT * FROM alert_rules WHERE user_id = ${userId}`,
    alertSettings: await db.sql`SELECT * FROM alert_settings WHERE user_id = ${userId}`,
    messages: await db.sql`SELECT * FROM alert_messages WHERE user_id = ${userId}`,
  };
}

interface Sent {
  params?: Record<string, string>;
  body?: unknown;
  /** With its question mark. */
  query?: string;
}

async function ask({ method, path }: AnyEndpoint, { params = {}, body, query = '' }: Sent, token?: string) {
  const target = path.replaceAll(/\{(\w+)\}/g, (_match, name) => params[name] ?? randomUUID());
  const answer = await fetch(`${service.url}${target}${query}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return { status: answer.status, text, body: isJson ? JSON.parse(text) : undefined };
}

/** The cells of an entry's words, numbers and lists, by column. */
function flat(entry: object): Record<string, string> {
  const cells = Object.entries(entry).flatMap(([name, value]: [string, unknown]) => {
    if (Array.isArray(value)) return [[name, JSON.stringify(value)]];
    return typeof value === 'object' ? [] : [[name, String(value)]];
  });
  return Object.fromEntries(cells);
}

const endpointOf = (id: string) => ALL_ENDPOINTS.find(({ operationId }) => operationId === id) as AnyEndpoint;

/** Stores a user who may use an endpoint. */
const allowed = ({ access }: AnyEndpoint) =>
  signedInUser(db, { consented: access === 'consented', isAdmin: access === 'admin', passwordHash });

async function tokensOf({ email }: TestUser): Promise<{ accessToken: string; refreshToken: string }> {
  return (await ask(endpointOf('login'), { body: { email, password: PASSWORD } })).body;
}

const freshUser = async () => ({ params: { id: (await signedInUser(db)).userId } });
const freshInstrument = async () => ({
  params: { id: await seedInstrument(db.sql, `I${randomUUID().slice(0, 8).toUpperCase()}`) },
});

const freshChannel = async ({ userId }: TestUser) => ({ params: { id: (await seedChannel(db, userId)).id } });

/** Valid requests of the endpoints that need more than a path. */
const REQUESTS: Record<string, (who: TestUser, endpoint: AnyEndpoint) => Sent | Promise<Sent>> = {
  register: () => ({ body: { email: `${randomUUID()}@example.com`, password: PASSWORD } }),
  login: ({ email }) => ({ body: { email, password: PASSWORD } }),
  refresh: async (who) => ({ body: { refreshToken: (await tokensOf(who)).refreshToken } }),
  logout: async (who) => ({ body: { refreshToken: (await tokensOf(who)).refreshToken } }),
  changePassword: () => ({
    body: { currentPassword: PASSWORD, newPassword: 'another horse, another staple' },
  }),
  confirm: () => ({ body: { password: PASSWORD } }),
  activateSecondFactor: async ({ accessToken }) => {
    const { body } = await ask(endpointOf('createSecondFactor'), {}, accessToken);
    return { body: { code: codeAt(body.secret) } };
  },
  renewRecoveryCodes: async ({ accessToken }) => {
    const { body } = await ask(endpointOf('createSecondFactor'), {}, accessToken);
    const code = codeAt(body.secret);
    await ask(endpointOf('activateSecondFactor'), { body: { code } }, accessToken);
    return {};
  },
  changeSettings: () => ({ body: { preferredProfile: 'aggressive' } }),
  acceptConsent: () => ({ body: { version: CONSENT_VERSION } }),
  markNoticesSeen: () => ({ body: { until: NOW.toISOString() } }),
  endSession: async ({ userId }) => ({ params: { id: (await anotherSession(db, userId)).sessionId } }),
  createApiKey: () => ({ body: { name: 'bot' } }),
  revokeApiKey: async (who) => ({ params: { id: (await apiKeyOf(db, who)).id } }),
  followInstrument: () => ({ params: { symbol: 'AAPL' } }),
  unfollowInstrument: () => ({ params: { symbol: 'AAPL' } }),
  importWatchlist: () => ({ body: { text: 'AAPL' } }),
  addAlertChannel: () => ({ body: { kind: 'webhook', config: { url: 'https://hooks.example.com/a' } } }),
  changeAlertChannel: async (who) => ({ ...(await freshChannel(who)), body: { name: 'Phone' } }),
  removeAlertChannel: freshChannel,
  testAlertChannel: freshChannel,
  confirmAlertChannel: async (who) => ({ ...(await freshChannel(who)), body: { code: '12345678' } }),
  addAlertRule: () => ({ body: { kind: 'calls' } }),
  changeAlertRule: async ({ userId }) => ({
    params: { id: await seedRule(db, userId) },
    body: { isOn: false },
  }),
  deleteAlertRule: async ({ userId }) => ({ params: { id: await seedRule(db, userId) } }),
  changeAlertSettings: () => ({ body: { timeZone: 'Europe/Paris' } }),
  retryAlertMessage: async ({ userId }) => {
    const { id } = await seedChannel(db, userId);
    return { params: { id: await seedTestMessage(db, userId, id, { state: 'dead' }) } };
  },
  readUnsubscription: async ({ userId }) => ({ query: `?token=${(await seedChannel(db, userId)).token}` }),
  unsubscribe: async ({ userId }) => ({ query: `?token=${(await seedChannel(db, userId)).token}` }),
  readRecommendation: () => ({ params: { id: recommendationId } }),
  replayRecommendation: () => ({ params: { id: replayableId } }),
  listInstrumentRecommendations: () => ({ params: { symbol: 'AAPL' } }),
  readPublication: () => ({ params: { id: '1' } }),
  readInstrument: () => ({ params: { symbol: 'AAPL' } }),
  listBars: () => ({ params: { symbol: 'AAPL' } }),
  listFeatures: () => ({ params: { symbol: 'AAPL' } }),
  readModel: () => ({ params: { version: 'v1.2.3' } }),
  deleteUser: freshUser,
  undeleteUser: freshUser,
  endUserSessions: freshUser,
  grantAdmin: freshUser,
  revokeAdmin: freshUser,
  createInstrument: () => ({ body: { symbol: `N${randomUUID().slice(0, 8).toUpperCase()}` } }),
  updateInstrument: async () => ({ ...(await freshInstrument()), body: { name: 'Another name' } }),
  deactivateInstrument: freshInstrument,
  reactivateInstrument: freshInstrument,
  promoteModel: () => ({ params: { version: 'v2.0.0' }, body: { force: 'a test' } }),
  rollBackModel: async ({ accessToken }) => {
    const promote = endpointOf('promoteModel');
    for (const version of ['v2.0.0', 'v2.1.0'])
      await ask(promote, { params: { version }, body: { force: 'a test' } }, accessToken);
    return { body: {} };
  },
  startRun: () => ({ body: {} }),
  readRun: () => ({ params: { id: 'run-1' } }),
  listRunFailures: () => ({ params: { id: 'run-1' } }),
};

const named = ALL_ENDPOINTS.map((endpoint) => [endpoint.operationId, endpoint] as const);

describe.each(named)('%s', (operationId, endpoint) => {
  const { access, answer, method } = endpoint;

  test('answers as documented, without data of other users', async () => {
    const who = await allowed(endpoint);
    const sent = (await REQUESTS[operationId]?.(who, endpoint)) ?? {};
    const came = await ask(endpoint, sent, who.accessToken);
    expect(came.status, came.text).toBe(answer.status);
    if (answer.schema && !answer.mediaType) answer.schema.parse(came.body);
    if (access === 'admin') return;
    for (const secret of [bystander.userId, bystander.email, bystander.sessionId])
      expect(came.text).not.toContain(secret);
  });

  if (access !== 'public')
    test('refuses a caller without the rights', async () => {
      const nobody = await ask(endpoint, {});
      expect(nobody.body).toMatchObject({ status: 401, type: '/problems/not-signed-in' });
      if (access === 'user' || access === 'reader' || access === 'follower') return;
      const { accessToken } = await signedInUser(db, { consented: access === 'admin' });
      const type = access === 'admin' ? '/problems/not-allowed' : '/problems/consent-required';
      expect((await ask(endpoint, {}, accessToken)).body).toMatchObject({ status: 403, type });
    });

  if (access === 'reader' || access === 'consented')
    test('serves the API key of a user with the rights, and only reads', async () => {
      expect(method).toBe('GET');
      const who = await allowed(endpoint);
      const sent = (await REQUESTS[operationId]?.(who, endpoint)) ?? {};
      const { key } = await apiKeyOf(db, who);
      const before = await rowsOf(who);
      const withKey = await ask(endpoint, sent, key);
      expect(withKey.status, withKey.text).toBe(answer.status);
      expect({ ...(await rowsOf(who)), apiKeys: [] }).toEqual({ ...before, apiKeys: [] });
      await db.sql`UPDATE api_keys SET revoked_at = now() WHERE user_id = ${who.userId}`;
      expect((await ask(endpoint, sent, key)).body).toMatchObject({ status: 401, reason: 'revoked' });
    });
  else if (access === 'follower')
    test('serves an API key that may change the watchlist, and refuses others', async () => {
      expect(endpoint.path).toMatch(/^\/v1\/me\/watchlist/);
      const who = await allowed(endpoint);
      const sent = (await REQUESTS[operationId]?.(who, endpoint)) ?? {};
      const reading = await ask(endpoint, sent, (await apiKeyOf(db, who)).key);
      expect(reading.body).toMatchObject({ status: 403, type: '/problems/not-allowed' });
      const following = await ask(endpoint, sent, (await apiKeyOf(db, who, { mayFollow: true })).key);
      expect(following.status, following.text).toBe(answer.status);
    });
  else if (access !== 'public')
    test('refuses an API key, even of an administrator', async () => {
      const who = await signedInUser(db, { consented: true, isAdmin: true, passwordHash });
      const sent = (await REQUESTS[operationId]?.(who, endpoint)) ?? {};
      const { key } = await apiKeyOf(db, who, { mayFollow: true });
      const before = await rowsOf(who);
      const refused = await ask(endpoint, sent, key);
      expect(refused.body).toMatchObject({ status: 403, type: '/problems/not-allowed' });
      expect(await rowsOf(who)).toEqual(before);
    });

  if (entrySchema(endpoint.answer.schema))
    test('lists the same as CSV', async () => {
      const who = await allowed(endpoint);
      const sent = (await REQUESTS[operationId]?.(who, endpoint)) ?? {};
      const { body } = await ask(endpoint, sent, who.accessToken);
      const query = sent.query ? `${sent.query}&format=csv` : '?format=csv';
      const csv = await ask(endpoint, { ...sent, query }, who.accessToken);
      expect(csv.status).toBe(200);
      const [columns = [], ...rows] = parse(csv.text) as string[][];
      expect(new Set(columns).size).toBe(columns.length);
      const cells = rows.map((row) => Object.fromEntries(row.map((cell, i) => [columns[i], cell])));
      // Without a limit, CSV has more entries than a page of JSON.
      expect(cells.slice(0, body.items.length)).toMatchObject(body.items.map(flat));
    });

  if (endpoint.confirmation)
    test('refuses a caller who has not confirmed recently', async () => {
      const { accessToken, sessionId } = await allowed(endpoint);
      await db.sql`UPDATE sessions SET confirmed_at = now() - interval '601 seconds' WHERE id = ${sessionId}`;
      const refused = await ask(endpoint, {}, accessToken);
      expect(refused.body).toMatchObject({ status: 403, type: '/problems/confirmation-required' });
    });

  test('refuses an unknown parameter or body', async () => {
    const { accessToken } = await allowed(endpoint);
    const parameter = await ask(endpoint, { query: '?nonsense=1' }, accessToken);
    expect(parameter.body).toMatchObject({ status: 400, type: '/problems/invalid-request' });
    expect(parameter.text).toContain('"parameter":"nonsense"');
    if (method === 'GET' || endpoint.ignoresBody) return;
    const body = await ask(endpoint, { body: { nonsense: 1 } }, accessToken);
    expect(body.body).toMatchObject({ status: 400, type: '/problems/invalid-request' });
    expect(body.text).toContain('"pointer":"#');
  });
});

test("leaves the bystander's data unchanged after all requests", async () => {
  expect(await rowsOf(bystander)).toEqual(untouched);
});

test('has a request for existing endpoints only', () => {
  const known = ALL_ENDPOINTS.map(({ operationId }) => operationId);
  expect(known).toEqual(expect.arrayContaining(Object.keys(REQUESTS)));
});
