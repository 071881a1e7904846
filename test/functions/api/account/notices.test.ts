import { beforeEach, describe, expect, test } from 'vitest';
import type { SecurityEventType } from '../../../../functions/api/core/security-events.ts';
import { type Answer, anotherSession, expectProblem, type TestUser } from '../api-client.ts';
import { accountClient } from '../auth/second-factor-support.ts';
import { authClient, login, userWithPassword } from '../auth/support.ts';
import { useApi } from '../use-api.ts';

interface Item {
  id: string;
  occurredAt: string;
  type: SecurityEventType;
  networkAddress: string | null;
  userAgent: string | null;
  isByAdministrator: boolean;
  detail: Record<string, unknown>;
}
interface Page {
  items: Item[];
  nextCursor: string | null;
}

const db = useApi();
const auth = authClient();
const client = accountClient();
let user: TestUser;
beforeEach(async () => {
  await db.sql`TRUNCATE login_attempts`;
  user = await userWithPassword(db);
});

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0';
const FIREFOX_NEXT = FIREFOX.replaceAll('131', '132');
const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari';

const logIn = (address: string, agent = FIREFOX): Promise<Answer<{ accessToken: string }>> =>
  login(auth, user.email, { address, headers: { 'user-agent': agent } }) as never;
const notices = async ({ accessToken }: { accessToken: string } = user) =>
  (await client.ask<{ notices: Item[] }>('GET', '/v1/me', { accessToken })).body.notices;
const seen = (until: string) =>
  client.ask('POST', '/v1/me/notices/seen', { accessToken: user.accessToken, body: { until } });
const list = (query = '', { accessToken }: { accessToken: string } = user) =>
  client.ask<Page>('GET', `/v1/me/security-events${query}`, { accessToken });

/** Stores an event of the user, some minutes ago. */
async function store(type: SecurityEventType, minutes: number, actorId: string | null = null): Promise<void> {
  await db.sql`
    INSERT INTO security_events (occurred_at, type, user_id, actor_id, network_address, user_agent)
    VALUES (now() - ${minutes}::int * interval '1 minute', ${type}, ${user.userId}, ${actorId}, '192.0.2.9', 'agent')`;
}

describe('a login', () => {
  test('is no notice from a known address with a known browser, even a newer version', async () => {
    await logIn('192.0.2.1');
    await logIn('192.0.2.1', FIREFOX_NEXT);
    expect(await notices()).toEqual([]);
  });

  test.each([
    ['a new address', '192.0.2.2', FIREFOX, [true, false]],
    ['a new browser', '192.0.2.1', CHROME, [false, true]],
    ['a new network of IPv6', '2001:db8:1:2::1', FIREFOX, [true, false]],
  ])('is a notice from %s, but not in the session that it began', async (_what, address, agent, isNew) => {
    await logIn('192.0.2.1');
    const { body } = await logIn(address, agent);
    expect(await notices()).toMatchObject([{ type: 'login', userAgent: agent }]);
    const [shown] = await notices();
    expect([shown?.detail.isNewAddress, shown?.detail.isNewBrowser]).toEqual(isNew);
    expect(await notices(body)).toEqual([]);
  });

  test.each([
    ['a user agent of 300 characters', `${FIREFOX} ${'Extension/1.0 '.repeat(16)}`],
    ['no user agent', ''],
  ])('is no notice from a known program with %s', async (_what, agent) => {
    await logIn('192.0.2.1', agent);
    await logIn('192.0.2.1', agent);
    expect(await notices()).toEqual([]);
  });

  test('is no notice if it is the first one', async () => {
    await logIn('192.0.2.77', CHROME);
    expect(await notices()).toEqual([]);
  });
});

