import { ENV } from '../../functions/shared/constants.ts';
import { connect, type Sql } from '../../functions/shared/database.ts';
import { readDatabaseSecret } from '../../functions/shared/secrets.ts';
import { log } from '../../functions/shared/telemetry.ts';

/** The first key of the advisory locks of runs. */
const LOCK = 'pipeline_run';

/** How often a run takes its lock again, which it loses with its connection. */
const RENEWAL_MS = 5_000;

/** The runs of this process: none of them has been killed, even if its lock was lost. */
const own = new Set<string>();

/**
 * Marks a run as under way by an advisory lock, which the server frees when this process ends. Before that, closes
 * the runs in the ledger whose process has ended. A database that cannot be reached prevents neither: the run's own
 * steps are retried.
 *
 * @returns a function that ends the mark
 */
export async function holdRun(runId: string): Promise<() => Promise<void>> {
  const secret = process.env[ENV.pipelineDatabaseSecret];
  if (!secret) return async () => {};
  own.add(runId);
  const sql = connect(await readDatabaseSecret(secret));
  const take = () =>
    sql`SELECT pg_try_advisory_lock(hashtext(${LOCK}), hashtext(${runId}))`.catch(() => undefined);
  await take();
  await closeEndedRuns(sql).catch((error) =>
    log('warn', 'runs of ended processes stay open', {
      error: error instanceof Error ? error.message : typeof error,
    }),
  );
  const timer = setInterval(take, RENEWAL_MS).unref();
  return async () => {
    clearInterval(timer);
    own.delete(runId);
    await sql.end({ timeout: 1 });
  };
}

/** Marks the runs as failed whose process ended before they did. A run whose process holds its lock stays open. */
export async function closeEndedRuns(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    const running = await tx<{ id: string }[]>`SELECT id FROM pipeline_runs WHERE status = 'running'`;
    for (const { id } of running) {
      if (own.has(id)) continue;
      const [lock] = await tx<{ isFree: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(hashtext(${LOCK}), hashtext(${id})) AS "isFree"`;
      if (!lock?.isFree) continue;
      await tx`
        UPDATE pipeline_runs SET status = 'failed', finished_at = now(),
          error = 'stopped: the process that ran it ended before the run did'
        WHERE id = ${id} AND status = 'running'`;
    }
  });
}
