import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Outbox, settle } from '../../../../../functions/alerts/outbox.ts';
import { MOST_CHANNELS } from '../../../../../functions/api/account/alerts/channel-store.ts';
import { MOST_RULES } from '../../../../../functions/api/account/alerts/rule-store.ts';
import { MOST_CONFIRMATIONS, MOST_TESTS } from '../../../../../functions/api/account/alerts/test-messages.ts';
import { endpoints } from '../../../../../functions/api/account/endpoints.ts';
import { endpoints as adminEndpoints } from '../../../../../functions/api/admin/endpoints.ts';
import { groupHandler } from '../../../../../functions/api/core/group-handler.ts';
import { servicesOnce } from '../../../../../functions/api/services.ts';
import { ENV } from '../../../../../functions/shared/constants.ts';
import { claimed, outboxOf, seedChannel, seedTestMessage } from '../../../alerts/alerts-support.ts';
import {
  ApiClient,
  expectProblem,
  type RequestOptions,
  signedInUser,
  type TestUser,
} from '../../api-client.ts';
import { useApi } from '../../use-api.ts';

const db = useApi(() => ({ [ENV.alertsFrom]: 'alerts@example.com' }));
const account = new ApiClient(groupHandler('account', endpoints, servicesOnce()), endpoints);
const admins = new ApiClient(groupHandler('admin', adminEndpoints, servicesOnce()), adminEndpoints);

let outbox: Outbox;
let user: TestUser;
beforeAll(() => {
  outbox = outboxOf(db);
});
beforeEach(async () => {
  await db.sql`TRUNCATE users, alert_confirmations CASCADE`;
  user = await signedInUser(db, { consented: true });
});

// biome-ignore lint/suspicious/noExplicitAny: the client checks each answer against its schema
type Body = any;
const ask = (method: string, path: string, options: RequestOptions = {}) =>
  account.ask<Body>(method, path, { accessToken: user.accessToken, ...options });
const CHANNELS = '/v1/me/alerts/channels';
const RULES = '/v1/me/alerts/rules';
const SETTINGS = '/v1/me/alerts/settings';
const MESSAGES = '/v1/me/alerts/messages';
const UNSUBSCRIBE = '/v1/alerts/unsubscribe';
const WEBHOOK = { kind: 'webhook', config: { url: 'https://hooks.example.com/secret-path' } };
const EMAIL = { kind: 'email', config: { address: 'ada@example.com' } };
const add = async (body: unknown = WEBHOOK) => (await ask('POST', CHANNELS, { body })).body;
const channel = async (id: string) =>
  (await ask('GET', CHANNELS)).body.items.find((one: { id: string }) => one.id === id);
const soon = () => new Date(Date.now() + 1000);
/** Delivers every message that is due, and returns what they say. */
async function deliver(result: Parameters<typeof settle>[2] = { status: 'sent' }) {
  const deliveries = await claimed(outbox, soon());
  for (const { id } of deliveries) await settle(outbox.sql, id, result, soon());
  return deliveries;
}

