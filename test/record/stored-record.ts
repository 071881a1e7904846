import type { Sql } from '../../functions/shared/database.ts';
import type { DayCounts } from './expected-counts.ts';
import type { Call, MarketReturn, Outcome } from './expected-record.ts';

const milliseconds = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8`;

/**
 * Reads the calls of some runs as they were published.
 *
 * @param runIds - all runs if absent
 */
export function readCalls(sql: Sql, runIds?: readonly string[]): Promise<Call[]> {
  return sql<Call[]>`
    SELECT r.id, i.symbol, r.profile, r.label, r.kind, ${sql.unsafe(milliseconds('r.as_of'))} AS "asOf",
      r.horizon_days AS "horizonDays", r.close, r.stop_loss AS stop, r.take_profit AS target
    FROM recommendations r JOIN instruments i ON i.id = r.instrument_id
    WHERE ${runIds === undefined} OR r.run_id IN (SELECT jsonb_array_elements_text(${sql.json(runIds ?? [])}))
    ORDER BY i.symbol, r.profile`;
}

/** Reads the first outcome of each call, or its newest revision, by the id of the call. */
export async function readOutcomes(
  sql: Sql,
  table: 'recommendation_outcomes' | 'outcome_revisions',
): Promise<Map<string, Outcome>> {
  const order = table === 'outcome_revisions' ? ', revision DESC' : '';
  const rows = await sql.unsafe<(Outcome & { id: string })[]>(`
    SELECT DISTINCT ON (recommendation_id) recommendation_id AS id, ${milliseconds('exit_ts')} AS exit,
      exit_close AS "exitClose", entry_open AS "entryOpen", realised_return_pct AS "returnPct",
      open_return_pct AS "openReturnPct", first_hit AS "firstHit", first_hit_after AS "firstHitAfter"
    FROM ${table} ORDER BY recommendation_id${order}`);
  return new Map(rows.map(({ id, ...outcome }) => [id, outcome]));
}

/** Reads the returns of the market by the time of their day, with the symbol of the benchmark. */
export async function readMarkets(
  sql: Sql,
): Promise<Map<number, MarketReturn & { benchmark: string | null }>> {
  const rows = await sql<(MarketReturn & { asOf: number; benchmark: string | null })[]>`
    SELECT ${sql.unsafe(milliseconds('as_of'))} AS "asOf", instruments, return_pct AS "returnPct",
      open_return_pct AS "openReturnPct", benchmark, benchmark_return_pct AS "benchmarkReturnPct"
    FROM track_record_market_returns`;
  return new Map(rows.map(({ asOf, ...market }) => [asOf, market]));
}

/** Reads the day counts in the order of kind, day, profile and label. */
export function readCounts(sql: Sql): Promise<DayCounts[]> {
  return sql<DayCounts[]>`
    SELECT kind, ${sql.unsafe(milliseconds('as_of'))} AS "asOf", profile, label, scored, above_market AS above,
      below_market AS below, return_sum AS "returnSum", open_return_sum AS "openReturnSum",
      market_return_pct AS "marketReturnPct", stocks, to_json(stops_after) AS "stopsAfter",
      to_json(targets_after) AS "targetsAfter"
    FROM track_record_days ORDER BY kind, as_of, profile, label`;
}
