import type { Sql } from '../shared/database.ts';
import { MINUTE_MS } from '../shared/days.ts';

/** A message that nobody has attempted for this long after it was due: the service that sends does not run. */
const OVERDUE_MS = 15 * MINUTE_MS;

/** How the delivery of messages goes, over all users. */
export interface DeliveryHealth {
  /**
   * Since when no message reaches anybody although some are due; null while messages arrive or none is due. A single
   * channel that fails does not count, except e-mail, which leaves through the operator's server.
   */
  failingSince: Date | null;
}

/**
 * Reads whether messages reach users.
 *
 * @param sql - a client of the API's role
 */
export async function readDeliveryHealth(sql: Sql, now: Date): Promise<DeliveryHealth> {
  const overdue = new Date(now.getTime() - OVERDUE_MS);
  const [row] = await sql<{ since: Date | null }[]>`
    WITH waiting AS (
      SELECT min(coalesce(m.first_attempt_at, m.next_attempt_at)) AS since,
        count(DISTINCT m.channel_id) > 1 OR bool_or(h.kind = 'email') OR bool_or(m.next_attempt_at < ${overdue}) AS counts
      FROM alert_messages m JOIN alert_channels h ON h.id = m.channel_id
      WHERE m.state = 'pending' AND (m.reason IS NOT NULL OR m.next_attempt_at < ${overdue})
    )
    SELECT since FROM waiting
    WHERE counts AND NOT EXISTS (
      SELECT FROM alert_messages WHERE state = 'sent' AND ended_at >= since)`;
  return { failingSince: row?.since ?? null };
}