describe('a channel', () => {
  test('is working once its test message arrived, and its secret is shown once', async () => {
    const { secret, ...added } = await add();
    expect(secret).toMatch(/^whsec_/);
    expect(added).toMatchObject({ kind: 'webhook', name: 'Webhook', state: 'unverified', reason: null });
    expect(await channel(added.id)).toEqual(added);
    const [delivery] = await deliver();
    expect(delivery).toMatchObject({
      channel: { config: { url: WEBHOOK.config.url, secret } },
      facts: { kind: 'test', confirmationCode: null },
    });
    expect(await channel(added.id)).toMatchObject({ state: 'working', verifiedAt: expect.any(String) });
    const answers = [await ask('GET', CHANNELS), await ask('GET', '/v1/me/export')];
    expect(answers[1]?.body.alertChannels).toEqual(answers[0]?.body.items);
    const shown = JSON.stringify(answers);
    expect(shown).not.toContain('secret-path');
    expect(shown).not.toContain(secret);
  });

  test('is stored encrypted, so that neither a secret nor an address is in the database', async () => {
    await add();
    await add(EMAIL);
    const rows = JSON.stringify(await db.sql`SELECT h::text FROM alert_channels h`);
    for (const text of ['hooks.example.com', 'whsec', 'ada@example.com']) expect(rows).not.toContain(text);
  });

  test('adds the first rule, and only then', async () => {
    await add();
    const [rule] = (await ask('GET', RULES)).body.items;
    expect(rule).toMatchObject({
      kind: 'label',
      scope: 'followed',
      profile: null,
      channelIds: null,
      isOn: true,
    });
    await add();
    expect((await ask('GET', RULES)).body.items).toEqual([rule]);
  });

  test.each([
    ['no kind', { config: {} }, '#/kind'],
    ['an unknown kind', { kind: 'pigeon', config: {} }, '#/kind'],
    ['no configuration', { kind: 'webhook' }, '#/config'],
    ['a configuration of another kind', { kind: 'webhook', config: { topic: 'a' } }, '#/config/url'],
    ['a URL of another scheme', { kind: 'webhook', config: { url: 'file:///etc/passwd' } }, '#/config/url'],
    [
      'a bot token with a line break',
      { kind: 'telegram', config: { botToken: `123456789:${'a'.repeat(35)}\n`, chatId: '1' } },
      '#/config/botToken',
    ],
    ['an address without a domain', { kind: 'email', config: { address: 'ada' } }, '#/config/address'],
    ['a name with a line break', { ...WEBHOOK, name: 'a\nb' }, '#/name'],
  ])('is refused with %s', async (_what, body, pointer) => {
    const { errors } = expectProblem(await ask('POST', CHANNELS, { body }), 400, 'invalid-request');
    expect((errors as { pointer: string }[]).map((error) => error.pointer)).toContain(pointer);
    expect((await ask('GET', CHANNELS)).body.items).toEqual([]);
  });

  test(`is refused beyond ${MOST_CHANNELS}, also for requests at the same time`, async () => {
    const answers = await Promise.all(
      Array.from({ length: MOST_CHANNELS + 2 }, () => ask('POST', CHANNELS, { body: WEBHOOK })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: MOST_CHANNELS }, () => 201),
      409,
      409,
    ]);
  });

  test('can be renamed, switched off without its messages, and on again without a test', async () => {
    const { id } = await add();
    await deliver();
    await seedTestMessage(db, user.userId, id);
    const path = `${CHANNELS}/${id}`;
    const off = await ask('PATCH', path, { body: { name: 'Phone', isOn: false } });
    expect(off.body).toMatchObject({ name: 'Phone', state: 'disabled', reason: expect.any(String) });
    expect((await ask('GET', `${MESSAGES}?state=dropped`)).body.items).toHaveLength(1);
    expectProblem(await ask('POST', `${path}/test`), 409, 'conflict');
    expect((await ask('PATCH', path, { body: { isOn: true } })).body).toMatchObject({ state: 'working' });
    expect(await deliver()).toEqual([]);
  });

  test('that the other side refused proves itself again when it is switched on', async () => {
    const { id } = await add();
    await deliver({ status: 'refused', reason: 'Gone (HTTP 410).', disableChannel: true });
    expect(await channel(id)).toMatchObject({ state: 'disabled', reason: 'Gone (HTTP 410).' });
    const on = await ask('PATCH', `${CHANNELS}/${id}`, { body: { isOn: true } });
    expect(on.body).toMatchObject({ state: 'unverified', reason: null });
    expect(await deliver()).toHaveLength(1);
    expect(await channel(id)).toMatchObject({ state: 'working' });
  });

  test('shows why it fails, until an attempt succeeds', async () => {
    const { id } = await add();
    await deliver({ status: 'retry', reason: 'HTTP 503.' });
    expect(await channel(id)).toMatchObject({ state: 'failing', reason: 'HTTP 503.' });
  });

  test('is removed with its messages, and from rules', async () => {
    const { id } = await add();
    const { body: rule } = await ask('POST', RULES, { body: { kind: 'calls', channelIds: [id] } });
    expect((await ask('DELETE', `${CHANNELS}/${id}`)).status).toBe(204);
    expectProblem(await ask('DELETE', `${CHANNELS}/${id}`), 404, 'not-found');
    expect((await ask('GET', MESSAGES)).body.items).toEqual([]);
    const rules = (await ask('GET', RULES)).body.items;
    expect(rules.find((one: { id: string }) => one.id === rule.id)).toMatchObject({ channelIds: [] });
  });

  test('of another user cannot be read, changed, tested, confirmed or removed', async () => {
    const other = await signedInUser(db);
    const { id } = await seedChannel(db, other.userId);
    const before = await db.sql`SELECT * FROM alert_channels`;
    expect((await ask('GET', CHANNELS)).body.items).toEqual([]);
    for (const [method, suffix, body] of [
      ['PATCH', '', { isOn: false }],
      ['DELETE', ''],
      ['POST', '/test'],
      ['POST', '/confirm', { code: '12345678' }],
    ] as const)
      expectProblem(await ask(method, `${CHANNELS}/${id}${suffix}`, { body }), 404, 'not-found');
    expect(await db.sql`SELECT * FROM alert_channels`).toEqual(before);
  });
});

