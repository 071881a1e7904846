import { beforeAll, beforeEach, expect, test } from 'vitest';
import {
  HOURLY_LIMIT_OF_REFUSALS,
  HOURLY_LIMIT_PER_PLACE,
  type Origin,
  recordSecurityEvent,
  type SecurityEvent,
} from '../../../../functions/api/core/security-events.ts';
import { wallClock } from '../../../../functions/shared/clock.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { signedInUser } from '../api-client.ts';

const db = useTestDatabase();
let userId: string;
beforeEach(async () => {
  await db.sql`DELETE FROM security_events`;
  ({ userId } = await signedInUser(db));
});

const origin = (address: string): Origin => ({ address, userAgent: 'test/1', requestId: 'request-1' });
const login = (more: Partial<SecurityEvent> = {}): SecurityEvent => ({
  type: 'login',
  userId,
  origin: origin('192.0.2.1'),
  ...more,
});
const rows = () => db.sql`SELECT * FROM security_events ORDER BY occurred_at, id`;
let api: Sql;
beforeAll(() => {
  api = db.client('api');
});
const record = (event: SecurityEvent) => recordSecurityEvent(api, event);

/** Fills the last minutes with events, without the limits. */
async function fill(event: SecurityEvent, count: number, addressOf = (_: number) => '192.0.2.1') {
  for (let i = 0; i < count; i++) {
    await db.sql`
      INSERT INTO security_events (occurred_at, type, user_id, network_address)
      VALUES (${new Date(wallClock().getTime() - i)}, ${event.type}, ${event.userId}, ${addressOf(i)}::text::inet)`;
  }
}

test('stores the user, the type and the origin', async () => {
  const { userId: actorId } = await signedInUser(db);
  await record(login({ type: 'admin-granted', actorId, detail: { sessionId: 'one' } }));
  expect(await rows()).toMatchObject([
    {
      type: 'admin-granted',
      user_id: userId,
      actor_id: actorId,
      network_address: '192.0.2.1',
      user_agent: 'test/1',
      request_id: 'request-1',
      detail: { sessionId: 'one' },
    },
  ]);
});

test.each([
  ['2001:db8:1:2::/64', '2001:db8:1:2::/64'],
  ['0:0:0:0::/64', '::/64'],
  ['not an address', null],
])('stores the address %s as %s', async (address, stored) => {
  await record(login({ origin: origin(address) }));
  expect(await rows()).toMatchObject([{ network_address: stored }]);
});

test('stores an event without a request and without a user', async () => {
  await record({ type: 'login-refused', userId: null, origin: null });
  expect(await rows()).toMatchObject([
    { user_id: null, network_address: null, user_agent: null, request_id: null, detail: {} },
  ]);
});

test('cuts a long user agent, and stores none for an empty one', async () => {
  await record(login({ origin: { ...origin('192.0.2.1'), userAgent: 'x'.repeat(1000) } }));
  await record(login({ origin: { ...origin('192.0.2.1'), userAgent: '' } }));
  expect((await rows()).map(({ user_agent }) => user_agent?.length ?? null)).toEqual([200, null]);
});

test('stores a hundred events of one type about one user from one address in an hour', async () => {
  await fill(login(), HOURLY_LIMIT_PER_PLACE - 1);
  await record(login());
  await record(login());
  expect(await rows()).toHaveLength(HOURLY_LIMIT_PER_PLACE);
  // Another place, another type and another hour are not affected.
  await record(login({ origin: origin('192.0.2.2') }));
  await record(login({ type: 'logout' }));
  await db.sql`UPDATE security_events SET occurred_at = occurred_at - interval '1 hour'`;
  await record(login());
  expect(await rows()).toHaveLength(HOURLY_LIMIT_PER_PLACE + 3);
});

test('stores a thousand refused logins in an hour, from whatever number of addresses', async () => {
  const refused = login({ type: 'login-refused', userId: null });
  await fill(refused, HOURLY_LIMIT_OF_REFUSALS - 1, (i) => `198.51.${i >> 8}.${i & 255}`);
  await record({ ...refused, origin: origin('192.0.2.1') });
  await record({ ...refused, origin: origin('192.0.2.2') });
  await record({ ...refused, userId, origin: origin('192.0.2.3') });
  expect(await rows()).toHaveLength(HOURLY_LIMIT_OF_REFUSALS);
  await record(login());
  expect(await rows()).toHaveLength(HOURLY_LIMIT_OF_REFUSALS + 1);
});
