import crypto from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { needsRehash } from '../../../../functions/api/auth/passwords.ts';
import { type Answer, expectProblem } from '../api-client.ts';
import { useApi } from '../use-api.ts';
import { authClient, login, PASSWORD, userWithPassword } from './support.ts';

const db = useApi();
const client = authClient();
beforeEach(async () => {
  await db.sql`TRUNCATE users, login_attempts CASCADE`;
});
afterEach(() => {
  vi.restoreAllMocks();
});

const register = (email: string, password = PASSWORD) =>
  client.ask('POST', '/v1/auth/register', { body: { email, password } });

/** An answer without the parts that differ between requests. */
const comparable = ({ headers: { etag: _, ...headers }, ...answer }: Answer<unknown>) => ({
  ...answer,
  headers,
});

/** The number of password hashes. */
const hashing = () => vi.spyOn(crypto, 'argon2');

describe('registration', () => {
  test('adds a user with settings who can log in', async () => {
    const answer = await register(' Ada@Example.com ');
    expect(answer).toMatchObject({ status: 202, body: { status: 'accepted' } });
    const [user] = await db.sql`SELECT u.*, s.preferred_profile, s.risk_consent_accepted
      FROM users u JOIN user_settings s ON s.user_id = u.id`;
    expect(user).toMatchObject({
      email: 'ada@example.com',
      is_admin: false,
      is_deleted: false,
      password_hash: expect.stringMatching(/^\$argon2id\$/),
      preferred_profile: 'conservative',
      risk_consent_accepted: false,
    });
    expect((await login(client, 'ADA@example.com')).status).toBe(200);
  });

  test('answers the same for a taken address, after the same work, and changes nothing', async () => {
    const work = hashing();
    const first = await register('ada@example.com');
    expect(work).toHaveBeenCalledTimes(1);
    const second = await register('ada@example.com', 'another password entirely');
    expect(work).toHaveBeenCalledTimes(2);
    expect(comparable(second)).toEqual(comparable(first));
    expect(await db.sql`SELECT count(*)::int AS n FROM users`).toEqual([{ n: 1 }]);
    expect((await login(client, 'ada@example.com')).status).toBe(200);
    expect((await login(client, 'ada@example.com', { password: 'another password entirely' })).status).toBe(
      401,
    );
  });

  test('answers the same for a deleted user, who stays deleted', async () => {
    const { email } = await userWithPassword(db);
    await db.sql`UPDATE users SET is_deleted = true`;
    expect((await register(email)).status).toBe(202);
    expectProblem(await login(client, email), 401, 'wrong-credentials');
  });

  test.each([
    ['no address', { password: PASSWORD }, '#/email', 'must be an e-mail address such as ada@example.com'],
    ['no password', { email: 'ada@example.com' }, '#/password', 'must have 12 to 128 characters'],
    [
      'a short password',
      { email: 'ada@example.com', password: 'short' },
      '#/password',
      'must have 12 to 128 characters',
    ],
    [
      'a common password',
      { email: 'ada@example.com', password: 'Winter2025!!' },
      '#/password',
      expect.stringMatching(/^is easy to guess, because it is built from a common word or password, a date/),
    ],
    [
      'the address as password',
      { email: 'Ada.Lovelace@example.com', password: 'ada.lovelace' },
      '#/password',
      expect.stringMatching(
        /^is easy to guess, because it is built from your e-mail address\. Choose a longer/,
      ),
    ],
    [
      'a right that nobody can take',
      { email: 'ada@example.com', password: PASSWORD, isAdmin: true },
      '#/isAdmin',
      'is not a known member',
    ],
  ])('refuses %s', async (_what, body, pointer, detail) => {
    const answer = await client.ask('POST', '/v1/auth/register', { body });
    expect(expectProblem(answer, 400, 'invalid-request').errors).toEqual([{ pointer, detail }]);
    expect(await db.sql`SELECT 1 FROM users`).toEqual([]);
  });

  test('adds one user for concurrent registrations of one address', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => register('ada@example.com')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await db.sql`SELECT count(*)::int AS n FROM user_settings`).toEqual([{ n: 1 }]);
  });
});

