import type * as z from 'zod';
import type { SLACK } from '../channels/slack.ts';
import { messageOf } from '../message.ts';
import { type Answer, post } from '../safe-request.ts';
import { renderMrkdwn } from '../text.ts';
import { channelRefused, resultOf, type Sender } from './sender.ts';

/** Slack cuts longer messages after 40,000 characters, and asks for at most 4,000. */
const MOST_CHARACTERS = 4000;

/** Words with which Slack refuses every message to a webhook. */
const CHANNEL_ERRORS: ReadonlyMap<string, string> = new Map([
  ['no_service', 'The Slack webhook no longer exists. Create a new one.'],
  ['no_service_id', 'The Slack webhook no longer exists. Create a new one.'],
  ['no_team', 'The Slack workspace no longer exists.'],
  ['team_disabled', 'The Slack workspace is disabled.'],
  ['invalid_token', 'The Slack webhook no longer exists. Create a new one.'],
  ['channel_not_found', 'The Slack channel no longer exists.'],
  ['channel_is_archived', 'The Slack channel is archived.'],
  ['user_not_found', 'The Slack user of this webhook no longer exists.'],
  ['action_prohibited', 'An administrator of the Slack workspace does not allow this webhook to post.'],
  [
    'posting_to_general_channel_denied',
    'An administrator of the Slack workspace does not allow this webhook to post.',
  ],
]);

/**
 * Posts to an incoming webhook. It has no idempotency key: a message whose answer was lost is sent again.
 */
export const sendSlack: Sender<z.output<typeof SLACK.config>> = async ({ config, facts }, context) => {
  const body = JSON.stringify({
    text: renderMrkdwn(messageOf(facts), { most: MOST_CHARACTERS }),
    unfurl_links: false,
    unfurl_media: false,
  });
  const url = new URL(new URL(config.url).pathname, context.origins.slack);
  return resultOf(await post(url, { headers: { 'content-type': 'application/json' }, body }, context), judge);
};

function judge({ status, body }: Answer) {
  const reason = status >= 400 && status < 500 ? CHANNEL_ERRORS.get(body.trim()) : undefined;
  return reason === undefined ? undefined : channelRefused(`${reason} (HTTP ${status})`);
}
