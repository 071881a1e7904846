import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { endpoints } from '../../../../functions/api/account/endpoints.ts';
import { hashApiKey } from '../../../../functions/api/core/api-key.ts';
import { groupHandler } from '../../../../functions/api/core/group-handler.ts';
import { endpoints as market } from '../../../../functions/api/market/endpoints.ts';
import { MOST_API_KEYS } from '../../../../functions/api/resources/api-keys.ts';
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

type Made = {
  id: string;
  name: string;
  ending: string;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
  mayFollow: boolean;
  key: string;
};

const PATH = '/v1/me/api-keys';
const DAY_MS = 24 * 60 * 60 * 1000;

const db = useApi();
const account = new ApiClient(groupHandler('account', endpoints, servicesOnce()), endpoints);
const markets = new ApiClient(groupHandler('market', market, servicesOnce()), market);
let user: TestUser;
beforeEach(async () => {
  user = await signedInUser(db);
});

const ask = <T = Record<string, unknown>>(method: string, path: string, options: RequestOptions = {}) =>
  account.ask<T>(method, path, { accessToken: user.accessToken, ...options });
const make = (body: unknown = { name: 'bot' }, options: RequestOptions = {}) =>
  ask<Made>('POST', PATH, { body, ...options });
const list = async (options: RequestOptions = {}) =>
  (await ask<{ items: Omit<Made, 'key'>[] }>('GET', PATH, options)).body.items;
const revoke = (id: string, options: RequestOptions = {}) => ask('DELETE', `${PATH}/${id}`, options);
const read = (key: string) => markets.ask('GET', '/v1/facets', { accessToken: key });
const expireConfirmation = () =>
  db.sql`UPDATE sessions SET confirmed_at = now() - interval '601 seconds' WHERE id = ${user.sessionId}`;

describe('POST /v1/me/api-keys', () => {
  test('makes a key that reads, and shows it only once', async () => {
    const { status, body, headers } = await make({ name: 'Nightly export' });
    expect(status).toBe(201);
    expect(headers['cache-control']).toBe('private, no-store');
    const { key, ...item } = body;
    expect(item).toMatchObject({
      name: 'Nightly export',
      ending: key.slice(-4),
      lastUsedAt: null,
      mayFollow: false,
    });
    expect((await read(key)).status).toBe(200);
    const [listed] = await list();
    expect(listed).toEqual({ ...item, lastUsedAt: expect.stringMatching(/^\d{4}-/) });
    const exported = (await ask('GET', '/v1/me/export')).body;
    expect(exported.apiKeys).toEqual([listed]);
    for (const shown of [listed, exported]) {
      expect(JSON.stringify(shown)).not.toContain(key.slice(0, -4));
      expect(JSON.stringify(shown)).not.toContain(hashApiKey(key).toString('hex'));
    }
  });

  test('stores the hash, and nothing from which the key follows', async () => {
    const { key } = (await make()).body;
    const [row] =
      await db.sql`SELECT k::text AS row, key_hash FROM api_keys k WHERE user_id = ${user.userId}`;
    expect(row?.key_hash).toEqual(hashApiKey(key));
    expect(row?.row).not.toContain(key.slice(4, -4));
  });

  test('lets a key change the watchlist only if asked, and says so in the list', async () => {
    expect((await make({ name: 'assistant', mayFollow: true })).body.mayFollow).toBe(true);
    await make({ name: 'export', mayFollow: false });
    expect((await list()).map(({ name, mayFollow }) => [name, mayFollow])).toEqual([
      ['export', false],
      ['assistant', true],
    ]);
  });

  test.each([
    [{}, 90],
    [{ expiresInDays: 1 }, 1],
    [{ expiresInDays: 365 }, 365],
  ])('with %j expires after %i days', async (more, days) => {
    const { createdAt, expiresAt } = (await make({ name: 'bot', ...more })).body;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(days * DAY_MS);
  });

  test.each([
    ['no name', {}, '#/name'],
    ['an empty name', { name: '' }, '#/name'],
    ['a name of 61 characters', { name: 'x'.repeat(61) }, '#/name'],
    ['a name of 60,000 characters', { name: 'x'.repeat(60_000) }, '#/name'],
    ['a name with a line break', { name: 'a\nb' }, '#/name'],
    ['a name with a terminal code', { name: '\u001b[2Ja' }, '#/name'],
    ['a name with a NUL', { name: 'a\u0000b' }, '#/name'],
    ['a name with a lone surrogate', { name: 'a\ud800b' }, '#/name'],
    ['a number as its name', { name: 5 }, '#/name'],
    ['a life of 0 days', { name: 'bot', expiresInDays: 0 }, '#/expiresInDays'],
    ['a life of 366 days', { name: 'bot', expiresInDays: 366 }, '#/expiresInDays'],
    ['a life of half a day', { name: 'bot', expiresInDays: 0.5 }, '#/expiresInDays'],
    ['a life without end', { name: 'bot', expiresInDays: null }, '#/expiresInDays'],
    ['a life as text', { name: 'bot', expiresInDays: '90' }, '#/expiresInDays'],
    ['a right as text', { name: 'bot', mayFollow: 'true' }, '#/mayFollow'],
    ['rights of its own', { name: 'bot', scope: 'admin' }, '#/scope'],
    ['a key of its own', { name: 'bot', key: 'bmk_mine' }, '#/key'],
    ['the id of another user', { name: 'bot', userId: randomUUID() }, '#/userId'],
  ])('refuses %s', async (_what, body, pointer) => {
    const { errors } = expectProblem(await make(body), 400, 'invalid-request');
    expect(errors).toEqual([{ pointer, detail: expect.any(String) }]);
    expect(await list()).toEqual([]);
  });

  test('accepts a name of 60 characters in any script', async () => {
    const name = `Ärger 市場 ${'😀'.repeat(51)}`;
    expect([...name]).toHaveLength(60);
    expect((await make({ name })).body.name).toBe(name);
  });

  test('requires a recent confirmation', async () => {
    await expireConfirmation();
    expectProblem(await make(), 403, 'confirmation-required');
    expect(await list()).toEqual([]);
  });

  test('refuses an API key, which can make no further keys', async () => {
    const { key, id } = (await make()).body;
    for (const refused of [
      await make({ name: 'more' }, { accessToken: key }),
      await revoke(id, { accessToken: key }),
      await ask('GET', PATH, { accessToken: key }),
      await ask('GET', '/v1/me', { accessToken: key }),
      await ask('GET', '/v1/me/export', { accessToken: key }),
    ])
      expectProblem(refused, 403, 'not-allowed');
    expect(await list()).toHaveLength(1);
  });

  test('allows a limited number of keys, also when many are made at once', async () => {
    const answers = await Promise.all(Array.from({ length: MOST_API_KEYS + 5 }, () => make()));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(5);
    for (const answer of refused) expectProblem(answer, 409, 'conflict');
    expect(await list()).toHaveLength(MOST_API_KEYS);
  });

  test('does not count revoked and expired keys, or those of others', async () => {
    const ids = (await Promise.all(Array.from({ length: MOST_API_KEYS }, () => make()))).map(
      ({ body }) => body.id,
    );
    expect((await make()).status).toBe(409);
    await revoke(ids[0] ?? '');
    expect((await make()).status).toBe(201);
    await db.sql`
      UPDATE api_keys SET created_at = now() - interval '2 days', expires_at = now() - interval '1 day'
      WHERE id = ${ids[1] ?? ''}`;
    expect((await make()).status).toBe(201);
    expect((await make()).status).toBe(409);
    const { accessToken } = await signedInUser(db);
    expect((await make(undefined, { accessToken })).status).toBe(201);
  });
});

