import { randomUUID } from 'node:crypto';
import type { ChannelKind, Delivery, SendResult } from '../../../functions/alerts/contracts.ts';
import type { Send } from '../../../functions/alerts/deliver.ts';
import { enqueueDigests } from '../../../functions/alerts/digests.ts';
import { claimDue, type Outbox } from '../../../functions/alerts/outbox.ts';
import { openChannel, sealChannel } from '../../../functions/alerts/sealed-channel.ts';
import { Keyring } from '../../../functions/api/auth/keyring.ts';
import { KeyringCipher } from '../../../functions/api/auth/keyring-cipher.ts';
import type { TestDatabase } from '../../support/database.ts';

export const PAGE_URL = 'https://calls.example.com';

/** The outbox of a test's database, with the rights of the API. */
export function outboxOf(db: TestDatabase, notice: string | null = null): Outbox {
  const cipher = new KeyringCipher(new Keyring(db.signingKeysUrl));
  return { sql: db.client('api'), cipher, pageUrl: PAGE_URL, notice };
}

export interface ChannelSeed {
  kind?: ChannelKind;
  config?: unknown;
  isVerified?: boolean;
}

/** Stores a channel, by default a verified webhook. */
export async function seedChannel(
  db: TestDatabase,
  userId: string,
  { kind = 'webhook', config = { url: 'https://hooks.example.com/a' }, isVerified = true }: ChannelSeed = {},
): Promise<{ id: string; token: string }> {
  const cipher = new KeyringCipher(new Keyring(db.signingKeysUrl));
  const { encryptedConfig, unsubscribeHash } = await sealChannel(cipher, userId, config);
  const [row] = await db.sql<[{ id: string }]>`
    INSERT INTO alert_channels (user_id, kind, name, encrypted_config, unsubscribe_hash, verified_at)
    VALUES (${userId}, ${kind}, ${kind}, ${encryptedConfig}, ${unsubscribeHash}, ${isVerified ? new Date() : null})
    RETURNING id`;
  const opened = await openChannel(cipher, userId, encryptedConfig);
  return { id: row.id, token: opened?.unsubscribeToken ?? '' };
}

/** A rule's columns that differ from those of the first rule. */
export interface RuleSeed {
  kind?: 'label' | 'calls' | 'levels' | 'digest';
  scope?: 'followed' | 'all';
  profile?: string | null;
  isOn?: boolean;
  /** The only channels. */
  channels?: string[];
  /** Of a digest: the local time, and when the last one was due. */
  time?: string;
  weekday?: number;
  digestedAt?: Date;
}

/** Stores a rule, by default for label changes of followed stocks. Returns its id. */
export async function seedRule(db: TestDatabase, userId: string, seed: RuleSeed = {}): Promise<string> {
  const { kind = 'label', time = '07:30', digestedAt = new Date(0) } = seed;
  const isDigest = kind === 'digest';
  const [row] = await db.sql<[{ id: string }]>`
    INSERT INTO alert_rules (user_id, kind, scope, profile, is_on, every_channel, frequency, local_time, weekday,
      digested_at, digested_to)
    VALUES (${userId}, ${kind}, ${seed.scope ?? 'followed'}, ${seed.profile ?? null}, ${seed.isOn ?? true},
      ${seed.channels === undefined},
      ${isDigest ? (seed.weekday === undefined ? 'daily' : 'weekly') : null}, ${isDigest ? time : null}::text::time,
      ${seed.weekday ?? null}, ${isDigest ? digestedAt : null}, ${isDigest ? 0 : null})
    RETURNING id`;
  for (const channel of seed.channels ?? [])
    await db.sql`INSERT INTO alert_rule_channels VALUES (${row.id}, ${channel})`;
  return row.id;
}

/** Stores a test message. Returns its id. */
export async function seedTestMessage(
  db: TestDatabase,
  userId: string,
  channelId: string,
  { state = 'pending', reason = null as string | null } = {},
): Promise<string> {
  const [row] = await db.sql<[{ id: string }]>`
    INSERT INTO alert_messages (user_id, channel_id, dedupe_key, kind, profile, state, ended_at, reason)
    VALUES (${userId}, ${channelId}, ${`test:${randomUUID()}`}, 'test', 'conservative', ${state},
      ${state === 'pending' ? null : new Date()}, ${reason})
    RETURNING id`;
  return row.id;
}

export async function follow(db: TestDatabase, userId: string, ...instrumentIds: string[]): Promise<void> {
  for (const id of instrumentIds)
    await db.sql`INSERT INTO watchlist_entries (user_id, instrument_id) VALUES (${userId}, ${id})`;
}

/** Claims what is due, in one batch. */
export async function claimed(outbox: Outbox, now = new Date()): Promise<Delivery[]> {
  await enqueueDigests(outbox.sql, now);
  return claimDue(outbox, { now, limit: 100, leaseSeconds: 120 });
}

/** A sender that records what it sends. */
export function recorder(answer: (delivery: Delivery) => SendResult = () => ({ status: 'sent' })) {
  const deliveries: Delivery[] = [];
  const send: Send = async (delivery) => {
    deliveries.push(delivery);
    return answer(delivery);
  };
  return { deliveries, send };
}
