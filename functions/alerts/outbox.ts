import type { Cipher } from '../api/core/cipher.ts';
import { type ReaderRow, readerColumns } from '../api/core/reader.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { HOUR_MS } from '../shared/days.ts';
import { disableChannel } from './channel-state.ts';
import type { ChannelKind, Delivery, SendResult } from './contracts.ts';
import { composeFacts, isStillWanted, type MessageToCompose, type StoredFacts } from './facts.ts';
import { isolate } from './isolate.ts';
import { openChannel } from './sealed-channel.ts';
import { nextAttempt, quietUntil } from './times.ts';

/** How long a message waits whose content this program cannot make. */
const FAULTY_WAIT_MS = HOUR_MS;

/** The outbox of an installation. */
export interface Outbox {
  /** A client of the API's role. */
  sql: Sql;
  cipher: Cipher;
  /** Address of the page without a slash at the end. */
  pageUrl: string;
  /** The notice that every response of the API carries; null if there is none. */
  notice: string | null;
}

/** A claim on messages that are due. */
export interface Claim {
  now: Date;
  /** The most messages. */
  limit: number;
  /** After this time another process may claim a message that was not settled, so it exceeds that of an attempt. */
  leaseSeconds: number;
}

/**
 * Claims messages that are due, for one attempt each. Every attempt of a message has the same id and says the same.
 *
 * - A message in quiet hours waits until they end; test messages do not wait.
 * - A message ends unsent if its user is deleted, has withdrawn the consent or wants none of its changes any more, if its
 *   channel is disabled or not verified, or if it is older than two days.
 *
 * @throws ConfigurationError if the keys that decrypt channels cannot be read; no message is claimed then
 */
export async function claimDue(outbox: Outbox, { now, limit, leaseSeconds }: Claim): Promise<Delivery[]> {
  const claimed: Delivery[] = [];
  const leasedUntil = new Date(now.getTime() + leaseSeconds * 1000);
  while (claimed.length < limit) {
    const judged = await outbox.sql.begin(async (tx) => {
      const due = await readDue(tx, now, limit - claimed.length);
      const judged: Judged[] = [];
      for (const message of due) {
        const verdict = (await isolate({ message: message.id }, () => judge(tx, outbox, message, now))) ?? {
          is: 'wait',
          until: new Date(now.getTime() + FAULTY_WAIT_MS),
        };
        await store(tx, message, verdict, { now, leasedUntil });
        judged.push({ message, verdict });
      }
      return judged;
    });
    if (judged.length === 0) break;
    for (const { message, verdict } of judged) {
      if (verdict.is === 'send') claimed.push(verdict.delivery);
      // Outside the transaction, which holds messages: see disableChannel().
      await maintainChannel(outbox.sql, message, verdict, now);
    }
  }
  return claimed;
}

interface DueRow extends ReaderRow, MessageToCompose {
  created_at: Date;
  expires_at: Date;
  facts: StoredFacts | null;
  is_deleted: boolean;
  channel_id: string;
  channel_kind: ChannelKind;
  encrypted_config: string;
  is_verified: boolean;
  disabled_reason: string | null;
  time_zone: string | null;
  quiet_from: string | null;
  quiet_to: string | null;
}

/** Reads and locks due messages that no other process holds. */
function readDue(tx: Transaction, now: Date, limit: number): Promise<DueRow[]> {
  return tx<DueRow[]>`
    SELECT m.id, m.kind, m.profile, m.facts, m.created_at, m.expires_at, ${readerColumns(tx)}, u.is_deleted,
      h.id AS channel_id, h.kind AS channel_kind, h.encrypted_config, h.verified_at IS NOT NULL AS is_verified,
      h.disabled_reason, h.confirmation_code AS "confirmationCode",
      s.time_zone, s.quiet_from::text, s.quiet_to::text
    FROM alert_messages m
    JOIN alert_channels h ON h.id = m.channel_id
    JOIN users u ON u.id = m.user_id
    LEFT JOIN user_settings o ON o.user_id = m.user_id
    LEFT JOIN alert_settings s ON s.user_id = m.user_id
    WHERE m.state = 'pending' AND m.next_attempt_at <= ${now}
    ORDER BY m.next_attempt_at, m.id LIMIT ${limit} FOR UPDATE OF m SKIP LOCKED`;
}

