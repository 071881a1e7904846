import type { Sql } from '../../shared/database.ts';
import { BadInputError } from '../../shared/errors.ts';
import type { PlannedRun } from './planned-run.ts';

/**
 * Plans a run that loads the raw records of an earlier run again: its days, and its instruments or some of them.
 *
 * @throws BadInputError if there is no such run, it has no raw records of its own, or it did not cover a symbol
 */
export async function planReplay(sql: Sql, runId: string, symbols?: string[]): Promise<PlannedRun> {
  const refuse = (why: string) => new BadInputError(`pipeline input: replay: run ${runId} ${why}`);
  const [run] = await sql<PlannedRun[]>`
    SELECT mode, to_char(as_of, 'YYYY-MM-DD') AS "asOf", provider, batches, input
    FROM pipeline_runs WHERE id = ${runId}`;
  if (!run) throw refuse('is not in the ledger');
  if (run.input.replay)
    throw refuse(`is itself a replay of ${run.input.replay}, which has the raw records: replay that run`);
  if (run.batches.length === 0) throw refuse('has no recorded batches');
  const covered = new Set(run.batches.flatMap((batch) => batch.symbols));
  const replayed = new Set(symbols ?? covered);
  const unknown = [...replayed].filter((symbol) => !covered.has(symbol));
  if (unknown.length > 0) throw refuse(`did not cover ${unknown.join(', ')}`);
  const only = symbols ?? run.input.symbols;
  return {
    mode: run.mode,
    asOf: run.asOf,
    provider: run.provider,
    batches: run.batches
      .map((batch) => ({ ...batch, symbols: batch.symbols.filter((symbol) => replayed.has(symbol)) }))
      .filter((batch) => batch.symbols.length > 0),
    deferred: [],
    // Infer takes the instruments of a run from its input: those of the earlier run, not every active one.
    input: { replay: runId, ...(only && { symbols: only }) },
  };
}