describe('GET /v1/me/api-keys', () => {
  test('lists the keys of the caller, newest first, with expired ones and without revoked ones', async () => {
    const stranger = await signedInUser(db);
    await make({ name: 'theirs' }, { accessToken: stranger.accessToken });
    const first = (await make({ name: 'first' })).body;
    const gone = (await make({ name: 'gone' })).body;
    const last = (await make({ name: 'last' })).body;
    await revoke(gone.id);
    await db.sql`
      UPDATE api_keys SET created_at = now() - interval '2 days', expires_at = now() - interval '1 day'
      WHERE id = ${first.id}`;
    expect((await list()).map(({ name }) => name)).toEqual([last.name, first.name]);
  });
});

describe('DELETE /v1/me/api-keys/{id}', () => {
  test('revokes a key at once, and no other', async () => {
    const [one, other] = [(await make()).body, (await make()).body];
    expect((await revoke(one.id)).status).toBe(204);
    expect((await list()).map(({ id }) => id)).toEqual([other.id]);
    expect(expectProblem(await read(one.key), 401, 'api-key-refused').reason).toBe('revoked');
    expect((await read(other.key)).status).toBe(200);
    expectProblem(await revoke(one.id), 404, 'not-found');
  });

  test('answers 404 for the key of another user, which keeps working', async () => {
    const { id, key } = (await make()).body;
    const { accessToken } = await signedInUser(db, { isAdmin: true });
    expectProblem(await revoke(id, { accessToken }), 404, 'not-found');
    expectProblem(await revoke(randomUUID()), 404, 'not-found');
    expect((await read(key)).status).toBe(200);
  });

  test('requires a recent confirmation', async () => {
    const { id, key } = (await make()).body;
    await expireConfirmation();
    expectProblem(await revoke(id), 403, 'confirmation-required');
    expect((await read(key)).status).toBe(200);
  });

  test.each(['x', "1' OR true", '%00', 'bmk_x'])('refuses %s as an id', async (id) => {
    const problem = expectProblem(await revoke(id), 400, 'invalid-request');
    expect(problem.errors).toEqual([{ parameter: 'id', detail: expect.any(String) }]);
  });
});

describe('an API key of an account', () => {
  test('ends when its user deletes the account', async () => {
    const { key } = (await make()).body;
    expect((await ask('DELETE', '/v1/me')).status).toBe(204);
    expect(expectProblem(await read(key), 401, 'api-key-refused').reason).toBe('revoked');
  });

  test('survives the end of the session that made it', async () => {
    const { key } = (await make()).body;
    await db.sql`UPDATE sessions SET ended_at = now(), end_reason = 'logout' WHERE id = ${user.sessionId}`;
    expect((await read(key)).status).toBe(200);
  });

  test('is announced to the other sessions of its user', async () => {
    const { body } = await make();
    expect((await ask('GET', '/v1/me')).body.notices).toEqual([]);
    const { accessToken } = await anotherSession(db, user.userId);
    expect((await ask('GET', '/v1/me', { accessToken })).body.notices).toMatchObject([
      { type: 'api-key-created', detail: { apiKeyId: body.id } },
    ]);
  });
});
