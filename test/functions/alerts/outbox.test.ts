import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { disableChannel } from '../../../functions/alerts/channel-state.ts';
import { AlertFacts, type SendResult } from '../../../functions/alerts/contracts.ts';
import { deleteOldMessages, enqueueDigests } from '../../../functions/alerts/digests.ts';
import { claimDue, type Outbox, settle } from '../../../functions/alerts/outbox.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../functions/shared/days.ts';
import { DENIED, outcomeOf } from '../../support/database.ts';
import { signedInUser, type TestUser } from '../api/api-client.ts';
import { useApi } from '../api/use-api.ts';
import { CALLED, publishDay } from '../infer/changes-support.ts';
import { seedInstruments, seedModel, seedRun } from '../infer/support.ts';
import {
  claimed,
  follow,
  outboxOf,
  PAGE_URL,
  seedChannel,
  seedRule,
  seedTestMessage,
} from './alerts-support.ts';

const db = useApi();
let pipeline: Sql;
let outbox: Outbox;
beforeAll(() => {
  pipeline = db.client('pipeline');
  outbox = outboxOf(db);
});

let model: string;
let aapl: string;
let msft: string;
let user: TestUser;
let channel: { id: string; token: string };
beforeEach(async () => {
  await db.sql`TRUNCATE recommendations, model_versions, pipeline_runs, instruments, users CASCADE`;
  await db.sql`UPDATE data_origin SET is_sample = true`;
  model = await seedModel(db.sql);
  [aapl = '', msft = ''] = await seedInstruments(db.sql, ['AAPL', 'MSFT']);
  await seedRun(db.sql, 'run-1');
  user = await signedInUser(db, { consented: true });
  channel = await seedChannel(db, user.userId);
  await seedRule(db, user.userId);
  await follow(db, user.userId, aapl);
});

type Calls = Parameters<typeof publishDay>[2];
const publish = (asOf: string, calls: Calls) => publishDay(pipeline, { asOf, model }, calls);
/** Publishes BUY for both stocks, and forgets the messages about these first calls. */
async function begin(): Promise<void> {
  await publish('2026-03-02', { [aapl]: CALLED.BUY, [msft]: CALLED.BUY });
  await db.sql`TRUNCATE alert_messages`;
}
const soon = (ms = 0) => new Date(Date.now() + 1000 + ms);
const messages = () =>
  db.sql<
    { id: string; kind: string; profile: string; changes: number; state: string; reason: string | null }[]
  >`
    SELECT id, kind, profile, cardinality(change_ids) AS changes, state, reason FROM alert_messages ORDER BY id`;
const stateOf = async (id: string) =>
  (await db.sql`SELECT state, reason, attempts, next_attempt_at FROM alert_messages WHERE id = ${id}`)[0];
const channelRow = async () => (await db.sql`SELECT * FROM alert_channels WHERE id = ${channel.id}`)[0];
/** Publishes a change, and claims the message about it. */
async function claimOne() {
  await publish('2026-03-03', { [aapl]: CALLED.SELL, [msft]: CALLED.BUY });
  const [delivery] = await claimed(outbox, soon());
  if (!delivery) throw new Error('no message is due');
  return delivery;
}
const failure = (more: object = {}): SendResult => ({ status: 'retry', reason: 'HTTP 503.', ...more });

