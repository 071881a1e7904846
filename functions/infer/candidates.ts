import { inputValue } from '../features/model-inputs.ts';
import { LEAST_HISTORY_BARS } from '../shared/constants.ts';
import type { RunReference } from '../shared/contracts.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { addDays } from '../shared/days.ts';
import { isCovered } from '../shared/ledger.ts';
import { isRecommended } from '../shared/recommended.ts';
import { CALL_INPUTS } from './profiles.ts';
import { UNIVERSE_DAYS } from './universe.ts';

/** An instrument of a run that gets recommendations, with the facts that explain a missing prediction. */
export interface Candidate {
  id: string;
  symbol: string;
  currency: string | null;
  last_day: string | null;
  bars: number;
  failed: boolean;
  /** Whether Features still has to compute features of its bars. */
  is_outdated: boolean;
}

/** A row of the view `model_inputs`. */
export type Inputs = { instrument_id: string; ts: Date } & Record<string, unknown>;

/** Reads the run's instruments that get recommendations. */
export async function runCandidates(sql: Sql, run: RunReference): Promise<Candidate[]> {
  return sql<Candidate[]>`
    SELECT i.id, i.symbol, i.currency, to_char(bars.last_ts, 'YYYY-MM-DD') AS last_day, bars.n AS bars,
      EXISTS (SELECT 1 FROM pipeline_failures f WHERE f.run_id = run.id AND f.symbol = i.symbol AND f.step <> 'infer') AS failed,
      EXISTS (SELECT 1 FROM feature_backlog k WHERE k.instrument_id = i.id AND k.dirty_from < ${addDays(run.asOf, 1)}::timestamptz) AS is_outdated
    FROM pipeline_runs run
    JOIN instruments i ON ${isRecommended(sql)} AND ${isCovered(sql)}
    CROSS JOIN LATERAL (
      SELECT max(recent.ts) AS last_ts, count(*)::int AS n FROM (
        SELECT ts FROM price_bars b
        WHERE b.instrument_id = i.id AND b.interval = 'daily' AND b.ts <= ${run.asOf}::timestamptz
        ORDER BY ts DESC LIMIT ${LEAST_HISTORY_BARS}
      ) recent
    ) bars
    WHERE run.id = ${run.runId}
    ORDER BY i.symbol`;
}

/** Reads each instrument's last row of model inputs that is not stale. */
export async function readInputs(tx: Transaction, asOf: string): Promise<Map<string, Inputs>> {
  const rows = await tx<Inputs[]>`
    SELECT DISTINCT ON (instrument_id) * FROM model_inputs
    WHERE ts >= ${oldestDay(asOf)}::timestamptz AND ts <= ${asOf}::timestamptz
    ORDER BY instrument_id, ts DESC`;
  return new Map(rows.map((row) => [row.instrument_id, row]));
}

/**
 * Why a candidate gets no prediction; undefined if it has all inputs.
 *
 * @param features - the model's inputs
 */
export function objection(
  candidate: Candidate,
  input: Inputs | undefined,
  features: readonly string[],
  asOf: string,
): { reason: string; message: string } | undefined {
  if (!candidate.last_day) return { reason: 'no_bars', message: `no bars up to ${asOf}` };
  if (candidate.last_day < oldestDay(asOf)) {
    return {
      reason: 'stale',
      message: `the last bar is from ${candidate.last_day}, more than ${UNIVERSE_DAYS} days before ${asOf}`,
    };
  }
  if (candidate.bars < LEAST_HISTORY_BARS) {
    return {
      reason: 'insufficient_history',
      message: `${candidate.bars} bars, ${LEAST_HISTORY_BARS} needed`,
    };
  }
  if (candidate.is_outdated) {
    return { reason: 'outdated_features', message: 'the features of its latest bars are not computed' };
  }
  if (!input) return { reason: 'incomplete_features', message: `no features since ${oldestDay(asOf)}` };
  const needed = new Set([...features, ...CALL_INPUTS]);
  const missing = [...needed].filter((name) => Number.isNaN(inputValue(name, input)));
  if (missing.length === 0) return undefined;
  return { reason: 'incomplete_features', message: `has no value for ${missing.join(', ')}` };
}

/** The first day that is not stale. */
function oldestDay(asOf: string): string {
  return addDays(asOf, -UNIVERSE_DAYS);
}