describe('notices', () => {
  test('are the five newest changes of the account', async () => {
    const types = [
      'password-changed',
      'second-factor-enabled',
      'refresh-token-reused',
      'admin-revoked',
    ] as const;
    await db.sql`UPDATE users SET created_at = now() - interval '1 day' WHERE id = ${user.userId}`;
    for (const [i, type] of types.entries()) await store(type, 50 - i);
    for (const type of ['logout', 'confirmed', 'login-refused', 'data-exported'] as const)
      await store(type, 1);
    expect((await notices()).map(({ type }) => type)).toEqual(types.toReversed());
    for (const type of ['recovery-code-used', 'recovery-codes-renewed', 'password-reset'] as const)
      await store(type, 2);
    const shown = await notices();
    expect(shown).toHaveLength(5);
    expect(shown.slice(3).map(({ type }) => type)).toEqual(['admin-revoked', 'refresh-token-reused']);
  });

  test('are those of the user alone', async () => {
    const other = await userWithPassword(db);
    await store('password-changed', 0);
    expect(await notices(other)).toEqual([]);
    expect(await notices(await anotherSession(db, user.userId))).toHaveLength(1);
  });

  test('end with those that the user has seen', async () => {
    await db.sql`UPDATE users SET created_at = now() - interval '1 day' WHERE id = ${user.userId}`;
    await store('password-changed', 3);
    await store('admin-granted', 2);
    const [newer, older] = await notices();
    expect((await seen(older?.occurredAt ?? '')).status).toBe(204);
    expect(await notices()).toEqual([newer]);
    expect((await seen(newer?.occurredAt ?? '')).status).toBe(204);
    expect(await notices()).toEqual([]);
    await seen(older?.occurredAt ?? '');
    expect(await notices()).toEqual([]);
  });

  test('that lie in the future cannot be marked as seen', async () => {
    expect((await seen('9999-12-31T23:59:59Z')).status).toBe(204);
    await store('password-changed', -1);
    expect(await notices()).toHaveLength(1);
  });

  test.each(['yesterday', '2026-13-01T00:00:00Z', '2026-03-02', 17])(
    'cannot be seen until %s',
    async (until) => {
      expectProblem(await seen(until as string), 400, 'invalid-request');
    },
  );

  test('accept a time in a year that Postgres lacks', async () => {
    expect((await seen('0000-01-01T00:00:00Z')).status).toBe(204);
  });
});

describe('GET /v1/me/security-events', () => {
  test("lists the user's own events, newest first, by type and by page", async () => {
    for (let minutes = 1; minutes <= 5; minutes += 1) await store('login', minutes);
    await store('logout', 0);
    const all = (await list()).body.items;
    expect(all.map(({ type }) => type)).toEqual(['logout', ...Array(5).fill('login')]);
    const first = await list('?type=login&limit=3');
    const rest = await list(`?type=login&limit=3&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...rest.body.items]).toEqual(all.slice(1));
    expect(rest.body.nextCursor).toBeNull();
    expect((await list('', await userWithPassword(db))).body.items).toEqual([]);
  });

  test('hides the address and the browser of the administrator who made a change', async () => {
    const { userId } = await userWithPassword(db, { isAdmin: true });
    await store('admin-granted', 0, userId);
    const { items } = (await list()).body;
    expect(items).toMatchObject([{ networkAddress: null, userAgent: null, isByAdministrator: true }]);
    expect(JSON.stringify(items)).not.toContain(userId);
  });

  test('refuses a cursor of another user', async () => {
    for (let minutes = 1; minutes <= 3; minutes += 1) await store('login', minutes);
    const { nextCursor } = (await list('?limit=1')).body;
    const other = await userWithPassword(db);
    expectProblem((await list(`?limit=1&cursor=${nextCursor}`, other)) as never, 400, 'invalid-cursor');
  });

  test('is part of the export', async () => {
    await store('login', 1);
    const { body } = await client.ask<{ securityEvents: Item[] }>('GET', '/v1/me/export', {
      accessToken: user.accessToken,
    });
    expect(body.securityEvents.map(({ type }) => type)).toEqual(['data-exported', 'login']);
  });
});
