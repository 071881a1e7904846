import type { AlertChannel, AlertMessage } from '../../api-types.d.ts';

export type ChannelKind = AlertChannel['kind'];

/** The kinds of channels, in the order in which the page offers them. */
export const CHANNEL_KINDS = [
  'email',
  'ntfy',
  'telegram',
  'discord',
  'slack',
  'webhook',
] as const satisfies readonly ChannelKind[];

/** How the page names each kind of message. */
export const MESSAGE_WORDS: Record<AlertMessage['kind'], string> = {
  changes: 'Message',
  digest: 'Summary',
  test: 'Test message',
};

/** A field of a channel's form. Its name is that of the member of `config` in the API. */
export interface ChannelField {
  name: string;
  label: string;
  hint?: string;
  type?: 'email' | 'password' | 'url';
  isOptional?: boolean;
  /** What the form begins with. */
  initial?: string;
}

interface KindWords {
  name: string;
  /** Continues "messages that you get". */
  inSentence: string;
  /** What it is, for whoever has to choose. */
  about: string;
  /** What the user needs, and where to find it. */
  needs: string;
  /** The vendor's own instructions. */
  help?: { href: string; text: string };
  fields: readonly ChannelField[];
}

/** How the page names and explains each kind of channel. */
export const KIND_WORDS: Record<ChannelKind, KindWords> = {
  email: {
    name: 'E-mail',
    inSentence: 'by e-mail, at the address that got the link',
    about: 'A message to your mailbox',
    needs: 'You need access to the mailbox. We send a code to it, and you enter the code on this page.',
    fields: [{ name: 'address', label: 'E-mail address', type: 'email' }],
  },
  ntfy: {
    name: 'ntfy',
    inSentence: 'through this ntfy topic',
    about: 'A push message to your phone, without an account',
    needs:
      'Install the ntfy app and subscribe to a topic with a name that nobody can guess. Everyone who knows the name can read the messages.',
    help: { href: 'https://docs.ntfy.sh/subscribe/phone/', text: 'How to install ntfy on a phone' },
    fields: [
      { name: 'topic', label: 'Topic', hint: 'The name that you chose in the app.' },
      { name: 'server', label: 'Server', type: 'url', initial: 'https://ntfy.sh' },
      {
        name: 'token',
        label: 'Access token (optional)',
        type: 'password',
        isOptional: true,
        hint: 'Only for a protected topic. You find it in the ntfy web app under Account.',
      },
    ],
  },
  telegram: {
    name: 'Telegram',
    inSentence: 'from this Telegram bot',
    about: 'A message from a Telegram bot of your own',
    needs:
      'Send /newbot to @BotFather in Telegram: it answers with the token of your bot. Then send your bot any message, because a bot cannot write first.',
    help: { href: 'https://core.telegram.org/bots/features#botfather', text: 'How to create a Telegram bot' },
    fields: [
      {
        name: 'botToken',
        label: 'Bot token',
        type: 'password',
        hint: 'Such as 123456789:ABC…',
      },
      {
        name: 'chatId',
        label: 'Chat id',
        hint: 'Open https://api.telegram.org/botTOKEN/getUpdates with your token in place of TOKEN. The id is the number in “chat”.',
      },
    ],
  },
  discord: {
    name: 'Discord',
    inSentence: 'in this Discord channel',
    about: 'A message in a channel of your Discord server',
    needs:
      'You need a Discord server in which you may manage webhooks. Open its Server Settings, then Integrations and Webhooks, and copy the URL of a new webhook.',
    help: {
      href: 'https://support.discord.com/hc/en-us/articles/228383668-Intro-to-Webhooks',
      text: 'How to make a Discord webhook',
    },
    fields: [
      {
        name: 'url',
        label: 'Webhook URL',
        type: 'url',
        hint: 'It begins with https://discord.com/api/webhooks/. Keep it secret: everyone who has it can post.',
      },
    ],
  },
  slack: {
    name: 'Slack',
    inSentence: 'in this Slack channel',
    about: 'A message in a channel of your Slack workspace',
    needs:
      'You need a Slack app with an incoming webhook. Create the app in your workspace, turn on Incoming Webhooks, and copy the URL of a new one.',
    help: {
      href: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/',
      text: 'How to make a Slack webhook',
    },
    fields: [
      {
        name: 'url',
        label: 'Webhook URL',
        type: 'url',
        hint: 'It begins with https://hooks.slack.com/services/. Keep it secret: everyone who has it can post.',
      },
    ],
  },
  webhook: {
    name: 'Webhook',
    inSentence: 'through this webhook',
    about: 'A signed request to a program of your own',
    needs:
      'You need an https address that your program answers. We sign each request, and you check the signature with the secret that this page shows once.',
    help: {
      href: 'https://www.standardwebhooks.com/',
      text: 'How to check the signature (Standard Webhooks)',
    },
    fields: [{ name: 'url', label: 'URL', type: 'url' }],
  },
};

/** The values with which a channel's form begins. */
export const initialConfig = (kind: ChannelKind): Record<string, string> =>
  Object.fromEntries(KIND_WORDS[kind].fields.map(({ name, initial }) => [name, initial ?? '']));

/** The config that the API gets: without surrounding spaces, and without optional fields that are empty. */
export function readConfig(
  kind: ChannelKind,
  typed: Readonly<Record<string, string>>,
): Record<string, string> {
  const entries = KIND_WORDS[kind].fields.map(({ name }) => [name, (typed[name] ?? '').trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}
