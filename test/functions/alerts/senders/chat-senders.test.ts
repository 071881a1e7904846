import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChannelKind } from '../../../../functions/alerts/contracts.ts';
import { send } from '../../../../functions/alerts/senders/registry.ts';
import type { SendContext } from '../../../../functions/alerts/senders/sender.ts';
import { type DiscordService, discordRateLimit, startDiscord } from '../../../alerts/servers/discord.ts';
import type { HttpService, ServiceAnswer } from '../../../alerts/servers/http-service.ts';
import { type NtfyService, ntfyRateLimit, startNtfy } from '../../../alerts/servers/ntfy.ts';
import { type SlackService, startSlack } from '../../../alerts/servers/slack.ts';
import { startTelegram, type TelegramService, telegramFlood } from '../../../alerts/servers/telegram.ts';
import { exampleChange, exampleContext, exampleDelivery, exampleFacts } from '../examples.ts';

const BOT_TOKEN = `123456789:${'A'.repeat(35)}`;
const DISCORD = { id: '1234567890123456789', token: 'd'.repeat(68) };
const DISCORD_URL = `https://discord.com/api/webhooks/${DISCORD.id}/${DISCORD.token}`;
const SLACK_PATH = '/services/T01234567/B01234567/abcdefghijklmnopqrstuvwx';
const SLACK_URL = `https://hooks.slack.com${SLACK_PATH}`;

let telegram: TelegramService;
let discord: DiscordService;
let slack: SlackService;
let ntfy: NtfyService;
let context: SendContext;

beforeAll(async () => {
  [telegram, discord, slack, ntfy] = await Promise.all([
    startTelegram(BOT_TOKEN, ['42', '-100123', '@mychannel']),
    startDiscord(DISCORD),
    startSlack(SLACK_PATH),
    startNtfy(),
  ]);
  const origins = { telegram: telegram.origin, discord: discord.origin, slack: slack.origin };
  context = exampleContext({ origins });
});
afterAll(() => Promise.all([telegram, discord, slack, ntfy].map((service) => service.close())));
beforeEach(() => {
  telegram.messages.length = 0;
  discord.messages.length = 0;
  slack.messages.length = 0;
  ntfy.notifications.clear();
});

const attempt = (kind: ChannelKind, config: unknown, facts = exampleFacts()) =>
  send(exampleDelivery(kind, config, facts), context);

/** A digest that exceeds the limit of every chat, with names that try to notify people. */
const longDigest = () =>
  exampleFacts({
    kind: 'digest',
    changes: Array.from({ length: 40 }, () =>
      exampleChange({
        name: '@everyone <!channel> **Acme**',
        why: `@everyone <!here> said "${'𝒳'.repeat(200)}".`,
      }),
    ),
  });

const SENT = { status: 'sent' };
const refused = (reason: RegExp, disableChannel: boolean) => ({
  status: 'refused',
  reason: expect.stringMatching(reason),
  disableChannel,
});