describe('Publish', () => {
  beforeEach(begin);

  test('writes one message per channel and profile about the changes that rules want', async () => {
    await seedChannel(db, user.userId, { kind: 'slack' });
    await follow(db, user.userId, msft);
    await publish('2026-03-03', { [aapl]: CALLED.SELL, [msft]: CALLED.HOLD });
    expect(await messages()).toMatchObject([
      { kind: 'changes', profile: 'conservative', changes: 2, state: 'pending' },
      { kind: 'changes', profile: 'conservative', changes: 2, state: 'pending' },
    ]);
    await publish('2026-03-03', { [aapl]: CALLED.SELL, [msft]: CALLED.HOLD });
    expect(await messages()).toHaveLength(2);
  });

  test('writes nothing about stocks that nobody follows', async () => {
    await publish('2026-03-03', { [aapl]: CALLED.BUY, [msft]: CALLED.SELL });
    expect(await messages()).toEqual([]);
  });

  test('writes nothing if its transaction fails', async () => {
    await db.sql`ALTER TABLE alert_messages ADD CONSTRAINT broken CHECK (false) NOT VALID`;
    await expect(publish('2026-03-03', { [aapl]: CALLED.SELL })).rejects.toThrow('broken');
    await db.sql`ALTER TABLE alert_messages DROP CONSTRAINT broken`;
    expect(await messages()).toEqual([]);
    await publish('2026-03-03', { [aapl]: CALLED.SELL });
    expect(await messages()).toHaveLength(1);
  });

  test.each([
    ['a channel that is not verified', () => db.sql`UPDATE alert_channels SET verified_at = NULL`],
    [
      'a disabled channel',
      () => db.sql`UPDATE alert_channels SET disabled_at = now(), disabled_reason = 'x'`,
    ],
    ['a rule that is off', () => db.sql`UPDATE alert_rules SET is_on = false`],
    ['a rule for another profile', () => db.sql`UPDATE alert_rules SET profile = 'aggressive'`],
    ['a rule for levels', () => db.sql`UPDATE alert_rules SET kind = 'levels'`],
    ['a deleted user', () => db.sql`UPDATE users SET is_deleted = true, deleted_at = now()`],
    ['a rule for no channel', () => db.sql`UPDATE alert_rules SET every_channel = false`],
  ])('writes nothing for %s', async (_what, change) => {
    await change();
    // Only a conservative call becomes another one: the place is good enough for the other profiles.
    await publish('2026-03-03', { [aapl]: { place: 0.04 } });
    const wanted = await db.sql`SELECT profile, kind FROM call_changes WHERE as_of = '2026-03-03'`;
    expect(wanted).toEqual([{ profile: 'conservative', kind: 'label' }]);
    expect(await messages()).toEqual([]);
  });

  test('uses the profile that the user prefers', async () => {
    await db.sql`UPDATE user_settings SET preferred_profile = 'moderate'`;
    await publish('2026-03-03', { [aapl]: CALLED.SELL });
    expect(await messages()).toMatchObject([{ profile: 'moderate' }]);
  });

  test('tells each chosen channel once about a change that two rules want', async () => {
    const other = await seedChannel(db, user.userId, { kind: 'slack' });
    await seedRule(db, user.userId, { kind: 'calls', scope: 'all', channels: [other.id] });
    await publish('2026-03-03', { [aapl]: CALLED.SELL, [msft]: CALLED.SELL });
    const rows = await db.sql`SELECT channel_id, cardinality(change_ids) AS changes FROM alert_messages`;
    expect(new Map(rows.map((row) => [row.channel_id, row.changes]))).toEqual(
      new Map([
        [channel.id, 1],
        [other.id, 2],
      ]),
    );
  });

  test('of a rule for calls omits a change to HOLD', async () => {
    await db.sql`UPDATE alert_rules SET kind = 'calls', scope = 'all'`;
    await publish('2026-03-03', { [aapl]: CALLED.HOLD, [msft]: CALLED.SELL });
    expect(await messages()).toMatchObject([{ changes: 1 }]);
  });

  test('reads no users, channels or messages itself', async () => {
    for (const table of [
      'users',
      'watchlist_entries',
      'alert_channels',
      'alert_rules',
      'alert_messages',
      'alert_matches',
    ])
      expect(await outcomeOf(pipeline, `SELECT 1 FROM ${table} LIMIT 1`), table).toBe(DENIED);
    expect(await outcomeOf(db.client('api'), 'SELECT enqueue_alerts(1, 2)')).toBe(DENIED);
  });
});

