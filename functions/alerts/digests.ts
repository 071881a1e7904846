import type { Sql, Transaction } from '../shared/database.ts';
import { DAY_MS, toDay } from '../shared/days.ts';
import { isolate } from './isolate.ts';
import { lastDigestTime } from './times.ts';

/** How long the outbox keeps messages that have ended. */
const KEPT_DAYS = 30;

/**
 * Writes the digests that are due: one message per rule and channel, about the changes since the last digest. Nothing is
 * written where nothing changed. Digests that were missed, because the service did not run, become one.
 *
 * @returns the number of messages
 */
export async function enqueueDigests(sql: Sql, now: Date): Promise<number> {
  const rules = await sql<
    { id: string; time: string; weekday: number | null; time_zone: string; digested_at: Date }[]
  >`
    SELECT r.id, r.local_time::text AS time, r.weekday, coalesce(s.time_zone, 'UTC') AS time_zone, r.digested_at
    FROM alert_rules r LEFT JOIN alert_settings s ON s.user_id = r.user_id
    WHERE r.kind = 'digest' AND r.is_on ORDER BY r.id`;
  let messages = 0;
  for (const { id, time, weekday, time_zone, digested_at } of rules) {
    messages +=
      (await isolate({ rule: id }, async () => {
        const due = lastDigestTime(now, { timeZone: time_zone, time, weekday });
        return digested_at < due ? enqueueDigest(sql, id, due) : 0;
      })) ?? 0;
  }
  return messages;
}

/** Writes the digest of a rule that is due at a time, unless the rule had it. */
async function enqueueDigest(sql: Sql, ruleId: string, due: Date): Promise<number> {
  return sql.begin(async (tx) => {
    // Of two processes, the second one finds the digest written.
    const rule = await tx`SELECT FROM alert_rules WHERE id = ${ruleId} AND digested_at < ${due} FOR UPDATE`;
    if (rule.count === 0) return 0;
    // Publish adds changes under a lock, so that none with a smaller id appears later.
    const [{ last }] = await tx<
      [{ last: string }]
    >`SELECT coalesce(max(id), 0)::text AS last FROM call_changes`;
    const written = await writeDigest(tx, ruleId, last);
    await tx`UPDATE alert_rules SET digested_at = ${due}, digested_to = ${last} WHERE id = ${ruleId}`;
    return written;
  });
}

/**
 * Writes the digest of the changes up to one. Digests of a rule have no change in common, so that the last change tells
 * them apart.
 */
async function writeDigest(tx: Transaction, ruleId: string, last: string): Promise<number> {
  const { count } = await tx`
    INSERT INTO alert_messages (user_id, channel_id, dedupe_key, kind, profile, change_ids)
    SELECT r.user_id, h.id, ${`digest:${ruleId}:`} || max(w.change_id), 'digest', w.profile,
      array_agg(w.change_id ORDER BY w.change_id)
    FROM alert_rules r
    JOIN alert_matches w ON w.rule_id = r.id AND w.change_id > r.digested_to AND w.change_id <= ${last}
    JOIN alert_channels h ON h.user_id = r.user_id AND h.verified_at IS NOT NULL AND h.disabled_at IS NULL
      AND (r.every_channel OR EXISTS (
        SELECT FROM alert_rule_channels o WHERE o.rule_id = r.id AND o.channel_id = h.id))
    WHERE r.id = ${ruleId}
    GROUP BY r.user_id, h.id, w.profile
    ON CONFLICT (channel_id, dedupe_key) DO NOTHING`;
  return count;
}

/** Deletes messages that ended 30 days ago, and counts of codes from earlier days. */
export async function deleteOldMessages(sql: Sql, now: Date): Promise<number> {
  const { count } = await sql`
    DELETE FROM alert_messages
    WHERE state <> 'pending' AND ended_at < ${new Date(now.getTime() - KEPT_DAYS * DAY_MS)}`;
  await sql`DELETE FROM alert_confirmations WHERE sent_on < ${toDay(now)}`;
  return count;
}