describe('an e-mail address', () => {
  const confirm = (id: string, code: string) => ask('POST', `${CHANNELS}/${id}/confirm`, { body: { code } });
  const codeOf = async () => (await deliver())[0]?.facts.confirmationCode ?? '';
  const wrong = (code: string) => (code === '00000000' ? '11111111' : '00000000');

  test('is confirmed by the code of its test message, once and for all', async () => {
    const { id } = await add(EMAIL);
    const code = await codeOf();
    expect(code).toMatch(/^[0-9]{8}$/);
    expect(await channel(id)).toMatchObject({ state: 'unverified', target: 'ada@example.com' });
    expect((await confirm(id, code)).body).toMatchObject({ state: 'working' });
    expect((await confirm(id, wrong(code))).status).toBe(200);
    await ask('POST', `${CHANNELS}/${id}/test`);
    expect(await codeOf()).toBe('');
  });

  test('needs a new code after five wrong ones', async () => {
    const { id } = await add(EMAIL);
    const code = await codeOf();
    for (let i = 0; i < 5; i++) expectProblem(await confirm(id, wrong(code)), 401, 'wrong-code');
    expectProblem(await confirm(id, code), 409, 'conflict');
    await ask('POST', `${CHANNELS}/${id}/test`);
    const next = await codeOf();
    expect(next).not.toBe(code);
    expect((await confirm(id, next)).body).toMatchObject({ state: 'working' });
  });

  test('needs a new code after a day', async () => {
    const { id } = await add(EMAIL);
    const code = await codeOf();
    await db.sql`UPDATE alert_channels SET confirmation_expires_at = now()`;
    expectProblem(await confirm(id, code), 409, 'conflict');
    expect(await channel(id)).toMatchObject({ state: 'unverified' });
  });

  test(`gets at most ${MOST_CONFIRMATIONS} messages a day before it is confirmed, from all accounts and in any case`, async () => {
    for (let sent = 0; sent < MOST_CONFIRMATIONS; sent++) {
      user = await signedInUser(db, { email: `${sent}@example.com`, consented: true });
      expect((await ask('POST', CHANNELS, { body: EMAIL })).status).toBe(201);
    }
    user = await signedInUser(db, { email: 'last@example.com', consented: true });
    const sameAddress = { kind: 'email', config: { address: 'ADA@Example.com' } };
    const refused = await ask('POST', CHANNELS, { body: sameAddress });
    expectProblem(refused, 429, 'too-many-requests');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask('GET', CHANNELS)).body.items).toEqual([]);
    expect((await ask('POST', CHANNELS, { body: WEBHOOK })).status).toBe(201);
    await db.sql`UPDATE alert_confirmations SET sent_on = sent_on - 1`;
    expect((await ask('POST', CHANNELS, { body: sameAddress })).status).toBe(201);
  });

  test('that stopped its messages by their link has to be confirmed again', async () => {
    const { id } = await add(EMAIL);
    const [delivery] = await deliver();
    await confirm(id, delivery?.facts.confirmationCode ?? '');
    await account.ask('POST', delivery?.facts.oneClickPath ?? '');
    expect((await ask('PATCH', `${CHANNELS}/${id}`, { body: { isOn: true } })).body).toMatchObject({
      state: 'unverified',
    });
    expect(await codeOf()).toMatch(/^[0-9]{8}$/);
  });
});