describe('claimDue', () => {
  beforeEach(begin);

  test('returns what a message says, with the configuration of its channel and its token', async () => {
    await db.sql`
      UPDATE model_versions SET metrics_json = '{"base_rate": {"BUY": 0.31, "SELL": 0.29}}'`;
    const { id, channel: of, facts, userId, createdAt } = await claimOne();
    expect(of).toEqual({ id: channel.id, kind: 'webhook', config: { url: 'https://hooks.example.com/a' } });
    expect(userId).toBe(user.userId);
    expect(Date.parse(createdAt)).toBeLessThan(Date.now() + 1000);
    expect(await messages()).toMatchObject([{ id }]);
    expect(facts).toEqual({
      kind: 'changes',
      profile: 'conservative',
      asOf: '2026-03-03',
      notice: null,
      more: 0,
      confirmationCode: null,
      pageUrl: PAGE_URL,
      unsubscribePath: `/unsubscribe?token=${channel.token}`,
      oneClickPath: `/v1/alerts/unsubscribe?token=${channel.token}`,
      managePath: '/settings#alerts',
      changes: [
        {
          symbol: 'AAPL',
          name: 'AAPL',
          change: 'label',
          from: 'BUY',
          to: 'SELL',
          why: expect.stringMatching(/^Its chance .*[.]$/),
          chance: 0.2,
          baseRate: 0.29,
          record: null,
          close: 100,
          stopLoss: expect.any(Number),
          takeProfit: expect.any(Number),
          currency: null,
          path: expect.stringMatching(/^\/recommendations\/[0-9a-f-]{36}$/),
        },
      ],
    });
    expect(AlertFacts.parse(facts)).toEqual(facts);
  });

  test('states the track record of live calls of this profile and label', async () => {
    const row = (label: string, profile: string, kind = 'live', scored = 10) => db.sql`
      INSERT INTO track_record_days (as_of, horizon_days, model_version_id, profile, label, scored, above_market,
        below_market, return_sum, market_return_pct, stocks, stocks_above_market, stocks_below_market, momentum_stocks,
        momentum_return_sum, open_scored, open_return_sum, open_momentum_stocks, open_momentum_return_sum, hits_known,
        stops_after, targets_after, kind)
      VALUES (now() - ${scored} * interval '1 day', 20, ${model}, ${profile}, ${label}, ${scored}, 3, 6, 1, 1, 10, 3, 6, 0, 0, 0, 0, 0, 0,
        0, '{}', '{}', ${kind})`;
    await Promise.all([
      row('SELL', 'conservative'),
      row('SELL', 'conservative', 'live', 12),
      row('SELL', 'conservative', 'backdated', 14),
      row('SELL', 'moderate'),
      row('BUY', 'conservative'),
    ]);
    const { facts } = await claimOne();
    expect(facts.changes[0]?.record).toEqual({ calls: 22, hits: 12 });
  });

  test('stores no token', async () => {
    await claimOne();
    const [{ facts }] = (await db.sql`SELECT facts::text FROM alert_messages`) as unknown as [
      { facts: string },
    ];
    expect(facts).toContain('AAPL');
    expect(facts).not.toContain(channel.token);
  });

  test('says the same at every attempt, although names and records change', async () => {
    const first = await claimOne();
    await settle(outbox.sql, first.id, failure(), soon());
    await db.sql`UPDATE instruments SET name = 'Renamed'`;
    expect(await claimed(outboxOf(db, 'A new notice.'), soon(10 * MINUTE_MS))).toEqual([first]);
  });

  test('gives a message to one of two processes, and to another after the lease', async () => {
    await publish('2026-03-03', { [aapl]: CALLED.SELL });
    const claims = await Promise.all([claimed(outbox, soon()), claimed(outbox, soon())]);
    expect(claims.map(({ length }) => length).sort()).toEqual([0, 1]);
    expect(await claimed(outbox, soon(119_000))).toEqual([]);
    expect(await claimed(outbox, soon(121_000))).toEqual(claims.flat());
  });

  test('claims at most the limit, oldest first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await seedTestMessage(db, user.userId, channel.id));
    const claim = () => claimDue(outbox, { now: soon(), limit: 2, leaseSeconds: 120 });
    expect(
      [await claim(), await claim(), await claim(), await claim()].map((got) => got.map(({ id }) => id)),
    ).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4), []]);
  });

  test('waits for the end of quiet hours, with test messages excepted', async () => {
    const now = soon();
    const hour = (offset: number) => `${String((now.getUTCHours() + 24 + offset) % 24).padStart(2, '0')}:00`;
    await db.sql`
      INSERT INTO alert_settings (user_id, time_zone, quiet_from, quiet_to)
      VALUES (${user.userId}, 'UTC', ${hour(-1)}::text::time, ${hour(2)}::text::time)`;
    await publish('2026-03-03', { [aapl]: CALLED.SELL });
    const test = await seedTestMessage(db, user.userId, channel.id);
    const [sent, ...others] = await claimed(outbox, now);
    expect([sent?.id, others]).toEqual([test, []]);
    await settle(outbox.sql, test, { status: 'sent' }, now);
    const [waiting] =
      await db.sql`SELECT next_attempt_at, attempts FROM alert_messages WHERE kind = 'changes'`;
    const end = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS + 2 * HOUR_MS);
    expect(waiting).toEqual({ next_attempt_at: end, attempts: 0 });
    expect(await claimed(outbox, end)).toMatchObject([{ facts: { kind: 'changes' } }]);
  });

  test.each([
    ['was deleted', 'dropped', () => db.sql`UPDATE users SET is_deleted = true, deleted_at = now()`],
    ['withdrew the consent', 'dropped', () => db.sql`UPDATE risk_consents SET withdrawn_at = now()`],
    ['stopped following the stock', 'dropped', () => db.sql`DELETE FROM watchlist_entries`],
    ['switched the rule off', 'dropped', () => db.sql`UPDATE alert_rules SET is_on = false`],
    ['deleted the rule', 'dropped', () => db.sql`DELETE FROM alert_rules`],
    [
      'has to confirm the channel again',
      'dropped',
      () => db.sql`UPDATE alert_channels SET verified_at = NULL`,
    ],
  ])(
    'drops the message of a user who %s, before the first attempt and between two',
    async (_what, state, change) => {
      await publish('2026-03-03', { [aapl]: CALLED.SELL });
      await publish('2026-03-04', { [aapl]: CALLED.HOLD });
      const [first] = await claimDue(outbox, { now: soon(), limit: 1, leaseSeconds: 1 });
      expect(first).toBeDefined();
      await change();
      expect(await claimed(outbox, soon(MINUTE_MS))).toEqual([]);
      expect(await messages()).toMatchObject([
        { state, reason: expect.stringMatching(/[.]$/) },
        { state, reason: expect.any(String) },
      ]);
    },
  );

  test('keeps the changes of stocks that the user still follows', async () => {
    await follow(db, user.userId, msft);
    await publish('2026-03-03', { [aapl]: CALLED.SELL, [msft]: CALLED.HOLD });
    await db.sql`DELETE FROM watchlist_entries WHERE instrument_id = ${aapl}`;
    const [delivery] = await claimed(outbox, soon());
    expect(delivery?.facts.changes.map(({ symbol }) => symbol)).toEqual(['MSFT']);
  });

  test('gives up a message that is older than two days', async () => {
    await publish('2026-03-03', { [aapl]: CALLED.SELL });
    expect(await claimed(outbox, soon(2 * DAY_MS))).toEqual([]);
    expect(await messages()).toMatchObject([{ state: 'dead', reason: expect.stringContaining('two days') }]);
  });

  test('disables a channel that can no longer be decrypted', async () => {
    await publish('2026-03-03', { [aapl]: CALLED.SELL });
    const other = await signedInUser(db);
    const stolen = await seedChannel(db, other.userId);
    await db.sql`
      UPDATE alert_channels SET encrypted_config =
        (SELECT encrypted_config FROM alert_channels WHERE id = ${stolen.id}) WHERE id = ${channel.id}`;
    expect(await claimed(outbox, soon())).toEqual([]);
    expect(await messages()).toMatchObject([{ state: 'dead' }]);
    expect(await channelRow()).toMatchObject({
      disabled_reason: expect.stringContaining('Add the channel again'),
    });
  });
});

