import * as z from 'zod';
import { AlertChange, AlertFacts } from './contracts.ts';

const Url = z.url();

/**
 * The body of a webhook: the facts of a message with whole addresses. docs/alert-webhook.schema.json is made from it.
 */
export const WebhookBody = z.strictObject({
  type: z
    .enum(['alert.changes', 'alert.digest', 'alert.test'])
    .describe(
      'alert.changes: soon after calls changed. alert.digest: of a day or a week. alert.test: no changes.',
    ),
  timestamp: z.iso.datetime().describe('When the message was made (UTC). Every attempt has the same.'),
  data: AlertFacts.pick({ profile: true, asOf: true, notice: true, more: true }).extend({
    changes: z.array(
      AlertChange.omit({ path: true }).extend({ url: Url.describe('The page of this call.') }),
    ),
    unsubscribeUrl: Url.describe('The page that stops these messages.'),
    manageUrl: Url.describe('The page that changes your alerts.'),
  }),
});
export type WebhookBody = z.infer<typeof WebhookBody>;

/**
 * @param createdAt - when the outbox received the message (ISO 8601)
 */
export function webhookBody(facts: AlertFacts, createdAt: string): WebhookBody {
  const { kind, profile, asOf, notice, changes, more, pageUrl, unsubscribePath, managePath } = facts;
  const whole = (path: string) => `${pageUrl}${path}`;
  return {
    type: `alert.${kind}`,
    timestamp: createdAt,
    data: {
      profile,
      asOf,
      notice,
      changes: changes.map(({ path, ...change }) => ({ ...change, url: whole(path) })),
      more,
      unsubscribeUrl: whole(unsubscribePath),
      manageUrl: whole(managePath),
    },
  };
}
