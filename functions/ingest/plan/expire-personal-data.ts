import type { Sql } from '../../shared/database.ts';
import { log } from '../../shared/telemetry.ts';

/**
 * Erases the personal data of accounts that were deleted 30 days ago, and deletes security events that are older than
 * 400 days. The counts are added to the run's row in the same transaction, so a retry neither loses nor repeats them.
 */
export async function expirePersonalData(sql: Sql, runId: string): Promise<void> {
  const [expired] = await sql<{ accounts: number; events: number }[]>`
    UPDATE pipeline_runs r
    SET erased_accounts = r.erased_accounts + e.erased_accounts, expired_events = r.expired_events + e.expired_events
    FROM expire_personal_data() e
    WHERE r.id = ${runId} RETURNING e.erased_accounts AS accounts, e.expired_events AS events`;
  if (!expired || expired.accounts + expired.events === 0) return;
  log('info', 'personal data expired', {
    runId,
    erasedAccounts: expired.accounts,
    expiredEvents: expired.events,
  });
}
