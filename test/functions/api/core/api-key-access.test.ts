import { describe, expect, test, vi } from 'vitest';
import { makeApiKey } from '../../../../functions/api/core/api-key.ts';
import { REQUESTS_PER_MINUTE } from '../../../../functions/api/core/request-rate.ts';
import { as, client, db, user } from '../access-support.ts';
import { type Answer, apiKeyOf, expectProblem, signedInUser, type TestUser } from '../api-client.ts';

/** Makes an API key, and returns it as a caller. */
async function keyOf(who: Pick<TestUser, 'userId'>, options?: Parameters<typeof apiKeyOf>[2]) {
  const { id, key } = await apiKeyOf(db, who, options);
  return { id, accessToken: key };
}

function expectRefused(answer: Answer, reason: string): void {
  expect(expectProblem(answer, 401, 'api-key-refused').reason).toBe(reason);
  expect(answer.headers['www-authenticate']).toBe('Bearer realm="boursomatic", error="invalid_token"');
}

const events = () => db.sql`SELECT type, user_id FROM security_events`;
const lastUse = async (id: string) =>
  (await db.sql<{ last_used_at: Date | null }[]>`SELECT last_used_at FROM api_keys WHERE id = ${id}`)[0]
    ?.last_used_at;

describe('an API key', () => {
  test('reads as its user, whose answers no cache shares', async () => {
    const { status, body, headers } = await as(await keyOf(user), 'reader');
    expect(status).toBe(200);
    expect(body).toEqual({ userId: user.userId, preferredProfile: 'moderate', hasConsented: false });
    expect(headers.vary).toBe('authorization');
  });

  test('needs the consent of its user', async () => {
    const key = await keyOf(user);
    expectProblem(await as(key, 'consented'), 403, 'consent-required');
    const consented = await signedInUser(db, { consented: true });
    const theirs = await keyOf(consented);
    expect((await as(theirs, 'consented')).body).toMatchObject({ userId: consented.userId });
    await db.sql`UPDATE risk_consents SET withdrawn_at = now() + interval '1 second' WHERE user_id = ${consented.userId}`;
    expectProblem(await as(theirs, 'consented'), 403, 'consent-required');
  });

  test('changes the watchlist only if it may', async () => {
    const { body } = await as(await keyOf(user, { mayFollow: true }), 'follower');
    expect(body).toEqual({ userId: user.userId, preferredProfile: 'moderate', hasConsented: false });
    const refused = await as(await keyOf(user), 'follower');
    expect(expectProblem(refused, 403, 'not-allowed').detail).toContain('This API key only reads.');
    expect(refused.headers['www-authenticate']).toContain('error="insufficient_scope"');
    expectRefused(await as({ accessToken: makeApiKey() }, 'follower'), 'unknown');
    expect((await as(user, 'follower')).status).toBe(200);
  });

  test.each(['user', 'admin'])(
    'has no access of the kind %s, even if an administrator made it',
    async (access) => {
      const admin = await signedInUser(db, { isAdmin: true, consented: true });
      for (const key of [
        await keyOf(admin, { mayFollow: true }),
        { accessToken: makeApiKey() },
        { accessToken: 'bmk_x' },
      ]) {
        const answer = await as(key, access);
        expectProblem(answer, 403, 'not-allowed');
        expect(answer.headers['www-authenticate']).toBe(
          'Bearer realm="boursomatic", error="insufficient_scope"',
        );
      }
    },
  );

  test('is read from the header Authorization only', async () => {
    const { accessToken: key } = await keyOf(user);
    for (const name of ['access_token', 'api_key', 'key'])
      expectProblem(await client.ask('GET', `/v1/reader?${name}=${key}`), 401, 'not-signed-in');
    const headers = { 'x-api-key': key, cookie: `key=${key}` };
    expectProblem(await client.ask('GET', '/v1/reader', { headers }), 401, 'not-signed-in');
    const basic = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
    expectProblem(
      await client.ask('GET', '/v1/reader', { headers: { authorization: basic } }),
      401,
      'not-signed-in',
    );
  });

  test('is refused from the next request on after it was revoked', async () => {
    const key = await keyOf(user);
    expect((await as(key, 'reader')).status).toBe(200);
    await db.sql`UPDATE api_keys SET revoked_at = now() WHERE id = ${key.id}`;
    expectRefused(await as(key, 'reader'), 'revoked');
  });

  test('expires in real time', async () => {
    const key = await keyOf(user, { expiresInDays: 1 });
    const day = 24 * 60 * 60 * 1000;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + day - 10_000 });
    expect((await as(key, 'reader')).status).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 20_000 });
    expectRefused(await as(key, 'reader'), 'expired');
  });

  test('of a deleted user is refused, even if the user is restored', async () => {
    const key = await keyOf(user);
    await db.sql`UPDATE users SET is_deleted = true WHERE id = ${user.userId}`;
    expectRefused(await as(key, 'reader'), 'revoked');
    await db.sql`UPDATE users SET is_deleted = false WHERE id = ${user.userId}`;
    expectRefused(await as(key, 'reader'), 'revoked');
  });

  test('that is revoked, expired or mistyped is no security event, and an unknown one is', async () => {
    const [revoked, expired] = [await keyOf(user), await keyOf(user)];
    await db.sql`UPDATE api_keys SET revoked_at = now() WHERE id = ${revoked.id}`;
    await db.sql`
      UPDATE api_keys SET created_at = now() - interval '2 days', expires_at = now() - interval '1 day'
      WHERE id = ${expired.id}`;
    await db.sql`DELETE FROM security_events`;
    expectRefused(await as(revoked, 'reader'), 'revoked');
    expectRefused(await as(expired, 'reader'), 'expired');
    expectRefused(await as({ accessToken: revoked.accessToken.slice(0, -1) }, 'reader'), 'malformed');
    expectRefused(await as({ accessToken: 'bmk_' }, 'reader'), 'malformed');
    expect(await events()).toEqual([]);
    expectRefused(await as({ accessToken: makeApiKey() }, 'reader'), 'unknown');
    expect(await events()).toEqual([{ type: 'token-refused', user_id: null }]);
  });

  test('is refused beyond its requests of a minute, and other keys are not', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Math.ceil(Date.now() / 60_000) * 60_000 });
    const [key, other] = [await keyOf(user), await keyOf(user)];
    for (let count = 0; count < REQUESTS_PER_MINUTE; count++)
      expect((await as(key, 'reader')).status).toBe(200);
    const refused = await as(key, 'reader');
    expectProblem(refused, 429, 'too-many-requests');
    expect(refused.headers['retry-after']).toBe('60');
    expect((await as(other, 'reader')).status).toBe(200);
    expect((await as(user, 'reader')).status).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    expect((await as(key, 'reader')).status).toBe(200);
  });
});

