import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CHANNELS } from '../../functions/alerts/channels/registry.ts';
import { CHANNEL_KINDS, type ChannelKind } from '../../functions/alerts/contracts.ts';
import { deliverDue } from '../../functions/alerts/deliver.ts';
import { send } from '../../functions/alerts/senders/registry.ts';
import type { SendContext } from '../../functions/alerts/senders/sender.ts';
import { HOUR_MS } from '../../functions/shared/days.ts';
import { follow, outboxOf, PAGE_URL, seedChannel, seedRule } from '../functions/alerts/alerts-support.ts';
import { signedInUser } from '../functions/api/api-client.ts';
import { useApi } from '../functions/api/use-api.ts';
import { CALLED, publishDay } from '../functions/infer/changes-support.ts';
import { seedInstruments, seedModel, seedRun } from '../functions/infer/support.ts';
import { startDiscord } from './servers/discord.ts';
import { startNtfy } from './servers/ntfy.ts';
import { startSlack } from './servers/slack.ts';
import { startSmtp } from './servers/smtp.ts';
import { startTelegram } from './servers/telegram.ts';
import { startWebhookReceiver } from './servers/webhook-receiver.ts';

const BOT_TOKEN = `123456789:${'A'.repeat(35)}`;
const DISCORD = { id: '1234567890123456789', token: 'd'.repeat(68) };
const SLACK_PATH = '/services/T01234567/B01234567/abcdefghijklmnopqrstuvwx';

const db = useApi();
const startServers = async () => ({
  email: await startSmtp(),
  webhook: await startWebhookReceiver(),
  ntfy: await startNtfy(),
  telegram: await startTelegram(BOT_TOKEN, ['42']),
  discord: await startDiscord(DISCORD),
  slack: await startSlack(SLACK_PATH),
});
let servers: Awaited<ReturnType<typeof startServers>>;
let context: SendContext;

beforeAll(async () => {
  servers = await startServers();
  const { email, telegram, discord, slack } = servers;
  context = {
    reachPrivate: true,
    email: { from: 'alerts@example.org', smtpUrl: email.url },
    origins: { telegram: telegram.origin, discord: discord.origin, slack: slack.origin },
  };
});
afterAll(() => Promise.all(Object.values(servers).map((server) => server.close())));

/** What a user enters for each kind of channel. */
const entered = (): Record<ChannelKind, unknown> => ({
  email: { address: 'reader@example.com' },
  webhook: { url: `${servers.webhook.origin}/hook` },
  ntfy: { server: servers.ntfy.origin, topic: 'stocks' },
  telegram: { botToken: BOT_TOKEN, chatId: '42' },
  discord: { url: `https://discord.com/api/webhooks/${DISCORD.id}/${DISCORD.token}` },
  slack: { url: `https://hooks.slack.com${SLACK_PATH}` },
});

/** The messages that have arrived, by kind of channel. */
const arrived = (): Record<ChannelKind, string[]> => ({
  email: servers.email.mails.map(({ raw }) => raw),
  webhook: [...servers.webhook.messages.values()].map((body) => JSON.stringify(body)),
  ntfy: [...servers.ntfy.notifications.values()].map(({ title }) => title),
  telegram: servers.telegram.messages.map(({ text }) => text),
  discord: servers.discord.messages.map(({ content }) => content),
  slack: [...servers.slack.messages],
});
const counts = () => Object.fromEntries(Object.entries(arrived()).map(([kind, all]) => [kind, all.length]));
const once = Object.fromEntries(CHANNEL_KINDS.map((kind) => [kind, 1]));

let model: string;
let aapl: string;
const deliver = (laterMs = 0) =>
  deliverDue(outboxOf(db), (delivery) => send(delivery, context), {
    now: () => new Date(Date.now() + 1000 + laterMs),
  });
const publish = (asOf: string, call: (typeof CALLED)[keyof typeof CALLED]) =>
  publishDay(db.client('pipeline'), { asOf, model }, { [aapl]: call });

/** A user with every channel who follows a stock, which is called BUY. */
beforeEach(async () => {
  await db.sql`TRUNCATE recommendations, model_versions, pipeline_runs, instruments, users CASCADE`;
  await db.sql`UPDATE data_origin SET is_sample = true`;
  model = await seedModel(db.sql);
  [aapl = ''] = await seedInstruments(db.sql, ['AAPL']);
  await seedRun(db.sql, 'run-1');
  const { userId } = await signedInUser(db, { consented: true });
  for (const kind of CHANNEL_KINDS) {
    const channel = CHANNELS[kind];
    const { config, shownOnce } = channel.create(channel.input.parse(entered()[kind]) as never);
    if (shownOnce !== null) servers.webhook.secret = shownOnce;
    await seedChannel(db, userId, { kind, config });
  }
  await seedRule(db, userId);
  await follow(db, userId, aapl);
  await publish('2026-03-02', CALLED.BUY);
  await db.sql`TRUNCATE alert_messages`;
  for (const { messages } of [servers.telegram, servers.discord, servers.slack]) messages.length = 0;
  servers.email.mails.length = 0;
  servers.webhook.messages.clear();
  servers.ntfy.notifications.clear();
});

test('a label change of a followed stock arrives once on each channel', async () => {
  await publish('2026-03-03', CALLED.SELL);
  expect(await deliver()).toEqual({ sent: 6, retry: 0, refused: 0 });
  expect(await deliver(25 * HOUR_MS)).toEqual({ sent: 0, retry: 0, refused: 0 });
  expect(counts()).toEqual(once);
  const { email, ...others } = arrived();
  for (const [kind, [message]] of Object.entries(others)) {
    expect(message, kind).toContain('AAPL');
    if (kind !== 'webhook') expect(message, kind).toContain('BUY → SELL');
  }
  // A long header begins on a line of its own.
  expect(email[0]?.replaceAll('\r\n ', ' ')).toMatch(
    /^List-Unsubscribe: +<https:\/\/calls\.example\.com\/v1\/alerts\/unsubscribe\?token=/m,
  );
  for (const kind of ['telegram', 'discord', 'slack'] as const)
    expect(others[kind][0], kind).toContain(`${PAGE_URL}/unsubscribe?token=`);
});

test('it still arrives once after each service was down for an hour', async () => {
  await publish('2026-03-03', CALLED.SELL);
  const { email, ...services } = servers;
  for (const { faults } of Object.values(services)) faults.push({ status: 503 });
  email.refusals.set('reader@example.com', '450 4.2.0 Try again later');
  expect(await deliver()).toEqual({ sent: 0, retry: 6, refused: 0 });
  email.refusals.clear();
  expect(await deliver(HOUR_MS)).toEqual({ sent: 6, retry: 0, refused: 0 });
  expect(counts()).toEqual(once);
});

test('nothing arrives at a private address that the operator does not allow', async () => {
  context = { ...context, reachPrivate: false };
  await publish('2026-03-03', CALLED.SELL);
  // Only the operator's mail server may be inside.
  expect(await deliver()).toEqual({ sent: 1, retry: 0, refused: 5 });
  context = { ...context, reachPrivate: true };
  expect(counts()).toEqual({ ...Object.fromEntries(CHANNEL_KINDS.map((kind) => [kind, 0])), email: 1 });
});