describe.each<[ChannelKind, () => HttpService, () => unknown]>([
  ['telegram', () => telegram, () => ({ botToken: BOT_TOKEN, chatId: '42' })],
  ['discord', () => discord, () => ({ url: DISCORD_URL })],
  ['slack', () => slack, () => ({ url: SLACK_URL })],
  ['ntfy', () => ntfy, () => ({ server: ntfy.origin, topic: 'stocks' })],
])('%s', (kind, service, config) => {
  const resultAfter = (answer: ServiceAnswer) => {
    service().faults.push(answer);
    return attempt(kind, config());
  };

  test('accepts a message and a digest that exceeds its limit', async () => {
    expect(await attempt(kind, config())).toEqual(SENT);
    expect(await attempt(kind, config(), longDigest())).toEqual(SENT);
  });

  test('asks to retry after its own faults, and as long as its Retry-After says', async () => {
    for (const status of [500, 502, 503, 504, 408])
      expect(await resultAfter({ status })).toEqual({
        status: 'retry',
        reason: `The server answered with HTTP ${status}.`,
      });
    const wish = { 'retry-after': '30' };
    expect(await resultAfter({ status: 503, headers: wish })).toMatchObject({
      status: 'retry',
      afterSeconds: 30,
    });
    // A proxy before the service answers with a page of its own.
    const page = { status: 429, headers: wish, body: '<html>Too many requests</html>' };
    expect(await resultAfter(page)).toMatchObject({ status: 'retry', afterSeconds: 30 });
  });

  test('refuses with a redirect or HTTP 400, and for good with HTTP 410', async () => {
    const redirect = { status: 302, headers: { location: 'https://elsewhere.example/' } };
    expect(await resultAfter(redirect)).toEqual(refused(/redirects to another address \(HTTP 302\)/, false));
    expect(await resultAfter({ status: 400, body: '{"description":"Bad Request"}' })).toEqual(
      refused(/refused the message \(HTTP 400\)/, false),
    );
    expect(await resultAfter({ status: 410 })).toEqual(refused(/gone for good/, true));
  });

  test('is never reached over plain HTTP on a loopback address unless the operator allows it', async () => {
    const before = service().received.length;
    const delivery = exampleDelivery(kind, config());
    expect(await send(delivery, { ...context, reachPrivate: false })).toEqual(refused(/https/, true));
    expect(service().received).toHaveLength(before);
  });
});

describe('telegram', () => {
  test('sends plain text to a chat, a group or a channel', async () => {
    for (const chatId of ['42', '-100123', '@mychannel'])
      expect(await attempt('telegram', { botToken: BOT_TOKEN, chatId })).toEqual(SENT);
    expect(telegram.messages.map(({ chatId }) => chatId)).toEqual(['42', '-100123', '@mychannel']);
    expect(telegram.messages[0]?.text).toMatch(
      /^NVDA: HOLD → BUY \(moderate\)\n\nNVIDIA Corporation\nChance: /,
    );
    expect(JSON.parse(telegram.received.at(-1)?.body ?? '')).toMatchObject({
      link_preview_options: { is_disabled: true },
    });
  });

  test('waits as long as retry_after says', async () => {
    telegram.faults.push(telegramFlood(17));
    expect(await attempt('telegram', { botToken: BOT_TOKEN, chatId: '42' })).toEqual({
      status: 'retry',
      reason: 'Telegram asks to send less often (HTTP 429).',
      afterSeconds: 17,
    });
  });

  test('waits at most a day', async () => {
    telegram.faults.push(telegramFlood(1_000_000));
    expect(await attempt('telegram', { botToken: BOT_TOKEN, chatId: '42' })).toMatchObject({
      status: 'retry',
      afterSeconds: 86_400,
    });
  });

  test('disables a channel with an unknown bot or chat, or a user who blocked the bot', async () => {
    const otherBot = `987654321:${'B'.repeat(35)}`;
    expect(await attempt('telegram', { botToken: otherBot, chatId: '42' })).toEqual(
      refused(/bot token/, true),
    );
    expect(await attempt('telegram', { botToken: BOT_TOKEN, chatId: '43' })).toEqual(
      refused(/\/start/, true),
    );
    telegram.blockedBy.add('42');
    expect(await attempt('telegram', { botToken: BOT_TOKEN, chatId: '42' })).toEqual(
      refused(/may not write/, true),
    );
    telegram.blockedBy.clear();
  });

  test('refuses a bot token with a line break before any request', async () => {
    const before = telegram.received.length;
    for (const botToken of [`${BOT_TOKEN}\n`, `${BOT_TOKEN}\r\nHost: evil`, `../${BOT_TOKEN}`])
      expect(await attempt('telegram', { botToken, chatId: '42' })).toEqual(refused(/outdated form/, true));
    expect(telegram.received).toHaveLength(before);
  });
});

