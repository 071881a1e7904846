import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { endpoints as admin } from '../../../../functions/api/admin/endpoints.ts';
import { groupHandler } from '../../../../functions/api/core/group-handler.ts';
import { recordSecurityEvent } from '../../../../functions/api/core/security-events.ts';
import { servicesOnce } from '../../../../functions/api/services.ts';
import { expirePersonalData } from '../../../../functions/ingest/plan/expire-personal-data.ts';
import { planRun } from '../../../../functions/ingest/plan/plan.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { DatabaseUnreachableError } from '../../../../functions/shared/errors.ts';
import { readVitals } from '../../../../functions/watch/watch.ts';
import { ApiClient, expectProblem, signedInUser, type TestUser } from '../../api/api-client.ts';
import { accountClient, protectedUser } from '../../api/auth/second-factor-support.ts';
import { authClient, login, PASSWORD } from '../../api/auth/support.ts';
import { ORIGIN } from '../../api/support.ts';
import { useApi } from '../../api/use-api.ts';
import { seedInstruments } from '../support.ts';

const EMAIL = 'ada@example.com';
const RUN = 'run-1';

const db = useApi();
const auth = authClient();
const account = accountClient();
const administration = new ApiClient(groupHandler('admin', admin, servicesOnce()), admin);
let pipeline: Sql;
let api: Sql;
let user: TestUser;
let root: TestUser;
beforeAll(() => {
  pipeline = db.client('pipeline');
  api = db.client('api');
});
beforeEach(async () => {
  await db.sql`TRUNCATE users, login_attempts, pipeline_runs CASCADE`;
  await db.sql`INSERT INTO pipeline_runs (id, input) VALUES (${RUN}, '{}')`;
  root = await signedInUser(db, { isAdmin: true });
  user = await protectedUser(db, account, { email: EMAIL, consented: true });
  await addKey('1 day');
  await recordSecurityEvent(api, { type: 'login', userId: user.userId, origin: ORIGIN });
});

/** Stores an API key of the user that expires, or has expired, at an interval from now. */
const addKey = (interval: string, revoked: string | null = null) => db.sql`
  INSERT INTO api_keys (user_id, name, key_hash, ending, created_at, expires_at, revoked_at)
  SELECT ${user.userId}, ${interval}::text, sha256(${randomBytes(8)}::bytea), 'abcd', at - interval '1 hour', at,
    now() + ${revoked}::text::interval
  FROM (SELECT now() + ${interval}::text::interval AS at) AS expiry`;

const expire = (runId = RUN) => expirePersonalData(pipeline, runId);
const remove = (id = user.userId) =>
  administration.ask('DELETE', `/v1/admin/users/${id}`, { accessToken: root.accessToken });
const restore = () =>
  administration.ask('POST', `/v1/admin/users/${user.userId}/undelete`, { accessToken: root.accessToken });
const age = (interval: string, userId = user.userId) =>
  db.sql`UPDATE users SET deleted_at = now() - ${interval}::text::interval WHERE id = ${userId}`;
const ledger = async (runId = RUN) =>
  (await db.sql`SELECT erased_accounts, expired_events FROM pipeline_runs WHERE id = ${runId}`)[0];
const isErased = async () =>
  (await db.sql`SELECT is_erased FROM users WHERE id = ${user.userId}`)[0]?.is_erased;

/** Every stored row about the user. */
async function rowsOf(userId = user.userId) {
  const of = (table: string) =>
    db.sql.unsafe(`SELECT t::text AS row FROM ${table} t WHERE user_id = '${userId}' ORDER BY 1`);
  return {
    users: await db.sql`SELECT * FROM users WHERE id = ${userId}`,
    settings: await of('user_settings'),
    sessions: await of('sessions'),
    tokens:
      await db.sql`SELECT t.* FROM refresh_tokens t JOIN sessions s ON s.id = session_id WHERE user_id = ${userId}`,
    factors: await of('second_factors'),
    codes: await of('recovery_codes'),
    apiKeys: await of('api_keys'),
    consents: await of('risk_consents'),
    events: await of('security_events'),
  };
}