describe('login', () => {
  test('starts a session of 30 days and stores no token in plain text', async () => {
    const { email, userId } = await userWithPassword(db);
    await db.sql`DELETE FROM sessions`;
    const { status, body, cookies } = await login(client, email);
    expect(status).toBe(200);
    expect(cookies).toEqual([]);
    expect(body).toEqual({
      tokenType: 'Bearer',
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{86}$/),
      expiresIn: 900,
      refreshToken: expect.stringMatching(/^[\w-]{43}$/),
      sessionExpiresAt: expect.any(String),
    });
    const [session] = await db.sql`SELECT *, expires_at - started_at AS life FROM sessions`;
    expect(session).toMatchObject({ user_id: userId, life: '30 days', ended_at: null, user_agent: 'test/1' });
    const stored = await db.sql`SELECT token_hash, t::text AS row FROM refresh_tokens t`;
    expect(stored[0]?.token_hash).toEqual(
      crypto.createHash('sha256').update(String(body.refreshToken)).digest(),
    );
    expect(stored[0]?.row).not.toContain(body.refreshToken);
  });

  test.each([
    ['a wrong password', { password: 'not the right one' }],
    ['a very long password', { password: 'x'.repeat(1_024) }],
    ['a short password', { password: 'x' }],
  ])('refuses %s', async (_what, options) => {
    const { email } = await userWithPassword(db);
    expectProblem(await login(client, email, options), 401, 'wrong-credentials');
  });

  test('does not reveal whether the address is known, in its answer or its time', async () => {
    const { email } = await userWithPassword(db);
    const gone = await userWithPassword(db);
    await db.sql`UPDATE users SET is_deleted = true WHERE id = ${gone.userId}`;
    const work = hashing();
    const wrong = await login(client, email, { password: 'not the right one' });
    const unknown = await login(client, 'nobody@example.com', { password: 'not the right one' });
    const deleted = await login(client, gone.email);
    expect(wrong.status).toBe(401);
    expect(comparable(unknown)).toEqual(comparable(wrong));
    expect(comparable(deleted)).toEqual(comparable(wrong));
    const costs = work.mock.calls.map(([, { memory, passes, parallelism, tagLength }]) => ({
      memory,
      passes,
      parallelism,
      tagLength,
    }));
    expect(costs).toHaveLength(3);
    expect(costs[1]).toEqual(costs[0]);
    expect(costs[2]).toEqual(costs[0]);
  });

  test('upgrades a hash of a lower cost', async () => {
    // From the reference implementation: "password" and "somesalt" at other costs than the current one.
    const passwordHash =
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    const { email } = await userWithPassword(db, { passwordHash });
    expect((await login(client, email, { password: 'password' })).status).toBe(200);
    const [user] = await db.sql<[{ password_hash: string }]>`SELECT password_hash FROM users`;
    expect(needsRehash(user.password_hash)).toBe(false);
    expect((await login(client, email, { password: 'password' })).status).toBe(200);
  });

  test('is refused if the password changes meanwhile', async () => {
    const { email, userId } = await userWithPassword(db);
    const { argon2 } = crypto;
    hashing().mockImplementation((...given) => {
      db.sql`UPDATE users SET password_hash = 'x' WHERE id = ${userId}`.then(() => argon2(...given));
    });
    expectProblem(await login(client, email), 401, 'wrong-credentials');
  });

  test('deletes old sessions of the user', async () => {
    const { email, sessionId } = await userWithPassword(db);
    await db.sql`UPDATE sessions SET started_at = now() - interval '61 days', expires_at = now() - interval '31 days'`;
    await login(client, email);
    expect(await db.sql`SELECT 1 FROM sessions WHERE id = ${sessionId}`).toEqual([]);
    expect(await db.sql`SELECT 1 FROM refresh_tokens WHERE session_id = ${sessionId}`).toEqual([]);
  });

  test.each([
    ['a NUL in the address', { email: 'ada\0@example.com', password: PASSWORD }],
    ['a NUL in the password', { email: 'ada@example.com', password: `${PASSWORD}\0` }],
    ['a list as address', { email: ['ada@example.com'], password: PASSWORD }],
    ['an unknown kind of session', { email: 'ada@example.com', password: PASSWORD, session: 'both' }],
    ['nothing', {}],
  ])('rejects a body with %s', async (_what, body) => {
    expectProblem(await client.ask('POST', '/v1/auth/login', { body }), 400, 'invalid-request');
  });
});

describe('GET /.well-known/jwks.json', () => {
  test('returns the public keys to anyone and lets clients cache them', async () => {
    const { status, body, headers } = await client.ask<{ keys: object[] }>('GET', '/.well-known/jwks.json');
    expect(status).toBe(200);
    expect(body.keys).toEqual([
      {
        kty: 'EC',
        crv: 'P-256',
        x: expect.any(String),
        y: expect.any(String),
        kid: expect.any(String),
        alg: 'ES256',
        use: 'sig',
      },
    ]);
    expect(headers).toMatchObject({ 'cache-control': 'public, max-age=300', etag: expect.any(String) });
    expect(headers).not.toHaveProperty('vary');
  });
});