test('a fault in the message of one user does not stop those of others', async () => {
  const other = await signedInUser(db, { email: 'other@example.com', consented: true });
  const broken = await seedTestMessage(db, other.userId, (await seedChannel(db, other.userId)).id);
  const sound = await seedTestMessage(db, user.userId, channel.id);
  const decrypt: Outbox['cipher']['decrypt'] = (text, owner) => {
    if (owner === other.userId) throw new RangeError('unexpected');
    return outbox.cipher.decrypt(text, owner);
  };
  const faulty = { ...outbox, cipher: { encrypt: outbox.cipher.encrypt, decrypt } };
  expect((await claimed(faulty, soon())).map(({ id }) => id)).toEqual([sound]);
  expect(await stateOf(broken)).toMatchObject({ state: 'pending', attempts: 0 });
  expect(await claimed(faulty, soon(MINUTE_MS))).toEqual([]);
  expect((await claimed(outbox, soon(2 * HOUR_MS))).map(({ id }) => id)).toContain(broken);
  const lost = Object.assign(new Error('no keys'), { code: 'configuration' });
  const locked = { ...faulty, cipher: { ...faulty.cipher, decrypt: () => Promise.reject(lost) } };
  await expect(claimed(locked, soon(5 * HOUR_MS))).rejects.toBe(lost);
});