describe('test messages', () => {
  test('are one at a time for each channel', async () => {
    const { id } = await add();
    expectProblem(await ask('POST', `${CHANNELS}/${id}/test`), 409, 'conflict');
    await deliver();
    const sent = await ask('POST', `${CHANNELS}/${id}/test`);
    expect(sent).toMatchObject({ status: 202, body: { kind: 'test', state: 'pending', channelId: id } });
    expect((await deliver()).map((one) => one.id)).toEqual([sent.body.id]);
    expect((await ask('GET', `${MESSAGES}?state=sent`)).body.items[0]).toMatchObject({ id: sent.body.id });
  });

  test('count when they are sent again', async () => {
    await add();
    const [delivery] = await deliver({ status: 'refused', reason: 'HTTP 404.', disableChannel: false });
    expect((await ask('POST', `${MESSAGES}/${delivery?.id}/retry`)).status).toBe(202);
    await deliver({ status: 'refused', reason: 'HTTP 404.', disableChannel: false });
    await db.sql`UPDATE alert_settings SET tests = ${MOST_TESTS}`;
    expectProblem(await ask('POST', `${MESSAGES}/${delivery?.id}/retry`), 429, 'too-many-requests');
    expect((await ask('GET', `${MESSAGES}?state=dead`)).body.items).toHaveLength(1);
  });

  test(`are at most ${MOST_TESTS} a day, also of removed channels`, async () => {
    const { id } = await add();
    await db.sql`UPDATE alert_settings SET tests = ${MOST_TESTS}`;
    await ask('DELETE', `${CHANNELS}/${id}`);
    const refused = await ask('POST', CHANNELS, { body: WEBHOOK });
    expectProblem(refused, 429, 'too-many-requests');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await db.sql`UPDATE alert_settings SET tests_on = tests_on - 1`;
    expect((await ask('POST', CHANNELS, { body: WEBHOOK })).status).toBe(201);
  });
});

describe('a rule', () => {
  const make = (body: unknown) => ask('POST', RULES, { body });
  const DIGEST = { kind: 'digest', frequency: 'weekly', time: '07:30', weekday: 5 };

  test('has the defaults of its kind', async () => {
    expect((await make({ kind: 'calls' })).body).toMatchObject({
      scope: 'all',
      profile: null,
      channelIds: null,
    });
    expect((await make({ kind: 'levels' })).body).toMatchObject({
      scope: 'followed',
      isOn: true,
      time: null,
    });
    const digest = await make(DIGEST);
    expect(digest.body).toMatchObject({ ...DIGEST, scope: 'followed' });
    expect((await ask('GET', RULES)).body.items).toHaveLength(3);
  });

  test.each([
    ['a label rule with a time', { kind: 'label', time: '07:30' }, '#/time'],
    ['a digest without a time', { kind: 'digest', frequency: 'daily' }, '#/time'],
    ['a digest without a frequency', { kind: 'digest', time: '07:30' }, '#/frequency'],
    ['a weekly digest without a day', { ...DIGEST, weekday: null }, '#/weekday'],
    ['a daily digest with a day', { ...DIGEST, frequency: 'daily' }, '#/weekday'],
    ['an hour of 24', { ...DIGEST, time: '24:00' }, '#/time'],
    ['a day of 8', { ...DIGEST, weekday: 8 }, '#/weekday'],
    ['an unknown channel', { kind: 'label', channelIds: [randomUUID()] }, '#/channelIds'],
    ['an unknown profile', { kind: 'label', profile: 'reckless' }, '#/profile'],
  ])('is refused for %s', async (_what, body, pointer) => {
    const { errors } = expectProblem(await make(body), 400, 'invalid-request');
    expect(errors).toMatchObject([{ pointer }]);
    expect((await ask('GET', RULES)).body.items).toEqual([]);
  });

  test("cannot name another user's channel", async () => {
    const { id } = await seedChannel(db, (await signedInUser(db)).userId);
    expectProblem(await make({ kind: 'label', channelIds: [id] }), 400, 'invalid-request');
  });

  test('changes in parts, and keeps the rest', async () => {
    const channelId = (await seedChannel(db, user.userId)).id;
    const { body: rule } = await make({ ...DIGEST, channelIds: [channelId] });
    const change = (body: unknown) => ask('PATCH', `${RULES}/${rule.id}`, { body });
    expect((await change({ isOn: false })).body).toEqual({ ...rule, isOn: false });
    expect((await change({ frequency: 'daily' })).body).toMatchObject({ frequency: 'daily', weekday: null });
    expect((await change({ channelIds: null })).body).toMatchObject({ channelIds: null });
    expectProblem(await change({ frequency: 'weekly' }), 400, 'invalid-request');
    expectProblem(await change({ time: null }), 400, 'invalid-request');
    expectProblem(await change({ kind: 'label' }), 400, 'invalid-request');
    expect((await ask('DELETE', `${RULES}/${rule.id}`)).status).toBe(204);
    expectProblem(await change({}), 404, 'not-found');
    expectProblem(await ask('DELETE', `${RULES}/${rule.id}`), 404, 'not-found');
  });

  test(`is refused beyond ${MOST_RULES}`, async () => {
    for (let i = 0; i < MOST_RULES; i++) expect((await make({ kind: 'label' })).status).toBe(201);
    expectProblem(await make({ kind: 'label' }), 409, 'conflict');
  });
});

