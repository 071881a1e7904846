import { describeTurn, readTurn } from '../../functions/ingest/plan/allowance.ts';
import { type Environment, readNames } from '../../functions/ingest/providers/choice.ts';
import { allowanceOf } from '../../functions/ingest/providers/descriptor.ts';
import type { PipelineInput } from '../../functions/shared/contracts.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { defined } from '../../functions/shared/invariant.ts';

/**
 * What a run will not request because its provider serves only so many instruments an hour, as sentences for a person;
 * undefined for a run that requests all. A run for which nothing is left is refused with the same sentences.
 */
export async function allowanceNotice(
  sql: Sql,
  environment: Environment,
  { symbols, replay }: Partial<PipelineInput>,
): Promise<string | undefined> {
  const allowance = allowanceOf(readNames(environment));
  if (!allowance || replay !== undefined) return undefined;
  const [active] = await sql<
    { count: number }[]
  >`SELECT count(*)::int AS count FROM instruments WHERE is_active`;
  const count = symbols?.length ?? defined(active, 'the number of instruments').count;
  const turn = await readTurn(sql, '', allowance);
  return turn.now === 0 ? undefined : describeTurn(count, allowance, turn);
}
