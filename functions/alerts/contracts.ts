import * as z from 'zod';
import { LABELS, PROFILES } from '../shared/constants.ts';
import { Day, InstrumentSymbol } from '../shared/fields.ts';

/**
 * Payloads of alerts: the facts of a message, a message on its way to one channel, and the result of one attempt to
 * send it. All of them are plain JSON, because the process that reads the outbox need not be the one that sends.
 */

/** The kinds of channels, as stored in `alert_channels.kind`. */
export const CHANNEL_KINDS = ['email', 'webhook', 'ntfy', 'telegram', 'discord', 'slack'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** Kinds of changes, as stored in `call_changes.kind`. */
export const CHANGE_KINDS = ['label', 'stop', 'target', 'withheld', 'new', 'back'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

const Label = z.enum(LABELS);
const Count = z.int().nonnegative();
const Chance = z.number().min(0).max(1);
/** A path on the page, with its query. */
const PagePath = z.string().regex(/^\/(?![/\\])\S*$/, 'must be a path such as /settings');

/** One change of one stock's call. Its descriptions are also those of the webhook's schema. */
export const AlertChange = z.strictObject({
  symbol: InstrumentSymbol.describe('The symbol, such as AAPL or BRK-B.'),
  name: z.string().describe("The company's name, as the vendor wrote it."),
  change: z
    .enum(CHANGE_KINDS)
    .describe(
      'label: the call has another label. stop, target: the price reached it. withheld: the call is no longer shown. new: the first call. back: a call again after it was withheld.',
    ),
  from: Label.nullable().describe('The label before the change; null if there was none.'),
  to: Label.nullable().describe('The label since then; null for stop, target and withheld.'),
  why: z.string().describe('One sentence that says why the call changed.'),
  chance: Chance.nullable().describe(
    "The chance that the call comes true, as a fraction; null if unknown. The call's label is `to`, or else `from`.",
  ),
  baseRate: Chance.nullable().describe('The same chance for any stock, as a fraction; null if unknown.'),
  record: z
    .strictObject({
      calls: Count.describe('How many have a result.'),
      hits: Count.describe('How many came true: a BUY that beat the average stock, a SELL that lagged it.'),
    })
    .nullable()
    .describe('Earlier calls with this profile and label. Null for HOLD calls, which are not scored.'),
  close: z.number().positive().nullable().describe('The close of the day of the call; null if unknown.'),
  stopLoss: z.number().nullable().describe('The price of the stop; null if unknown.'),
  takeProfit: z.number().nullable().describe('The price of the target; null if unknown.'),
  currency: z.string().nullable().describe('ISO 4217 code of the prices; null if unknown.'),
  path: PagePath.describe('The page of this call.'),
});
export type AlertChange = z.infer<typeof AlertChange>;

/** Everything that a message says. It is stored at the first attempt, so that every attempt sends the same content. */
export const AlertFacts = z.strictObject({
  /** `changes`: soon after a publication. `digest`: of a day or a week. `test`: has no changes. */
  kind: z.enum(['changes', 'digest', 'test']),
  profile: z.enum(PROFILES).describe('The risk profile of the calls.'),
  asOf: Day.describe('The newest trading day of the calls, YYYY-MM-DD.'),
  notice: z
    .string()
    .nullable()
    .describe('A notice, for example that the data is a sample; null if there is none.'),
  changes: z.array(AlertChange),
  more: Count.describe('How many further changes the message leaves out.'),
  /** The code with which a user confirms a new address; only a test message has one. */
  confirmationCode: z.string().nullable(),
  /** Address of the page without a slash at the end. The paths below and in changes belong to it. */
  pageUrl: z.url({ protocol: /^https?$/ }),
  /** The view that stops these messages after a confirmation, with its token: `/unsubscribe?token=…`. */
  unsubscribePath: PagePath,
  /** The endpoint that stops them at once by a POST (RFC 8058): `/v1/alerts/unsubscribe?token=…`. */
  oneClickPath: PagePath,
  /** The view that lists and changes alerts. */
  managePath: PagePath,
});
export type AlertFacts = z.infer<typeof AlertFacts>;

/** One message on its way to one channel. */
export const Delivery = z.strictObject({
  /** The idempotency key: every attempt of this message has it. */
  id: z.uuid(),
  userId: z.uuid(),
  channel: z.strictObject({
    id: z.uuid(),
    kind: z.enum(CHANNEL_KINDS),
    /** The decrypted configuration. The channel's own schema checks it before an attempt. */
    config: z.unknown(),
  }),
  facts: AlertFacts,
  /** When the outbox received the message (ISO 8601, UTC). */
  createdAt: z.iso.datetime(),
});
export type Delivery = z.infer<typeof Delivery>;

/**
 * The result of one attempt. No reason contains a secret or an address, so that users and operators may read it.
 *
 * `retry`: a later attempt may succeed; `afterSeconds` is the other side's wish, from 1 to 86400. `refused`: no later
 * attempt of this message can succeed; with `disableChannel`, neither can any other message to this channel.
 */
export const SendResult = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('sent') }),
  z.strictObject({
    status: z.literal('retry'),
    reason: z.string(),
    afterSeconds: z.int().positive().max(86_400).optional(),
  }),
  z.strictObject({ status: z.literal('refused'), reason: z.string(), disableChannel: z.boolean() }),
]);
export type SendResult = z.infer<typeof SendResult>;
