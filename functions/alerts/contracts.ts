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

/**
 * Kinds of changes. `label`: the call has another label. `stop`, `target`: the price reached the call's stop or target.
 * `withheld`: the call is no longer served, for a reason. `new`: the stock has its first call. `back`: a withheld call
 * is served again.
 */
export const CHANGE_KINDS = ['label', 'stop', 'target', 'withheld', 'new', 'back'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

const Label = z.enum(LABELS);
const Count = z.int().nonnegative();
const Chance = z.number().min(0).max(1);
/** A path on the page, with its query. */
const PagePath = z.string().regex(/^\/(?![/\\])\S*$/, 'must be a path such as /settings');

/** One change of one stock's call. */
export const AlertChange = z.strictObject({
  symbol: InstrumentSymbol,
  /** The company's name, as the vendor wrote it. */
  name: z.string(),
  change: z.enum(CHANGE_KINDS),
  /** The label before the change; null if there was none. */
  from: Label.nullable(),
  /** The present label; null for `stop`, `target` and `withheld`, after which no label is new. */
  to: Label.nullable(),
  /** One sentence that says why the call changed. */
  why: z.string(),
  /** The chance that the call comes true, and that of any stock: fractions. The call's label is `to`, or else `from`. */
  chance: Chance.nullable(),
  baseRate: Chance.nullable(),
  /**
   * Earlier calls of this profile and label that have a result, and how many came true: a BUY that beat the average
   * stock, a SELL that lagged it. Null for HOLD calls, which are not scored.
   */
  record: z.strictObject({ calls: Count, hits: Count }).nullable(),
  close: z.number().positive().nullable(),
  stopLoss: z.number().nullable(),
  takeProfit: z.number().nullable(),
  /** ISO 4217 code of the prices. */
  currency: z.string().nullable(),
  /** The page of this call. */
  path: PagePath,
});
export type AlertChange = z.infer<typeof AlertChange>;

/** Everything that a message says. It is stored at the first attempt, so that every attempt sends the same content. */
export const AlertFacts = z.strictObject({
  /** `changes`: soon after a publication. `digest`: of a day or a week. `test`: has no changes. */
  kind: z.enum(['changes', 'digest', 'test']),
  profile: z.enum(PROFILES),
  /** The trading day of the calls. */
  asOf: Day,
  /** The notice that every response of the API carries, for example that the data is a sample. */
  notice: z.string().nullable(),
  changes: z.array(AlertChange),
  /** How many more changes there are than `changes` has. */
  more: Count,
  /** The code that a test message to an unconfirmed e-mail address carries; null otherwise. */
  confirmationCode: z
    .string()
    .regex(/^[0-9]{8}$/)
    .nullable(),
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