describe('a deleted account', () => {
  test.each([
    ['29 days 23 hours', false],
    ['30 days', true],
  ])('is erased after %s: %s', async (interval, erased) => {
    await remove();
    await age(interval);
    const before = await rowsOf();
    await expire();
    expect(await isErased()).toBe(erased);
    if (!erased) expect(await rowsOf()).toEqual(before);
    expect(await ledger()).toEqual({ erased_accounts: erased ? 1 : 0, expired_events: 0 });
  });

  test('keeps only its id, its times, its consents, and the types and times of its events', async () => {
    await account.ask('DELETE', '/v1/me', { accessToken: user.accessToken });
    await age('30 days');
    const before = await rowsOf();
    await expire();
    const { users, consents, events, ...gone } = await rowsOf();
    expect(gone).toEqual({ settings: [], sessions: [], tokens: [], factors: [], codes: [], apiKeys: [] });
    expect(users).toMatchObject([
      {
        id: user.userId,
        email: null,
        password_hash: null,
        is_erased: true,
        is_deleted: true,
        is_admin: false,
      },
    ]);
    expect(consents).toEqual(before.consents);
    expect(consents).toHaveLength(1);
    expect(events).toHaveLength(before.events.length + 1);
    const types = await db.sql`
      SELECT type FROM security_events WHERE user_id = ${user.userId} ORDER BY occurred_at, id`;
    expect(types.map(({ type }) => type)).toEqual([
      'second-factor-enabled',
      'login',
      'account-deleted',
      'account-erased',
    ]);
    expect(JSON.stringify(events)).not.toMatch(/192\.0\.2|test\/1/);
  });

  test("keeps the address of the administrator who deleted it, and erases a deleted administrator's own", async () => {
    await remove();
    await age('30 days');
    await expire();
    const addresses = async () =>
      (await db.sql`SELECT network_address FROM security_events WHERE type = 'user-deleted'`)[0]
        ?.network_address;
    expect(await addresses()).toBe('192.0.2.1');
    await db.sql`UPDATE users SET is_deleted = true WHERE id = ${root.userId}`;
    await age('30 days', root.userId);
    await expire();
    expect(await addresses()).toBeNull();
  });

  test('is erased once, whether a run is repeated or another one follows', async () => {
    await remove();
    await age('30 days');
    await expire();
    const after = await rowsOf();
    await expire();
    await db.sql`INSERT INTO pipeline_runs (id, input) VALUES ('run-2', '{}')`;
    await expire('run-2');
    expect(await rowsOf()).toEqual(after);
    expect(await ledger()).toEqual({ erased_accounts: 1, expired_events: 0 });
    expect(await ledger('run-2')).toEqual({ erased_accounts: 0, expired_events: 0 });
  });

  test('loses nothing if the run is killed in the middle', async () => {
    await remove();
    await age('30 days');
    const before = await rowsOf();
    const killer = db.client('pipeline');
    let killed: unknown;
    await db.sql.begin(async (tx) => {
      // Erasing deletes the sessions first, and then waits for this event.
      await tx`SELECT FROM security_events WHERE user_id = ${user.userId} FOR UPDATE`;
      const erasing = expire().catch((error: unknown) => error);
      await vi.waitUntil(async () => {
        const [waiting] = await killer<{ pid: number }[]>`
          SELECT pg_terminate_backend(pid), pid FROM pg_stat_activity
          WHERE wait_event_type = 'Lock' AND query LIKE '%expire_personal_data%' AND pid <> pg_backend_pid()`;
        return waiting;
      });
      killed = await erasing;
    });
    expect(killed).toBeInstanceOf(Error);
    expect(await rowsOf()).toEqual(before);
    expect(await ledger()).toEqual({ erased_accounts: 0, expired_events: 0 });
    await expire();
    expect(await isErased()).toBe(true);
  });

  test('waits for the next run while an administrator restores it', async () => {
    await remove();
    await age('30 days');
    await db.sql.begin(async (tx) => {
      await tx`SELECT FROM users WHERE id = ${user.userId} FOR UPDATE`;
      await expire();
    });
    expect(await isErased()).toBe(false);
    await expire();
    expect(await isErased()).toBe(true);
  });

  test('keeps everything if it is restored before', async () => {
    const before = await rowsOf();
    await remove();
    await age('29 days 23 hours');
    expect((await restore()).status).toBe(200);
    await expire();
    const after = await rowsOf();
    expect(after.users).toEqual(before.users);
    const ended = { sessions: [], events: [], apiKeys: [] };
    expect({ ...after, ...ended }).toEqual({ ...before, ...ended });
    expect(after.events).toEqual(expect.arrayContaining([...before.events]));
    // A second deletion has its own 30 days.
    await remove();
    await expire();
    expect(await isErased()).toBe(false);
  });

  test('cannot be restored or log in after its erasure', async () => {
    await remove();
    await age('30 days');
    await expire();
    expectProblem(await restore(), 409, 'conflict');
    expect((await login(auth, EMAIL)).status).toBe(401);
    const { body } = await administration.ask<{ items: unknown[] }>('GET', '/v1/admin/users?deleted=only', {
      accessToken: root.accessToken,
    });
    expect(body.items).toMatchObject([{ id: user.userId, email: null, isDeleted: true, isErased: true }]);
    await expect(db.sql`UPDATE users SET is_deleted = false WHERE id = ${user.userId}`).rejects.toThrow(
      /users_erased_is_final/,
    );
  });

  test('frees its e-mail address after its erasure', async () => {
    const register = () =>
      auth.ask('POST', '/v1/auth/register', { body: { email: EMAIL, password: PASSWORD } });
    await remove();
    await register();
    expect((await login(auth, EMAIL)).status).toBe(401);
    await age('30 days');
    await expire();
    await register();
    expect((await login(auth, EMAIL)).status).toBe(200);
    const [made] = await db.sql`SELECT id FROM users WHERE email = ${EMAIL}`;
    expect(made?.id).not.toBe(user.userId);
  });
});

