import { beforeAll, beforeEach, expect, test } from 'vitest';
import { endpoints } from '../../../../functions/api/admin/endpoints.ts';
import { groupHandler } from '../../../../functions/api/core/group-handler.ts';
import { servicesOnce } from '../../../../functions/api/services.ts';
import { ApiClient, expectProblem, signedInUser, type TestUser } from '../api-client.ts';
import { useApi } from '../use-api.ts';
import { everyPage } from './support.ts';

const db = useApi();
const client = new ApiClient(groupHandler('admin', endpoints, servicesOnce()), endpoints);
let root: TestUser;
let user: TestUser;
beforeAll(async () => {
  root = await signedInUser(db, { isAdmin: true, email: 'root@example.com' });
  user = await signedInUser(db, { email: 'ada@example.com' });
});
beforeEach(async () => {
  await db.sql`DELETE FROM security_events`;
});

interface Item {
  type: string;
  userEmail: string | null;
  actorEmail: string | null;
}
const list = (query = '') =>
  client.ask<{ items: Item[]; nextCursor: string | null }>('GET', `/v1/admin/security-events${query}`, {
    accessToken: root.accessToken,
  });
const types = async (query = '') => (await list(query)).body.items.map(({ type }) => type);

async function store(type: string, at: string, { by = false, anonymous = false } = {}): Promise<void> {
  await db.sql`
    INSERT INTO security_events (occurred_at, type, user_id, actor_id, network_address, user_agent, request_id)
    VALUES (${at}, ${type}, ${anonymous ? null : user.userId}, ${by ? root.userId : null}, '192.0.2.9', 'agent', 'r')`;
}

test('lists each event with its user, type and origin', async () => {
  await store('admin-granted', '2026-03-02T08:00:00Z', { by: true });
  expect((await list()).body.items).toEqual([
    {
      id: expect.any(String),
      occurredAt: '2026-03-02T08:00:00.000Z',
      type: 'admin-granted',
      userId: user.userId,
      userEmail: 'ada@example.com',
      actorId: root.userId,
      actorEmail: 'root@example.com',
      networkAddress: '192.0.2.9',
      userAgent: 'agent',
      requestId: 'r',
      detail: {},
    },
  ]);
});

test('filters by type, user and day', async () => {
  await store('login', '2026-03-01T23:59:59.999Z');
  await store('logout', '2026-03-02T00:00:00Z');
  await store('login-refused', '2026-03-02T23:59:59.999Z', { anonymous: true });
  await store('user-deleted', '2026-03-03T00:00:00Z', { by: true });
  expect(await types()).toEqual(['user-deleted', 'login-refused', 'logout', 'login']);
  expect(await types('?type=login')).toEqual(['login']);
  expect(await types(`?userId=${user.userId}`)).toEqual(['user-deleted', 'logout', 'login']);
  expect(await types(`?userId=${root.userId}`)).toEqual(['user-deleted']);
  expect(await types('?from=2026-03-02')).toEqual(['user-deleted', 'login-refused', 'logout']);
  expect(await types('?to=2026-03-02')).toEqual(['login-refused', 'logout', 'login']);
  expect(await types('?from=2026-03-02&to=2026-03-02')).toEqual(['login-refused', 'logout']);
});

test.each(['?from=2026-03-03&to=2026-03-02', '?type=nonsense', '?userId=1', '?from=yesterday'])(
  'refuses the filter %s',
  async (query) => {
    expectProblem((await list(query)) as never, 400, 'invalid-request');
  },
);

test('pages through events of one millisecond, while new ones arrive', async () => {
  for (let i = 0; i < 7; i++) await store('login', '2026-03-02T08:00:00Z');
  const { items, sizes } = await everyPage(async (cursor) => {
    const { body } = await list(`?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
    await store('logout', '2026-03-02T09:00:00Z');
    return body;
  });
  expect(sizes).toEqual([3, 3, 1]);
  expect(new Set(items.map(({ type }) => type))).toEqual(new Set(['login']));
  const { nextCursor } = (await list('?limit=1')).body;
  expectProblem((await list(`?limit=1&type=login&cursor=${nextCursor}`)) as never, 400, 'invalid-cursor');
});
