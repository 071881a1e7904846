import type { Transaction } from '../shared/database.ts';

const RESTORED =
  'The installation was restored from a backup. It may have sent this message after the backup.';

/**
 * Drops the messages that waited when a backup was made, and begins each digest anew: the installation may have sent
 * them since.
 *
 * @param tx - of the owner of the tables
 */
export async function dropRestoredMessages(tx: Transaction, now: Date): Promise<void> {
  await tx`
    UPDATE alert_messages SET state = 'dropped', ended_at = ${now}, reason = ${RESTORED} WHERE state = 'pending'`;
  await tx`
    UPDATE alert_rules SET digested_at = ${now}, digested_to = (SELECT coalesce(max(id), 0) FROM call_changes)
    WHERE kind = 'digest'`;
}
