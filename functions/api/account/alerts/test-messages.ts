import type { Transaction } from '../../../shared/database.ts';
import { DAY_MS, toDay } from '../../../shared/days.ts';
import { problem } from '../../core/problem.ts';

/** The most test messages of a user in a day (UTC), over all channels, including removed ones. */
export const MOST_TESTS = 20;

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
  const today = toDay(at);
  const [{ tests }] = await tx<[{ tests: number }]>`
    INSERT INTO alert_settings AS s (user_id, tests_on, tests) VALUES (${userId}, ${today}, 1)
    ON CONFLICT (user_id) DO UPDATE
      SET tests_on = excluded.tests_on, tests = CASE WHEN s.tests_on = excluded.tests_on THEN s.tests + 1 ELSE 1 END
    RETURNING tests`;
  if (tests > MOST_TESTS) throw tooManyTests(Date.parse(today) + DAY_MS - at.getTime());
  const [{ id }] = await tx<[{ id: string }]>`
    INSERT INTO alert_messages (user_id, channel_id, dedupe_key, kind, profile, created_at)
    SELECT ${userId}, ${channelId}, ${`test:${at.toISOString()}:`} || gen_random_uuid(), 'test',
      coalesce((SELECT preferred_profile FROM user_settings WHERE user_id = ${userId}), 'conservative'), ${at}
    RETURNING id`;
  return id;
}

function tooManyTests(waitMs: number) {
  const seconds = Math.ceil(waitMs / 1000);
  return problem(
    'too-many-requests',
    `An account may send ${MOST_TESTS} test messages a day. Try again tomorrow (UTC).`,
    { headers: { 'retry-after': String(seconds) }, members: { retryAfter: seconds } },
  );
}