describe('settle', () => {
  beforeEach(begin);

  test('of a success ends the message and the failure of the channel', async () => {
    const { id } = await claimOne();
    await db.sql`UPDATE alert_channels SET failing_since = now()`;
    for (let i = 0; i < 2; i++) await settle(outbox.sql, id, { status: 'sent' }, soon());
    expect(await stateOf(id)).toMatchObject({ state: 'sent', reason: null });
    expect(await channelRow()).toMatchObject({ failing_since: null });
    expect(await claimed(outbox, soon(DAY_MS))).toEqual([]);
  });

  test('of a failure waits before the next attempt, and longer if the other side asks', async () => {
    const { id } = await claimOne();
    const now = soon();
    await settle(outbox.sql, id, failure(), now, 0.5);
    expect(await stateOf(id)).toMatchObject({
      state: 'pending',
      reason: 'HTTP 503.',
      attempts: 1,
      next_attempt_at: new Date(now.getTime() + MINUTE_MS),
    });
    expect(await channelRow()).toMatchObject({ failing_since: now });
    await settle(outbox.sql, id, failure({ afterSeconds: 1800 }), now, 0.5);
    expect(await stateOf(id)).toMatchObject({ next_attempt_at: new Date(now.getTime() + 30 * MINUTE_MS) });
  });

  test('gives up after a day of failures', async () => {
    let [attempts, now] = [0, soon()];
    const { id } = await claimOne();
    for (; (await stateOf(id))?.state === 'pending'; attempts++) {
      await settle(outbox.sql, id, failure(), now, 0.5);
      const { state, next_attempt_at } = (await stateOf(id)) ?? {};
      if (state === 'pending') {
        now = next_attempt_at;
        expect(await claimed(outbox, now)).toHaveLength(1);
      }
    }
    expect(attempts).toBe(13);
    expect(await stateOf(id)).toMatchObject({ state: 'dead', reason: 'HTTP 503.' });
  });

  test('of a refusal gives up this message alone', async () => {
    const { id } = await claimOne();
    await publish('2026-03-04', { [aapl]: CALLED.HOLD });
    await settle(outbox.sql, id, { status: 'refused', reason: 'HTTP 400.', disableChannel: false }, soon());
    expect(await messages()).toMatchObject([{ state: 'dead', reason: 'HTTP 400.' }, { state: 'pending' }]);
    expect(await channelRow()).toMatchObject({ disabled_at: null });
  });

  test('of a refusal of the channel disables it and gives up all its messages', async () => {
    const { id } = await claimOne();
    await publish('2026-03-04', { [aapl]: CALLED.HOLD });
    const result = { status: 'refused', reason: 'HTTP 410.', disableChannel: true } as const;
    for (let i = 0; i < 2; i++) await settle(outbox.sql, id, result, soon());
    expect(await messages()).toMatchObject([{ state: 'dead' }, { state: 'dead', reason: 'HTTP 410.' }]);
    expect(await channelRow()).toMatchObject({ disabled_reason: 'HTTP 410.' });
    await publish('2026-03-05', { [aapl]: CALLED.BUY });
    expect(await messages()).toHaveLength(2);
  });

  test('of a failure does not bring back a message that has ended', async () => {
    const { id } = await claimOne();
    await outbox.sql.begin((tx) =>
      disableChannel(tx, channel.id, { state: 'dropped', reason: 'Stopped.' }, soon()),
    );
    await settle(outbox.sql, id, failure(), soon());
    expect(await stateOf(id)).toMatchObject({ state: 'dropped', reason: 'Stopped.' });
    await settle(outbox.sql, id, { status: 'sent' }, soon());
    expect(await stateOf(id)).toMatchObject({ state: 'sent' });
  });

  test('verifies a channel whose test message arrived, but never an e-mail address', async () => {
    const email = await seedChannel(db, user.userId, { kind: 'email', isVerified: false });
    await db.sql`UPDATE alert_channels SET verified_at = NULL`;
    for (const { id } of [channel, email]) {
      const message = await seedTestMessage(db, user.userId, id);
      await settle(outbox.sql, message, { status: 'sent' }, soon());
    }
    expect(
      await db.sql`SELECT kind, verified_at IS NOT NULL AS is_verified FROM alert_channels ORDER BY kind`,
    ).toEqual([
      { kind: 'email', is_verified: false },
      { kind: 'webhook', is_verified: true },
    ]);
  });

  test('of a deleted message changes nothing', async () => {
    const { id } = await claimOne();
    await db.sql`DELETE FROM alert_channels`;
    await settle(outbox.sql, id, { status: 'sent' }, soon());
    expect(await messages()).toEqual([]);
  });
});