/** What to do with a due message. */
type Verdict =
  | { is: 'send'; delivery: Delivery; renewedConfig: string | undefined }
  | { is: 'wait'; until: Date }
  | { is: 'dead' | 'dropped'; reason: string; disablesChannel?: true };

interface Judged {
  message: DueRow;
  verdict: Verdict;
}

async function judge(tx: Transaction, outbox: Outbox, message: DueRow, now: Date): Promise<Verdict> {
  const isTest = message.kind === 'test';
  const dropped = (reason: string): Verdict => ({ is: 'dropped', reason });
  if (message.is_deleted) return dropped('The account is deleted.');
  if (message.disabled_reason !== null) return dropped(message.disabled_reason);
  if (message.expires_at <= now)
    return {
      is: 'dead',
      reason: 'It could not be delivered while it was news. Messages expire after two days.',
    };
  if (!isTest) {
    if (!message.is_verified) return dropped('The channel is not confirmed.');
    if (!message.has_consented) return dropped('You have not accepted the current risk notice.');
    const until = quietUntil(now, {
      timeZone: message.time_zone ?? 'UTC',
      from: message.quiet_from,
      to: message.quiet_to,
    });
    if (until) return { is: 'wait', until };
  }
  const facts = await factsOf(tx, outbox, message);
  if (!facts) return dropped('You no longer follow these changes.');
  const opened = await openChannel(outbox.cipher, message.user_id, message.encrypted_config);
  if (!opened) {
    const reason = 'The stored settings of this channel can no longer be decrypted. Add the channel again.';
    return { is: 'dead', reason, disablesChannel: true };
  }
  const token = encodeURIComponent(opened.unsubscribeToken);
  return {
    is: 'send',
    renewedConfig: opened.renewed,
    delivery: {
      id: message.id,
      userId: message.user_id,
      channel: { id: message.channel_id, kind: message.channel_kind, config: opened.config },
      facts: {
        ...facts,
        pageUrl: outbox.pageUrl,
        unsubscribePath: `/unsubscribe?token=${token}`,
        oneClickPath: `/v1/alerts/unsubscribe?token=${token}`,
        managePath: '/settings#alerts',
      },
      createdAt: message.created_at.toISOString(),
    },
  };
}

/** The facts of an earlier attempt, or those of now. Undefined if the user wants none of the changes any more. */
async function factsOf(
  tx: Transaction,
  { notice }: Outbox,
  message: DueRow,
): Promise<StoredFacts | undefined> {
  if (!message.facts) {
    const composed = await composeFacts(tx, message, notice);
    if (!composed) return undefined;
    // As they are stored: Postgres orders the members anew, and the bytes of all attempts must be equal.
    const [stored] = await tx<{ facts: StoredFacts }[]>`
      UPDATE alert_messages SET facts = ${tx.json(composed)} WHERE id = ${message.id} RETURNING facts`;
    return stored?.facts;
  }
  return message.kind === 'test' || (await isStillWanted(tx, message.id)) ? message.facts : undefined;
}

async function store(
  tx: Transaction,
  { id }: DueRow,
  verdict: Verdict,
  { now, leasedUntil }: { now: Date; leasedUntil: Date },
): Promise<void> {
  if (verdict.is === 'wait') {
    await tx`UPDATE alert_messages SET next_attempt_at = ${verdict.until} WHERE id = ${id}`;
  } else if (verdict.is === 'send') {
    await tx`
      UPDATE alert_messages SET next_attempt_at = ${leasedUntil}, attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, ${now})
      WHERE id = ${id}`;
  } else {
    await tx`
      UPDATE alert_messages SET state = ${verdict.is}, ended_at = ${now}, reason = ${verdict.reason} WHERE id = ${id}`;
  }
}

