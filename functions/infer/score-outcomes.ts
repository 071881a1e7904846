import type { RunReference, ScoreResult } from '../shared/contracts.ts';
import type { Sql } from '../shared/database.ts';
import type { ObjectReader } from '../shared/object-store.ts';
import { insertOutcomes, insertRevisions, stageDueOutcomes } from './due-outcomes.ts';
import { listScoredDays, storeMarketReturns } from './market-returns.ts';
import { labelDueOutcomes } from './realised-labels.ts';

/**
 * Stores the outcomes of earlier calls over horizon_days sessions after their as-of, from bars up to the as-of of the
 * run. A first outcome never changes: one from restated bars is stored as a revision. The work does not grow with the
 * years: Score reads the calls without an outcome, and those of instruments that `outcome_backlog` marks.
 *
 * @param models - the store of releases, whose manifests have the rules for labels
 */
export async function scoreOutcomes(run: RunReference, sql: Sql, models: ObjectReader): Promise<ScoreResult> {
  return sql.begin(async (tx) => {
    // Concurrent runs score one after the other.
    await tx`SELECT pg_advisory_xact_lock(hashtext('score'))`;
    // Locked, so that a mark that Load sets meanwhile survives.
    await tx`SELECT FROM outcome_backlog ORDER BY instrument_id FOR UPDATE`;
    await stageDueOutcomes(tx, run.asOf);
    const labels = await labelDueOutcomes(tx, models, run.asOf);
    await listScoredDays(tx);
    // First, so that a trigger of the outcomes finds the market of their day.
    await storeMarketReturns(tx, run.asOf);
    const scored = (await insertOutcomes(tx, labels)) + (await insertRevisions(tx));
    // A run as of an earlier day has not read the later bars.
    await tx`
      DELETE FROM outcome_backlog k WHERE NOT EXISTS (
        SELECT 1 FROM price_bars b
        WHERE b.instrument_id = k.instrument_id AND b.interval = 'daily' AND b.ts > ${run.asOf}::timestamptz
      )`;
    return { scored };
  });
}