describe('digests', () => {
  const at = (text: string) => new Date(`2026-03-${text}Z`);
  beforeEach(async () => {
    await begin();
    await db.sql`DELETE FROM alert_rules`;
    await db.sql`INSERT INTO alert_settings (user_id, time_zone) VALUES (${user.userId}, 'Europe/Paris')`;
  });
  const digest = async (seed: Parameters<typeof seedRule>[2] = {}) => {
    const id = await seedRule(db, user.userId, { kind: 'digest', digestedAt: at('02T12:00:00'), ...seed });
    await db.sql`UPDATE alert_rules SET digested_to = (SELECT max(id) FROM call_changes)`;
    return id;
  };

  test('are written at their local time, once, with what changed since the last one', async () => {
    await digest({ time: '07:30' });
    await publish('2026-03-03', { [aapl]: CALLED.SELL });
    await publish('2026-03-04', { [aapl]: CALLED.HOLD });
    expect(await messages()).toEqual([]);
    expect(await enqueueDigests(outbox.sql, at('03T06:29:59'))).toBe(0);
    expect(await enqueueDigests(outbox.sql, at('03T06:30:00'))).toBe(1);
    expect(await enqueueDigests(outbox.sql, at('03T06:31:00'))).toBe(0);
    expect(await messages()).toMatchObject([{ kind: 'digest', profile: 'conservative', changes: 2 }]);
    const [delivery] = await claimed(outbox, soon());
    expect(delivery?.facts).toMatchObject({ kind: 'digest', changes: [{ to: 'HOLD' }, { to: 'SELL' }] });
  });

  test('are not written where nothing changed, and the next one does not repeat changes', async () => {
    await digest();
    expect(await enqueueDigests(outbox.sql, at('03T07:00:00'))).toBe(0);
    await publish('2026-03-03', { [aapl]: CALLED.SELL });
    expect(await enqueueDigests(outbox.sql, at('04T07:00:00'))).toBe(1);
    await publish('2026-03-04', { [aapl]: CALLED.HOLD });
    expect(await enqueueDigests(outbox.sql, at('06T07:00:00'))).toBe(1);
    expect(await messages()).toMatchObject([{ changes: 1 }, { changes: 1 }]);
  });

  test('of two processes are written once', async () => {
    await digest();
    await publish('2026-03-03', { [aapl]: CALLED.SELL });
    const now = at('03T07:00:00');
    const written = await Promise.all([enqueueDigests(outbox.sql, now), enqueueDigests(outbox.sql, now)]);
    expect(written.sort()).toEqual([0, 1]);
  });

  test('of a rule that is off, or for a channel that is not confirmed, are not written', async () => {
    await digest({ isOn: false });
    await publish('2026-03-03', { [aapl]: CALLED.SELL });
    expect(await enqueueDigests(outbox.sql, at('04T07:00:00'))).toBe(0);
    await db.sql`UPDATE alert_rules SET is_on = true`;
    await db.sql`UPDATE alert_channels SET verified_at = NULL`;
    expect(await enqueueDigests(outbox.sql, at('04T07:00:00'))).toBe(0);
  });
});

test('messages that ended 30 days ago are deleted, and pending ones stay', async () => {
  const [old, recent, pending] = [
    await seedTestMessage(db, user.userId, channel.id, { state: 'sent' }),
    await seedTestMessage(db, user.userId, channel.id, { state: 'dead' }),
    await seedTestMessage(db, user.userId, channel.id),
  ];
  await db.sql`UPDATE alert_messages SET ended_at = now() - interval '30 days' WHERE id = ${old}`;
  await db.sql`UPDATE alert_messages SET ended_at = now() - interval '29 days' WHERE id = ${recent}`;
  expect(await deleteOldMessages(outbox.sql, soon())).toBe(1);
  expect((await messages()).map(({ id }) => id)).toEqual([recent, pending]);
});

test('the erasure of an account deletes its channels, rules, messages and settings', async () => {
  await seedTestMessage(db, user.userId, channel.id);
  await db.sql`INSERT INTO alert_settings (user_id) VALUES (${user.userId})`;
  await db.sql`UPDATE users SET is_deleted = true`;
  await db.sql`UPDATE users SET deleted_at = now() - interval '31 days'`;
  await pipeline`SELECT * FROM expire_personal_data()`;
  for (const table of ['alert_channels', 'alert_rules', 'alert_messages', 'alert_settings'])
    expect(await db.sql`SELECT * FROM ${db.sql(table)}`, table).toEqual([]);
});