test('deletes security events after 400 days', async () => {
  for (const days of [399, 400, 401])
    await db.sql`
      INSERT INTO security_events (occurred_at, type) VALUES (now() - ${days}::int * interval '1 day', ${`day-${'x'.repeat(days - 398)}`})`;
  await expire();
  const kept = await db.sql`SELECT type FROM security_events WHERE type LIKE 'day-%' ORDER BY type`;
  expect(kept.map(({ type }) => type)).toEqual(['day-x']);
  expect(await ledger()).toEqual({ erased_accounts: 0, expired_events: 2 });
});

test('deletes API keys 400 days after they ended', async () => {
  await addKey('-399 days');
  await addKey('-401 days');
  await addKey('2 days', '-401 days');
  await addKey('-1 day', '-399 days');
  await expire();
  const kept = await db.sql`SELECT name FROM api_keys WHERE user_id = ${user.userId} ORDER BY name`;
  expect(kept.map(({ name }) => name)).toEqual(['-1 day', '-399 days', '1 day']);
});

test('every run expires personal data once it is planned, and a retry adds nothing', async () => {
  await seedInstruments(db.sql, ['AAPL']);
  await remove();
  await age('30 days');
  const plan = () =>
    planRun({ runId: 'daily-1', input: {} }, pipeline, {
      provider: 'csv',
      now: new Date('2026-03-06T21:30:00Z'),
    });
  await plan();
  await plan();
  expect(await isErased()).toBe(true);
  expect(await ledger('daily-1')).toEqual({ erased_accounts: 1, expired_events: 0 });
});

test('a run continues when the erasure fails, records why, and the next run erases', async () => {
  await seedInstruments(db.sql, ['MSFT']);
  await remove();
  await age('30 days');
  const plan = (runId: string) =>
    planRun({ runId, input: { symbols: ['MSFT'] } }, pipeline, {
      provider: 'csv',
      now: new Date('2026-03-06T21:30:00Z'),
    });
  const error = async (runId: string) =>
    (await db.sql`SELECT expiry_error FROM pipeline_runs WHERE id = ${runId}`)[0]?.expiry_error;
  await db.sql`ALTER TABLE users ADD CONSTRAINT kept CHECK (NOT is_erased) NOT VALID`;
  try {
    expect((await plan('daily-1')).instruments).toBe(1);
    expect(await error('daily-1')).toContain('violates check constraint "kept"');
    expect(await isErased()).toBe(false);
    expect(await readVitals(pipeline, new Date())).toMatchObject({ erasureFailed: 1 });
  } finally {
    await db.sql`ALTER TABLE users DROP CONSTRAINT kept`;
  }
  await plan('daily-2');
  expect(await isErased()).toBe(true);
  expect(await error('daily-2')).toBeNull();
  expect(await readVitals(pipeline, new Date())).toMatchObject({ erasureFailed: 0 });
});

test('a run that loses the database in the erasure fails, so that it is retried', async () => {
  const lost = Object.assign(new Error('terminating connection'), { code: '57P01' });
  const failing = (async () => {
    throw lost;
  }) as unknown as Sql;
  await expect(expirePersonalData(failing, RUN)).rejects.toThrow(DatabaseUnreachableError);
});
