import type { Transaction } from '../../../shared/database.ts';
import { DAY_MS, toDay } from '../../../shared/days.ts';
import { problem } from '../../core/problem.ts';

/** The most test messages of a user in a day (UTC), over all channels, including removed ones. */
export const MOST_TESTS = 20;

/** The most messages with a code that an unconfirmed address gets in a day (UTC), from all accounts. */
export const MOST_CONFIRMATIONS = 5;

/**
 * Counts a message with a code. The address may be a stranger's, whom many accounts must not be able to pester.
 *
 * @throws ApiError (429, with Retry-After) beyond {@link MOST_CONFIRMATIONS}
 */
export async function countConfirmation(tx: Transaction, addressHash: Buffer, at: Date): Promise<void> {
  const today = toDay(at);
  const [{ sent }] = await tx<[{ sent: number }]>`
    INSERT INTO alert_confirmations AS c (address_hash, sent_on, sent) VALUES (${addressHash}, ${today}, 1)
    ON CONFLICT (address_hash) DO UPDATE
      SET sent_on = excluded.sent_on, sent = CASE WHEN c.sent_on = excluded.sent_on THEN c.sent + 1 ELSE 1 END
    RETURNING sent`;
  if (sent > MOST_CONFIRMATIONS)
    throw tooMany(`An unconfirmed address gets ${MOST_CONFIRMATIONS} messages a day at most.`, at);
}

/**
 * Enqueues a test message.
 *
 * @returns its id
 * @throws ApiError (409) if one is on its way, (429, with Retry-After) beyond {@link MOST_TESTS}
 */
export async function enqueueTest(
  tx: Transaction,
  userId: string,
  channelId: string,
  at: Date,
): Promise<string> {
  const pending = await tx`
    SELECT FROM alert_messages WHERE channel_id = ${channelId} AND kind = 'test' AND state = 'pending'`;
  if (pending.count > 0) throw problem('conflict', 'A test message is on its way already.');
  await countTest(tx, userId, at);
  const [{ id }] = await tx<[{ id: string }]>`
    INSERT INTO alert_messages (user_id, channel_id, dedupe_key, kind, profile, created_at)
    SELECT ${userId}, ${channelId}, ${`test:${at.toISOString()}:`} || gen_random_uuid(), 'test',
      coalesce((SELECT preferred_profile FROM user_settings WHERE user_id = ${userId}), 'conservative'), ${at}
    RETURNING id`;
  return id;
}

/**
 * Counts a test message, also one that is sent again.
 *
 * @throws ApiError (429, with Retry-After) beyond {@link MOST_TESTS}
 */
export async function countTest(tx: Transaction, userId: string, at: Date): Promise<void> {
  const [{ tests }] = await tx<[{ tests: number }]>`
    INSERT INTO alert_settings AS s (user_id, tests_on, tests) VALUES (${userId}, ${toDay(at)}, 1)
    ON CONFLICT (user_id) DO UPDATE
      SET tests_on = excluded.tests_on, tests = CASE WHEN s.tests_on = excluded.tests_on THEN s.tests + 1 ELSE 1 END
    RETURNING tests`;
  if (tests > MOST_TESTS) throw tooMany(`An account may send ${MOST_TESTS} test messages a day.`, at);
}

function tooMany(limit: string, at: Date) {
  const seconds = Math.ceil((Date.parse(toDay(at)) + DAY_MS - at.getTime()) / 1000);
  return problem('too-many-requests', `${limit} Try again tomorrow (UTC).`, {
    headers: { 'retry-after': String(seconds) },
    members: { retryAfter: seconds },
  });
}
