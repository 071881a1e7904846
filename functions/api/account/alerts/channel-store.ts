import { createHash, randomInt } from 'node:crypto';
import { disableChannel } from '../../../alerts/channel-state.ts';
import { CHANNELS } from '../../../alerts/channels/registry.ts';
import type { ChannelKind } from '../../../alerts/contracts.ts';
import { openChannel, sealChannel } from '../../../alerts/sealed-channel.ts';
import type { Sql, Transaction } from '../../../shared/database.ts';
import { DAY_MS } from '../../../shared/days.ts';
import type { Cipher } from '../../core/cipher.ts';
import { problem } from '../../core/problem.ts';
import { countConfirmation, enqueueTest } from './test-messages.ts';

/** The most channels of a user. */
export const MOST_CHANNELS = 10;

/** How often a user may enter a wrong code before a new one is needed. */
const MOST_CODE_ATTEMPTS = 5;

const CODE_LIFETIME_MS = DAY_MS;

/** The reason of a channel that its user switched off. */
const SWITCHED_OFF = 'You switched this channel off.';

/** A channel without its secrets. */
export interface AlertChannel {
  id: string;
  kind: ChannelKind;
  name: string;
  /** Where it leads, without secrets. Null if it can no longer be decrypted. */
  target: string | null;
  state: 'unverified' | 'working' | 'failing' | 'disabled';
  createdAt: string;
  verifiedAt: string | null;
  failingSince: string | null;
  disabledAt: string | null;
  /** Why it is failing or disabled. */
  reason: string | null;
}

interface ChannelRow {
  id: string;
  user_id: string;
  kind: ChannelKind;
  name: string;
  encrypted_config: string;
  created_at: Date;
  verified_at: Date | null;
  failing_since: Date | null;
  disabled_at: Date | null;
  disabled_reason: string | null;
  /** Of the newest message that an attempt failed for. */
  failure: string | null;
}

/** Lists the channels of a user, oldest first. */
export function listChannels(sql: Sql, cipher: Cipher, userId: string): Promise<AlertChannel[]> {
  return readChannels(sql, cipher, userId);
}

/**
 * Reads one channel.
 *
 * @throws ApiError (404) if the user has no such channel
 */
export async function readChannel(
  sql: Sql | Transaction,
  cipher: Cipher,
  userId: string,
  id: string,
): Promise<AlertChannel> {
  const [channel] = await readChannels(sql, cipher, userId, id);
  if (!channel) throw noChannel();
  return channel;
}

async function readChannels(
  sql: Sql | Transaction,
  cipher: Cipher,
  userId: string,
  id?: string,
): Promise<AlertChannel[]> {
  const rows = await sql<ChannelRow[]>`
    SELECT h.id, h.user_id, h.kind, h.name, h.encrypted_config, h.created_at, h.verified_at, h.failing_since,
      h.disabled_at, h.disabled_reason, (
        SELECT m.reason FROM alert_messages m
        WHERE m.channel_id = h.id AND m.reason IS NOT NULL AND m.state IN ('pending', 'dead')
        ORDER BY m.id DESC LIMIT 1
      ) AS failure
    FROM alert_channels h
    WHERE h.user_id = ${userId} ${id === undefined ? sql`` : sql`AND h.id = ${id}`} ORDER BY h.created_at, h.id`;
  return Promise.all(rows.map((row) => toChannel(row, cipher)));
}

async function toChannel(row: ChannelRow, cipher: Cipher): Promise<AlertChannel> {
  const opened = await openChannel(cipher, row.user_id, row.encrypted_config);
  const state = stateOf(row);
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    target: opened ? describe(row.kind, opened.config) : null,
    state,
    createdAt: row.created_at.toISOString(),
    verifiedAt: row.verified_at?.toISOString() ?? null,
    failingSince: row.failing_since?.toISOString() ?? null,
    disabledAt: row.disabled_at?.toISOString() ?? null,
    reason: row.disabled_reason ?? (row.failing_since ? row.failure : null),
  };
}