async function maintainChannel(
  sql: Sql,
  { channel_id, encrypted_config }: DueRow,
  verdict: Verdict,
  now: Date,
): Promise<void> {
  if (verdict.is === 'send' && verdict.renewedConfig !== undefined) {
    await sql`
      UPDATE alert_channels SET encrypted_config = ${verdict.renewedConfig}
      WHERE id = ${channel_id} AND encrypted_config = ${encrypted_config}`;
  } else if (verdict.is === 'dead' && verdict.disablesChannel) {
    const { reason } = verdict;
    await sql.begin((tx) => disableChannel(tx, channel_id, { state: 'dead', reason }, now));
  }
}

/**
 * Stores the result of an attempt. Storing it again changes nothing, and neither does the result of an attempt that lost
 * its lease if the message has ended; only a success counts at any time.
 *
 * @param id - of the delivery; nothing happens if the message was deleted in between
 * @param random - from 0 to 1, spreads the next attempts of many messages
 */
export async function settle(
  sql: Sql,
  id: string,
  result: SendResult,
  now: Date,
  random: number = Math.random(),
): Promise<void> {
  await sql.begin(async (tx) => {
    const [message] = await tx<MessageToSettle[]>`
      SELECT m.id, m.channel_id, m.kind, h.kind AS channel_kind, m.attempts, m.first_attempt_at, m.expires_at
      FROM alert_messages m JOIN alert_channels h ON h.id = m.channel_id WHERE m.id = ${id}`;
    if (!message) return;
    if (result.status === 'sent') await settleSent(tx, message, now);
    else await settleFailed(tx, message, result, now, random);
  });
}

interface MessageToSettle {
  id: string;
  channel_id: string;
  kind: string;
  channel_kind: ChannelKind;
  attempts: number;
  first_attempt_at: Date;
  expires_at: Date;
}

async function settleSent(tx: Transaction, message: MessageToSettle, now: Date): Promise<void> {
  // An e-mail address may be another person's, so that its owner has to confirm it.
  const verifies = message.kind === 'test' && message.channel_kind !== 'email';
  await tx`
    UPDATE alert_channels
    SET failing_since = NULL, verified_at = ${verifies ? tx`coalesce(verified_at, ${now})` : tx`verified_at`}
    WHERE id = ${message.channel_id}`;
  await tx`
    UPDATE alert_messages SET state = 'sent', ended_at = ${now}, reason = NULL
    WHERE id = ${message.id} AND state <> 'sent'`;
}

async function settleFailed(
  tx: Transaction,
  { id, channel_id, attempts, first_attempt_at, expires_at }: MessageToSettle,
  result: Exclude<SendResult, { status: 'sent' }>,
  now: Date,
  random: number,
): Promise<void> {
  const { reason } = result;
  await tx`
    UPDATE alert_channels SET failing_since = coalesce(failing_since, ${now}) WHERE id = ${channel_id}`;
  const next =
    result.status === 'retry'
      ? nextAttempt(
          {
            attempts,
            firstAttemptAt: first_attempt_at,
            expiresAt: expires_at,
            afterSeconds: result.afterSeconds,
          },
          now,
          random,
        )
      : undefined;
  await (next
    ? tx`
      UPDATE alert_messages SET next_attempt_at = ${next}, reason = ${reason} WHERE id = ${id} AND state = 'pending'`
    : tx`
      UPDATE alert_messages SET state = 'dead', ended_at = ${now}, reason = ${reason}
      WHERE id = ${id} AND state = 'pending'`);
  if (result.status === 'refused' && result.disableChannel)
    await disableChannel(tx, channel_id, { state: 'dead', reason }, now);
}
