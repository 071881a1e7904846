import type { ChannelKind } from '../contracts.ts';
import type { Channel } from './channel.ts';
import { DISCORD } from './discord.ts';
import { EMAIL } from './email.ts';
import { NTFY } from './ntfy.ts';
import { SLACK } from './slack.ts';
import { TELEGRAM } from './telegram.ts';
import { WEBHOOK } from './webhook.ts';

/** Every kind of channel, in the order in which pages and documents list them. */
export const CHANNELS = {
  email: EMAIL,
  webhook: WEBHOOK,
  ntfy: NTFY,
  telegram: TELEGRAM,
  discord: DISCORD,
  slack: SLACK,
} as const satisfies { [Kind in ChannelKind]: Channel<Kind> };
