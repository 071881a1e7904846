import type { Transaction } from '../shared/database.ts';

/**
 * Disables a channel, and ends its pending messages. A channel that is disabled keeps its first reason.
 *
 * Every transaction that changes a channel and its messages changes the channel first, so that none waits for another
 * in a circle.
 *
 * @param state - `dead` if the other side refuses messages, `dropped` if the user does not want them
 * @param reason - one sentence to the user
 * @returns whether the channel exists and was not disabled
 */
export async function disableChannel(
  tx: Transaction,
  channelId: string,
  { state, reason }: { state: 'dead' | 'dropped'; reason: string },
  now: Date,
): Promise<boolean> {
  const disabled = await tx`
    UPDATE alert_channels SET disabled_at = ${now}, disabled_reason = ${reason}
    WHERE id = ${channelId} AND disabled_at IS NULL`;
  await tx`
    UPDATE alert_messages SET state = ${state}, ended_at = ${now}, reason = ${reason}
    WHERE channel_id = ${channelId} AND state = 'pending'`;
  return disabled.count > 0;
}
