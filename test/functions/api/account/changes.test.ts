import { beforeEach, expect, test } from 'vitest';
import { expectProblem, type TestUser } from '../api-client.ts';
import { accountClient } from '../auth/second-factor-support.ts';
import { userWithPassword } from '../auth/support.ts';
import { useApi } from '../use-api.ts';

const db = useApi();
const client = accountClient();
let user: TestUser;
beforeEach(async () => {
  user = await userWithPassword(db);
});

const seenAt = async () =>
  (
    await client.ask<{ changesSeenAt: string; createdAt: string }>('GET', '/v1/me', {
      accessToken: user.accessToken,
    })
  ).body;
const seen = (until: string) =>
  client.ask('POST', '/v1/me/changes/seen', { accessToken: user.accessToken, body: { until } });

test('changes are seen up to the registration until the user marks some', async () => {
  const me = await seenAt();
  expect(me.changesSeenAt).toBe(me.createdAt);
});

test('marks changes as seen, to the millisecond, and never takes it back', async () => {
  const later = new Date(Date.now() - 1_000).toISOString();
  expect((await seen(later)).status).toBe(204);
  expect((await seenAt()).changesSeenAt).toBe(later);
  await seen('2020-01-01T00:00:00.000Z');
  expect((await seenAt()).changesSeenAt).toBe(later);
});

test('treats the future as now', async () => {
  await seen('2199-01-01T00:00:00.000Z');
  expect(Date.parse((await seenAt()).changesSeenAt)).toBeLessThanOrEqual(Date.now());
});

test('marks them without settings, and keeps the settings', async () => {
  await client.ask('PATCH', '/v1/me/settings', {
    accessToken: user.accessToken,
    body: { preferredProfile: 'aggressive' },
  });
  await seen(new Date().toISOString());
  expect(await db.sql`SELECT preferred_profile FROM user_settings WHERE user_id = ${user.userId}`).toEqual([
    { preferred_profile: 'aggressive' },
  ]);
  await db.sql`DELETE FROM user_settings WHERE user_id = ${user.userId}`;
  const until = new Date().toISOString();
  await seen(until);
  expect((await seenAt()).changesSeenAt).toBe(until);
});

test('refuses what is no instant', async () => {
  expectProblem(await seen('yesterday'), 400, 'invalid-request');
});

test('exports when the changes were seen', async () => {
  const until = new Date(Date.now() - 5_000).toISOString();
  await seen(until);
  const { body } = await client.ask<{ user: { changesSeenAt: string } }>('GET', '/v1/me/export', {
    accessToken: user.accessToken,
  });
  expect(body.user.changesSeenAt).toBe(until);
});