function stateOf(row: ChannelRow): AlertChannel['state'] {
  if (row.disabled_at) return 'disabled';
  if (row.failing_since) return 'failing';
  return row.verified_at ? 'working' : 'unverified';
}

function describe(kind: ChannelKind, config: unknown): string | null {
  const { config: schema, describe } = CHANNELS[kind];
  const parsed = schema.safeParse(config);
  return parsed.success ? describe(parsed.data as never) : null;
}

/** A channel that a user adds. */
export interface ChannelToAdd {
  userId: string;
  kind: ChannelKind;
  /** By default the kind's title. */
  name: string | undefined;
  /** What the user entered, as the kind's `input` returns it. */
  input: unknown;
}

/**
 * Adds a channel and its first test message. A user's first channel also adds a rule for label changes of followed stocks.
 *
 * @returns the channel, and a secret that was generated and is never shown again
 * @throws ApiError (409) if the user has {@link MOST_CHANNELS}, (429) after too many test messages
 */
export async function addChannel(
  tx: Transaction,
  cipher: Cipher,
  { userId, kind, name = CHANNELS[kind].title, input }: ChannelToAdd,
  at: Date,
): Promise<AlertChannel & { secret: string | null }> {
  // Concurrent requests wait for each other, so that they count each other's channels.
  await tx`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`;
  const own = await tx`SELECT FROM alert_channels WHERE user_id = ${userId}`;
  if (own.count >= MOST_CHANNELS)
    throw problem(
      'conflict',
      `You have ${MOST_CHANNELS} channels, which is the most that an account may have. Remove one first.`,
    );
  const { config, shownOnce } = CHANNELS[kind].create(input as never);
  const { encryptedConfig, unsubscribeHash } = await sealChannel(cipher, userId, config);
  const [{ id }] = await tx<[{ id: string }]>`
    INSERT INTO alert_channels (user_id, kind, name, encrypted_config, unsubscribe_hash, address_hash, created_at)
    VALUES (${userId}, ${kind}, ${name}, ${encryptedConfig}, ${unsubscribeHash}, ${addressHash(kind, config)}, ${at})
    RETURNING id`;
  await tx`
    INSERT INTO alert_rules (user_id, kind, scope)
    SELECT ${userId}, 'label', 'followed' WHERE NOT EXISTS (SELECT FROM alert_rules WHERE user_id = ${userId})`;
  await sendTest(tx, userId, id, at);
  return { ...(await readChannel(tx, cipher, userId, id)), secret: shownOnce };
}

/** Under which an address is counted; null for kinds other than e-mail. */
function addressHash(kind: ChannelKind, config: unknown): Buffer | null {
  if (kind !== 'email') return null;
  const { address } = CHANNELS.email.config.parse(config);
  return createHash('sha256').update(address.toLowerCase()).digest();
}

/**
 * Enqueues a test message. That of an unconfirmed e-mail address carries a code.
 *
 * @returns the id of the message
 * @throws ApiError (404), (409) if the channel is disabled or a test message is on its way, (429) after too many
 */
export async function sendTest(tx: Transaction, userId: string, id: string, at: Date): Promise<string> {
  const [channel] = await tx<
    { is_disabled: boolean; address_hash: Buffer | null; needs_code: boolean; has_code: boolean }[]
  >`
    SELECT disabled_at IS NOT NULL AS is_disabled, address_hash, kind = 'email' AND verified_at IS NULL AS needs_code,
      coalesce(confirmation_expires_at > ${at} AND confirmation_attempts < ${MOST_CODE_ATTEMPTS}, false) AS has_code
    FROM alert_channels WHERE user_id = ${userId} AND id = ${id} FOR NO KEY UPDATE`;
  if (!channel) throw noChannel();
  if (channel.is_disabled)
    throw problem('conflict', 'This channel is switched off. Switch it on to send a test message.');
  if (channel.needs_code && channel.address_hash) await countConfirmation(tx, channel.address_hash, at);
  if (channel.needs_code && !channel.has_code) {
    const code = String(randomInt(100_000_000)).padStart(8, '0');
    await tx`
      UPDATE alert_channels SET confirmation_code = ${code}, confirmation_attempts = 0,
        confirmation_expires_at = ${new Date(at.getTime() + CODE_LIFETIME_MS)}
      WHERE id = ${id}`;
  }
  return enqueueTest(tx, userId, id, at);
}

