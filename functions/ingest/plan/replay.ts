import type { PipelineInput } from '../../shared/contracts.ts';
import type { Sql } from '../../shared/database.ts';
import { BadInputError } from '../../shared/errors.ts';
import type { Request } from './batches.ts';
import type { PlannedRun } from './plan.ts';

type Earlier = Omit<PlannedRun, 'requests' | 'input'> & {
  batches: Request[];
  input: PipelineInput;
};

/**
 * Plans a run that loads the raw records of an earlier one again: its instruments, or some of them, and its days.
 *
 * @throws BadInputError if there is no such run, if it left no records of its own, or did not cover a symbol
 */
export async function planReplay(sql: Sql, runId: string, symbols?: string[]): Promise<PlannedRun> {
  const refuse = (why: string) => new BadInputError(`pipeline input: replay: ${runId} ${why}`);
  const [run] = await sql<Earlier[]>`
    SELECT mode, to_char(as_of, 'YYYY-MM-DD') AS "asOf", provider, batches, input
    FROM pipeline_runs WHERE id = ${runId}`;
  if (!run) throw refuse('is not a run of the ledger');
  if (run.input.replay)
    throw refuse(`is itself a replay, of ${run.input.replay}: that one has the raw records`);
  if (run.batches.length === 0) throw refuse('has no record of what it asked for');
  const covered = new Set(run.batches.flatMap((request) => request.symbols));
  const unknown = (symbols ?? []).filter((symbol) => !covered.has(symbol));
  if (unknown.length > 0) throw refuse(`did not cover ${unknown.join(', ')}`);
  const wanted = new Set(symbols ?? covered);
  const only = symbols ?? run.input.symbols;
  return {
    mode: run.mode,
    asOf: run.asOf,
    provider: run.provider,
    requests: run.batches
      .map((request) => ({ ...request, symbols: request.symbols.filter((symbol) => wanted.has(symbol)) }))
      .filter((request) => request.symbols.length > 0),
    // Infer takes the instruments of a run from its input: those of the earlier run, not all.
    input: { replay: runId, ...(only && { symbols: only }) },
  };
}