describe('discord', () => {
  test('confirms the storage of a message that notifies nobody', async () => {
    expect(await attempt('discord', { url: DISCORD_URL }, longDigest())).toEqual(SENT);
    expect(discord.received.at(-1)?.url.search).toBe('?wait=true');
    expect(discord.messages).toMatchObject([{ mentions: false }]);
    expect(discord.messages[0]?.content).toMatch(/^\*\*Summary\\: NVDA\\: HOLD → BUY, and 39 more/);
  });

  test('waits as long as retry_after says, which has fractions', async () => {
    discord.faults.push(discordRateLimit(0.3), discordRateLimit(64.57));
    const wait = async () => attempt('discord', { url: DISCORD_URL });
    expect([await wait(), await wait()]).toMatchObject([{ afterSeconds: 1 }, { afterSeconds: 65 }]);
  });

  test('disables a channel whose webhook was deleted or has another token', async () => {
    const url = (id: string, token: string) => `https://discord.com/api/webhooks/${id}/${token}`;
    for (const gone of [url('9999999999999999999', DISCORD.token), url(DISCORD.id, 'e'.repeat(68))])
      expect(await attempt('discord', { url: gone })).toEqual(refused(/no longer exists/, true));
  });
});

describe('slack', () => {
  test('escapes what Slack reads as commands, and notifies nobody', async () => {
    expect(await attempt('slack', { url: SLACK_URL }, longDigest())).toEqual(SENT);
    expect(slack.messages[0]).toContain('Why: @everyone &lt;!here&gt; said');
    expect(slack.messages[0]).toContain(
      '<https://stocks.example.org/unsubscribe?token=t0k3n|Stop these messages>',
    );
    expect(slack.messages[0]).not.toMatch(/<!/);
  });

  test.each([
    [404, 'no_service', /no longer exists/],
    [403, 'invalid_token', /no longer exists/],
    [404, 'channel_not_found', /channel no longer exists/],
    [410, 'channel_is_archived', /archived/],
    [403, 'action_prohibited', /administrator/],
  ])('disables a channel after %i %s', async (status, body, reason) => {
    slack.faults.push({ status, body });
    expect(await attempt('slack', { url: SLACK_URL })).toEqual(refused(reason, true));
  });

  test('refuses one message after an error that concerns it alone', async () => {
    slack.faults.push({ status: 400, body: 'invalid_payload' });
    expect(await attempt('slack', { url: SLACK_URL })).toEqual(refused(/HTTP 400/, false));
  });
});

describe('ntfy', () => {
  test('shows the change as title, and a repeated message once', async () => {
    const config = { server: ntfy.origin, topic: 'private', token: ntfy.token };
    expect(await attempt('ntfy', config)).toEqual(SENT);
    expect(await attempt('ntfy', config)).toEqual(SENT);
    expect([...ntfy.notifications.values()]).toEqual([
      {
        id: exampleDelivery('ntfy', config).id,
        topic: 'private',
        title: 'NVDA: HOLD → BUY (moderate)',
        message: expect.stringMatching(/^NVIDIA Corporation\nChance: 48 in 100/),
        click: 'https://stocks.example.org/recommendations/5f0c7a52-7b1a-4a7e-9f0e-0d7c1c4f6a11',
      },
    ]);
  });

  test('disables a channel with a wrong token or a topic that needs one', async () => {
    for (const token of [undefined, 'tk_wrong'])
      expect(await attempt('ntfy', { server: ntfy.origin, topic: 'private', token })).toEqual(
        refused(/Check the token/, true),
      );
  });

  test('asks to retry when its quota is used up', async () => {
    ntfy.faults.push(ntfyRateLimit);
    expect(await attempt('ntfy', { server: ntfy.origin, topic: 'stocks' })).toEqual({
      status: 'retry',
      reason: 'The server answered with HTTP 429.',
    });
  });
});
