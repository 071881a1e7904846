import { reachingDatabase, type Sql } from '../../shared/database.ts';
import { BoursomaticError } from '../../shared/errors.ts';
import { log } from '../../shared/telemetry.ts';

/**
 * Erases the personal data of accounts that were deleted 30 days ago, and deletes security events that are older than
 * 400 days. The counts are added to the run's row in the same transaction, so a retry neither loses nor repeats them.
 *
 * If Postgres refuses the erasure, the run continues: its recommendations do not depend on it. The run's row keeps the
 * reason, an alarm reports it, and the next run tries again.
 *
 * @throws DatabaseUnreachableError if the connection is lost, so that Plan is retried
 */
export async function expirePersonalData(sql: Sql, runId: string): Promise<void> {
  try {
    await reachingDatabase(() => expire(sql, runId));
  } catch (error) {
    // A lost connection concerns the whole step.
    if (error instanceof BoursomaticError || !(error instanceof Error)) throw error;
    log('error', 'personal data not expired', { runId, message: error.message });
    await sql`UPDATE pipeline_runs SET expiry_error = ${error.message.slice(0, 500)} WHERE id = ${runId}`;
  }
}

async function expire(sql: Sql, runId: string): Promise<void> {
  const [expired] = await sql<{ accounts: number; events: number }[]>`
    UPDATE pipeline_runs r
    SET erased_accounts = r.erased_accounts + e.erased_accounts, expired_events = r.expired_events + e.expired_events,
      expiry_error = NULL
    FROM expire_personal_data() e
    WHERE r.id = ${runId} RETURNING e.erased_accounts AS accounts, e.expired_events AS events`;
  if (!expired || expired.accounts + expired.events === 0) return;
  log('info', 'personal data expired', {
    runId,
    erasedAccounts: expired.accounts,
    expiredEvents: expired.events,
  });
}
