import type { Sql } from '../shared/database.ts';

/** Rows from which a run's features outweigh what the planner knew: 20 years of 20 instruments. */
const LARGE_RUN = 100_000;

/** Renews the planner's statistics of bars and features if the run has stored many of them, such as a backfill. */
export async function analyseAfterBackfill(sql: Sql, runId: string): Promise<void> {
  await sql`
    SELECT analyse_market_data() FROM pipeline_runs WHERE id = ${runId} AND features >= ${LARGE_RUN}`;
}
