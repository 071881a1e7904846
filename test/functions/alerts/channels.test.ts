import { describe, expect, test } from 'vitest';
import { CHANNELS } from '../../../functions/alerts/channels/registry.ts';
import { CHANNEL_KINDS, type ChannelKind } from '../../../functions/alerts/contracts.ts';

const BOT_TOKEN = '123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0';
const DISCORD_URL = `https://discord.com/api/webhooks/1234567890123456789/${'d'.repeat(68)}`;
const SLACK_URL = 'https://hooks.slack.com/services/T01234567/B01234567/abcdefghijklmnopqrstuvwx';
const NTFY = { server: 'https://ntfy.sh', topic: 'my-stocks_7', token: 'tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2' };

/** What a user enters, and how lists show it. */
const OK: [ChannelKind, object, string][] = [
  ['email', { address: 'you+stocks@example.com' }, 'you+stocks@example.com'],
  ['webhook', { url: 'https://example.com:8443/hooks/s3cr3t?key=s3cr3t' }, 'https://example.com:8443/…'],
  ['webhook', { url: 'https://example.com' }, 'https://example.com'],
  ['webhook', { url: 'http://192.168.1.5:9000/hook' }, 'http://192.168.1.5:9000/…'],
  ['ntfy', NTFY, 'my-s… at ntfy.sh'],
  ['ntfy', { topic: 'abc' }, 'a… at ntfy.sh'],
  ['telegram', { botToken: BOT_TOKEN, chatId: '-1001234567890' }, 'bot 123456789, chat -1001234567890'],
  ['telegram', { botToken: BOT_TOKEN, chatId: '@mychannel' }, 'bot 123456789, chat @mychannel'],
  ['discord', { url: DISCORD_URL }, 'webhook 1234567890123456789'],
  [
    'discord',
    { url: DISCORD_URL.replace('discord.com/api', 'canary.discordapp.com/api/v10') },
    'webhook 1234567890123456789',
  ],
  ['slack', { url: SLACK_URL }, 'workspace T01234567, webhook B01234567'],
];

/** What is refused, with the field and the words of the message. */
const NOT_OK: [ChannelKind, object, string, RegExp][] = [
  ['email', { address: 'you' }, 'address', /such as you@example\.com/],
  ['email', { address: 'a@example.com, b@example.com' }, 'address', /e-mail address/],
  ['email', { address: 'a@example.com\r\nBcc: b@example.com' }, 'address', /e-mail address/],
  ['email', { address: `${'a'.repeat(250)}@example.com` }, 'address', /254/],
  ['email', { address: 'a@example.com', cc: 'b@example.com' }, '', /cc/],
  ['webhook', { url: 'example.com/hook' }, 'url', /begins with https/],
  ['webhook', { url: 'ftp://example.com/' }, 'url', /begins with https/],
  ['webhook', { url: 'javascript:alert(1)' }, 'url', /begins with https/],
  ['webhook', { url: 'https://user:word@example.com/' }, 'url', /user name or a password/],
  ['webhook', { url: 'https://example.com/#part' }, 'url', /fragment/],
  ['webhook', { url: 'https://exam\nple.com/' }, 'url', /spaces or line breaks/],
  ['webhook', { url: `https://example.com/${'a'.repeat(2048)}` }, 'url', /2,048/],
  ['ntfy', { topic: 'a b' }, 'topic', /letters, digits/],
  ['ntfy', { topic: '../v1' }, 'topic', /letters, digits/],
  ['ntfy', { topic: 'abc', token: 'tk_a\r\nX: y' }, 'token', /access token/],
  ['ntfy', { topic: 'abc', server: 'ntfy.sh' }, 'server', /begins with https/],
  ['telegram', { botToken: `${BOT_TOKEN}\n`, chatId: '1' }, 'botToken', /spaces or line breaks/],
  ['telegram', { botToken: `\n${BOT_TOKEN}`, chatId: '1' }, 'botToken', /@BotFather/],
  ['telegram', { botToken: `${BOT_TOKEN}/../x`, chatId: '1' }, 'botToken', /@BotFather/],
  ['telegram', { botToken: BOT_TOKEN, chatId: 'https://t.me/x' }, 'chatId', /number of a chat/],
  [
    'discord',
    { url: DISCORD_URL.replace('discord.com', 'discord.com.evil.example') },
    'url',
    /as Discord shows it/,
  ],
  ['discord', { url: `${DISCORD_URL}/../../../users` }, 'url', /as Discord shows it/],
  ['slack', { url: SLACK_URL.replace('https:', 'http:') }, 'url', /as Slack shows it/],
  ['slack', { url: `${SLACK_URL}?x=1` }, 'url', /as Slack shows it/],
];

describe.each(OK)('%s with %j', (kind, entered, shown) => {
  test('is accepted, stored in a form that is accepted again, and shown without its secrets', () => {
    const channel = CHANNELS[kind];
    const { config } = channel.create(channel.input.parse(entered) as never);
    expect(channel.config.parse(config)).toEqual(config);
    expect(channel.describe(config as never)).toBe(shown);
  });
});

test.each(NOT_OK)('%s refuses %j', (kind, entered, field, message) => {
  const { error } = CHANNELS[kind].input.safeParse(entered);
  const [issue] = error?.issues ?? [];
  expect(issue?.path.join('.')).toBe(field);
  expect(issue?.message).toMatch(message);
});

test('every kind of channel has a descriptor', () => {
  expect(Object.keys(CHANNELS)).toEqual([...CHANNEL_KINDS]);
  for (const kind of CHANNEL_KINDS) expect(CHANNELS[kind].kind).toBe(kind);
});