/**
 * Confirms an e-mail address with the code that was sent to it. A confirmed address stays confirmed.
 *
 * @returns whether the code is right; a wrong one counts, so the transaction must commit
 * @throws ApiError (404), (409) if there is no code, or too many were wrong
 */
export async function confirmChannel(
  tx: Transaction,
  { userId, id, code }: { userId: string; id: string; code: string },
  at: Date,
): Promise<boolean> {
  const [channel] = await tx<
    { is_verified: boolean; code: string | null; expires_at: Date | null; attempts: number }[]
  >`
    SELECT verified_at IS NOT NULL AS is_verified, confirmation_code AS code, confirmation_expires_at AS expires_at,
      confirmation_attempts AS attempts
    FROM alert_channels WHERE user_id = ${userId} AND id = ${id} FOR NO KEY UPDATE`;
  if (!channel) throw noChannel();
  if (channel.is_verified) return true;
  if (channel.code === null || channel.expires_at === null)
    throw problem('conflict', 'This channel needs no code. It works once a test message arrives.');
  if (channel.expires_at <= at || channel.attempts >= MOST_CODE_ATTEMPTS)
    throw problem('conflict', 'The code has expired. Send a test message to get a new one.');
  if (channel.code !== code) {
    await tx`UPDATE alert_channels SET confirmation_attempts = confirmation_attempts + 1 WHERE id = ${id}`;
    return false;
  }
  await tx`
    UPDATE alert_channels SET verified_at = ${at}, confirmation_code = NULL, confirmation_expires_at = NULL
    WHERE id = ${id}`;
  return true;
}

/**
 * Changes the name of a channel, or switches it on or off. A channel that the other side refused, or whose messages were
 * stopped by their link, has to prove again that messages are welcome: switching it on sends a test message.
 *
 * @throws ApiError (404), (429) after too many test messages
 */
export async function changeChannel(
  tx: Transaction,
  {
    userId,
    id,
    name,
    isOn,
  }: { userId: string; id: string; name?: string | undefined; isOn?: boolean | undefined },
  at: Date,
): Promise<void> {
  const [channel] = await tx<{ disabled_reason: string | null }[]>`
    SELECT disabled_reason FROM alert_channels WHERE user_id = ${userId} AND id = ${id} FOR NO KEY UPDATE`;
  if (!channel) throw noChannel();
  if (name !== undefined) await tx`UPDATE alert_channels SET name = ${name} WHERE id = ${id}`;
  if (isOn === false) await disableChannel(tx, id, { state: 'dropped', reason: SWITCHED_OFF }, at);
  if (isOn === true && channel.disabled_reason !== null) {
    const isTrusted = channel.disabled_reason === SWITCHED_OFF;
    await tx`
      UPDATE alert_channels SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL
        ${isTrusted ? tx`` : tx`, verified_at = NULL`}
      WHERE id = ${id}`;
    if (!isTrusted) await sendTest(tx, userId, id, at);
  }
}

/** Removes a channel with its messages. @throws ApiError (404) */
export async function removeChannel(tx: Transaction, userId: string, id: string): Promise<void> {
  const removed = await tx`DELETE FROM alert_channels WHERE user_id = ${userId} AND id = ${id}`;
  if (removed.count === 0) throw noChannel();
}

function noChannel() {
  return problem('not-found', 'You have no channel with this id. It may be removed already.');
}