describe('the last use of an API key', () => {
  test('is stored at most once a minute', async () => {
    const key = await keyOf(user);
    expect(await lastUse(key.id)).toBeNull();
    const start = Date.now();
    const useAfter = async (seconds: number) => {
      vi.useFakeTimers({ toFake: ['Date'], now: start + seconds * 1000 });
      await as(key, 'reader');
      return ((await lastUse(key.id))?.getTime() ?? 0) - start;
    };
    expect(await useAfter(0)).toBe(0);
    expect(await useAfter(59)).toBe(0);
    expect(await useAfter(61)).toBe(61_000);
  });

  test('is stored once by requests at the same time', async () => {
    await db.sql`CREATE TABLE stored_uses (id uuid)`;
    await db.sql`
      CREATE FUNCTION store_use() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN INSERT INTO public.stored_uses VALUES (NEW.id); RETURN NULL; END $$`;
    await db.sql`
      CREATE TRIGGER uses_stored AFTER UPDATE ON api_keys FOR EACH ROW EXECUTE FUNCTION store_use()`;
    const key = await keyOf(user);
    const answers = await Promise.all(Array.from({ length: 20 }, () => as(key, 'reader')));
    for (const { status } of answers) expect(status).toBe(200);
    expect(await db.sql`SELECT id FROM stored_uses`).toEqual([{ id: key.id }]);
    await db.sql`DROP TRIGGER uses_stored ON api_keys`;
  });

  test('is not stored for a refused request', async () => {
    const key = await keyOf(user);
    await db.sql`UPDATE api_keys SET revoked_at = now() WHERE id = ${key.id}`;
    await as(key, 'reader');
    expect(await lastUse(key.id)).toBeNull();
  });

  test('that cannot be stored keeps nobody from reading', async () => {
    const key = await keyOf(user);
    await db.sql`REVOKE UPDATE (last_used_at) ON api_keys FROM boursomatic_api`;
    try {
      expect((await as(key, 'reader')).status).toBe(200);
      expect(await lastUse(key.id)).toBeNull();
    } finally {
      await db.sql`GRANT UPDATE (last_used_at) ON api_keys TO boursomatic_api`;
    }
  });
});