describe('the settings', () => {
  const change = (body: unknown) => ask('PATCH', SETTINGS, { body });

  test('are UTC without quiet hours until the user changes them, in parts', async () => {
    expect((await ask('GET', SETTINGS)).body).toEqual({ timeZone: 'UTC', quietFrom: null, quietTo: null });
    expect((await change({ timeZone: 'europe/paris' })).body).toMatchObject({ timeZone: 'Europe/Paris' });
    const quiet = { timeZone: 'Europe/Paris', quietFrom: '22:00', quietTo: '07:00' };
    expect((await change({ quietFrom: '22:00', quietTo: '07:00' })).body).toEqual(quiet);
    expect((await ask('GET', SETTINGS)).body).toEqual(quiet);
    expect((await change({ quietFrom: null, quietTo: null })).body).toMatchObject({ quietFrom: null });
  });

  test.each([
    ['an unknown time zone', { timeZone: 'Mars/Olympus' }, '#/timeZone'],
    ['an offset', { timeZone: '+01:00' }, '#/timeZone'],
    ['a beginning without an end', { quietFrom: '22:00' }, '#/quietTo'],
    ['an end without a beginning', { quietTo: '07:00' }, '#/quietFrom'],
    ['equal times', { quietFrom: '07:00', quietTo: '07:00' }, '#/quietTo'],
    ['a time with seconds', { quietFrom: '22:00:00', quietTo: '07:00' }, '#/quietFrom'],
  ])('refuse %s', async (_what, body, pointer) => {
    const { errors } = expectProblem(await change(body), 400, 'invalid-request');
    expect(errors).toMatchObject([{ pointer }]);
  });

  test('name a stored time zone that the database no longer has', async () => {
    await db.sql`INSERT INTO alert_settings (user_id, time_zone) VALUES (${user.userId}, 'Mars/Olympus')`;
    const { errors } = expectProblem(
      await change({ quietFrom: null, quietTo: null }),
      400,
      'invalid-request',
    );
    expect(errors).toEqual([
      {
        pointer: '#/timeZone',
        detail: expect.stringContaining('Mars/Olympus, which the time zone database no longer has'),
      },
    ]);
    expect((await change({ timeZone: 'America/Los_Angeles' })).status).toBe(200);
  });
});

describe('an undelivered message', () => {
  test('is shown with its reason, and sent again with its id', async () => {
    const { id } = await add();
    const [first] = await deliver({ status: 'refused', reason: 'HTTP 400.', disableChannel: false });
    const [message] = (await ask('GET', `${MESSAGES}?state=dead`)).body.items;
    expect(message).toMatchObject({
      id: first?.id,
      channelId: id,
      state: 'dead',
      reason: 'HTTP 400.',
      attempts: 1,
    });
    const retried = await ask('POST', `${MESSAGES}/${message.id}/retry`);
    expect(retried).toMatchObject({ status: 202, body: { state: 'pending', attempts: 0, reason: null } });
    expectProblem(await ask('POST', `${MESSAGES}/${message.id}/retry`), 409, 'conflict');
    expect(await deliver()).toEqual([first]);
  });

  test('is not sent again to a disabled channel, or by another user', async () => {
    const { id } = await add();
    const dead = await seedTestMessage(db, user.userId, id, { state: 'dead' });
    const other = await signedInUser(db);
    const retry = (accessToken: string) => ask('POST', `${MESSAGES}/${dead}/retry`, { accessToken });
    expectProblem(await retry(other.accessToken), 404, 'not-found');
    await ask('PATCH', `${CHANNELS}/${id}`, { body: { isOn: false } });
    expectProblem(await retry(user.accessToken), 409, 'conflict');
  });

  test('is on pages, newest first', async () => {
    const { id } = await seedChannel(db, user.userId);
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.unshift(await seedTestMessage(db, user.userId, id, { state: 'dead' }));
    const first = (await ask('GET', `${MESSAGES}?state=dead&limit=2`)).body;
    const second = (await ask('GET', `${MESSAGES}?state=dead&limit=2&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...second.items].map((one: { id: string }) => one.id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
  });

  test('is shown to administrators without its address', async () => {
    await add(EMAIL);
    await deliver({ status: 'refused', reason: 'The mailbox is unknown.', disableChannel: true });
    const admin = await signedInUser(db, { isAdmin: true });
    const list = await admins.ask<Body>('GET', '/v1/admin/alert-messages', {
      accessToken: admin.accessToken,
    });
    expect(list.body.items).toMatchObject([
      { userId: user.userId, channelKind: 'email', kind: 'test', reason: 'The mailbox is unknown.' },
    ]);
    expect(JSON.stringify(list.body)).not.toContain('ada@example.com');
    expectProblem(
      await admins.ask('GET', '/v1/admin/alert-messages', { accessToken: user.accessToken }),
      403,
      'not-allowed',
    );
  });
});

describe('the link in a message', () => {
  test('stops the channel by one click, and reading it changes nothing', async () => {
    const { id, token } = await seedChannel(db, user.userId);
    const other = await seedChannel(db, user.userId);
    await seedTestMessage(db, user.userId, id);
    const target = `${UNSUBSCRIBE}?token=${token}`;
    const before = await db.sql`SELECT * FROM alert_channels`;
    expect((await account.ask('GET', target)).body).toEqual({ channelKind: 'webhook', isActive: true });
    expect(await db.sql`SELECT * FROM alert_channels`).toEqual(before);
    for (let i = 0; i < 2; i++) expect((await account.ask('POST', target)).status).toBe(204);
    expect((await account.ask('GET', target)).body).toEqual({ channelKind: 'webhook', isActive: false });
    expect(await deliver()).toEqual([]);
    expect(await channel(id)).toMatchObject({ state: 'disabled', reason: expect.stringContaining('link') });
    expect(await channel(other.id)).toMatchObject({ state: 'working' });
  });

  test('works with the form that mail programs send (RFC 8058)', async () => {
    const { id, token } = await seedChannel(db, user.userId);
    const answer = await account.ask('POST', `${UNSUBSCRIBE}?token=${token}`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      rawBody: 'List-Unsubscribe=One-Click',
    });
    expect(answer.status).toBe(204);
    expect(await channel(id)).toMatchObject({ state: 'disabled' });
  });

  test('also binds a channel that its user had switched off: it has to prove itself again', async () => {
    const { id, token } = await seedChannel(db, user.userId);
    await ask('PATCH', `${CHANNELS}/${id}`, { body: { isOn: false } });
    await account.ask('POST', `${UNSUBSCRIBE}?token=${token}`);
    expect((await ask('PATCH', `${CHANNELS}/${id}`, { body: { isOn: true } })).body).toMatchObject({
      state: 'unverified',
    });
  });

  test('tells a guesser nothing', async () => {
    const { id } = await seedChannel(db, user.userId);
    expectProblem(await account.ask('GET', `${UNSUBSCRIBE}?token=guess`), 404, 'not-found');
    expect((await account.ask('POST', `${UNSUBSCRIBE}?token=guess`)).status).toBe(204);
    for (const token of ['', 'a b', 'x'.repeat(101), '%00'])
      expectProblem(await account.ask('POST', `${UNSUBSCRIBE}?token=${token}`), 400, 'invalid-request');
    expect(await channel(id)).toMatchObject({ state: 'working' });
  });
});
