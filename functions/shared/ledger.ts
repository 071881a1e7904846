import { RUN_LIMIT_HOURS, type RunMode } from './constants.ts';
import type { Sql, Transaction } from './database.ts';
import { addDays, HOUR_MS, weekdaysBetween } from './days.ts';
import { SystematicFaultError } from './errors.ts';
import { defined } from './invariant.ts';
import { isCounted } from './recommended.ts';
import { type FailedInstrument, judgeRun, type RunVerdict, type Silence } from './run-verdict.ts';

export type PipelineStep = 'plan' | 'fetch' | 'load' | 'features' | 'infer';

/** Why one instrument gets no recommendation from a run. */
export interface Failure {
  symbol: string;
  step: PipelineStep;
  /** A stable code, lower case with underscores. */
  reason: string;
  /** One sentence for an operator. */
  message: string;
}

/**
 * Records the instruments that failed in a run. Repeating it leaves one row per instrument and step.
 *
 * @param failures - at most one per instrument and step
 */
export async function recordFailures(
  sql: Sql | Transaction,
  runId: string,
  failures: Failure[],
): Promise<void> {
  if (failures.length === 0) return;
  const rows = failures.map(({ symbol, step, reason, message }) => ({ symbol, step, reason, message }));
  await sql`
    INSERT INTO pipeline_failures (run_id, instrument_id, symbol, step, reason_code, message)
    SELECT ${runId}, i.id, f.symbol, f.step, f.reason, f.message
    FROM jsonb_to_recordset(${sql.json(rows)}) AS f(symbol text, step text, reason text, message text)
    LEFT JOIN instruments i ON i.symbol = f.symbol AND i.is_active
    ON CONFLICT (run_id, symbol, step)
      DO UPDATE SET reason_code = excluded.reason_code, message = excluded.message`;
}

/** Deletes what a step recorded about instruments, before the step is retried. */
export async function clearFailures(
  sql: Sql | Transaction,
  runId: string,
  step: PipelineStep,
  symbols: string[],
): Promise<void> {
  await sql`
    DELETE FROM pipeline_failures WHERE run_id = ${runId} AND step = ${step}
      AND symbol IN (SELECT jsonb_array_elements_text(${sql.json(symbols)}))`;
}

/**
 * Records as failed the instruments of batches that failed before Load: the state machine continues without them. When
 * their batch is repeated, Load deletes these rows.
 */
export async function recordUnloaded(sql: Sql | Transaction, runId: string): Promise<void> {
  await sql`
    INSERT INTO pipeline_failures (run_id, instrument_id, symbol, step, reason_code, message)
    SELECT r.id, i.id, planned.symbol, 'load', 'batch_failed', 'its batch failed before the bars were loaded'
    FROM pipeline_runs r
    CROSS JOIN LATERAL jsonb_array_elements(r.batches) AS batch
    CROSS JOIN LATERAL jsonb_array_elements_text(batch -> 'symbols') AS planned(symbol)
    JOIN instruments i ON i.symbol = planned.symbol AND i.is_active
    WHERE r.id = ${runId}
      AND NOT EXISTS (SELECT 1 FROM pipeline_failures f WHERE f.run_id = r.id AND f.symbol = planned.symbol)
      AND NOT EXISTS (SELECT 1 FROM instrument_fetches t WHERE t.run_id = r.id AND t.instrument_id = i.id)
    ON CONFLICT (run_id, symbol, step) DO NOTHING`;
}

/** The condition, in SQL, that an instrument `i` is one of those of a run `run`: all, or the symbols of its input. */
export function isCovered(sql: Sql | Transaction) {
  return sql`(NOT run.input ? 'symbols' OR run.input -> 'symbols' ? i.symbol)`;
}

/**
 * Decides from the ledger how a run ends. {@link recordUnloaded} comes first.
 *
 * @throws SystematicFaultError if a systematic fault stops it
 */
export async function judgeLedger(
  sql: Sql,
  runId: string,
): Promise<Exclude<RunVerdict, { status: 'failed' }>> {
  const [run] = await sql<{ instruments: number; mode: RunMode | null; asOf: string | null }[]>`
    SELECT instruments, mode, to_char(as_of, 'YYYY-MM-DD') AS "asOf" FROM pipeline_runs WHERE id = ${runId}`;
  const { instruments, mode, asOf } = defined(run, `run ${runId} in the ledger`);
  const failures = await sql<FailedInstrument[]>`
    SELECT DISTINCT ON (f.symbol) f.symbol, f.reason_code AS reason, f.message FROM pipeline_failures f
    WHERE f.run_id = ${runId} AND ${isCounted(sql)} ORDER BY f.symbol, f.id`;
  const silence = mode === 'daily' && asOf ? await readSilence(sql, runId, asOf) : undefined;
  const verdict = judgeRun({ instruments, failures, silence });
  if (verdict.status === 'failed') throw new SystematicFaultError(verdict.explanation);
  return verdict;
}

/** The time since the newest bar of a run's instruments; undefined where it is no longer than any closure. */
async function readSilence(sql: Sql, runId: string, asOf: string): Promise<Silence | undefined> {
  const covered = sql`
    SELECT i.id FROM pipeline_runs run JOIN instruments i ON i.is_active AND i.purpose <> 'benchmark' AND ${isCovered(sql)}
    WHERE run.id = ${runId}`;
  const [newest] = await sql<{ day: string | null }[]>`
    SELECT to_char(max(last.ts), 'YYYY-MM-DD') AS day FROM (${covered}) i
    CROSS JOIN LATERAL (
      SELECT b.ts FROM price_bars b
      WHERE b.instrument_id = i.id AND b.interval = 'daily' AND b.ts < ${addDays(asOf, 1)}::timestamptz
      ORDER BY b.ts DESC LIMIT 1
    ) last`;
  const since = newest?.day;
  if (!since) return undefined;
  const weekdays = weekdaysBetween(Date.parse(since), Date.parse(asOf));
  if (weekdays <= SHORTEST_SILENCE) return undefined;
  const days = await sql<{ ts: Date }[]>`
    SELECT DISTINCT b.ts FROM price_bars b
    WHERE b.instrument_id IN (${covered}) AND b.interval = 'daily' AND b.ts < ${addDays(since, 1)}::timestamptz
    ORDER BY b.ts`;
  const closures = days
    .slice(1)
    .map(({ ts }, i) => weekdaysBetween(defined(days[i], 'day before').ts.getTime(), ts.getTime()));
  return { since, weekdays, longestClosure: Math.max(SHORTEST_SILENCE, ...closures) };
}

/** Every market is closed on some weekday, so one weekday without bars shows nothing. */
const SHORTEST_SILENCE = 1;

/** Hours after which no execution of a run can still be under way. The last one covers the delivery of events. */
const OVERDUE_HOURS = RUN_LIMIT_HOURS + 1;

/**
 * Closes the runs that have been open for longer than an execution may take. AWS does not guarantee the delivery of the
 * event that records the end of an execution.
 *
 * @returns the ids of the closed runs
 */
export async function closeOverdueRuns(sql: Sql, now: Date): Promise<string[]> {
  const closed = await sql<{ id: string }[]>`
    UPDATE pipeline_runs SET status = 'failed', finished_at = ${now},
      error = ${`EndUnknown: the run has been open for more than ${OVERDUE_HOURS} hours, and nothing recorded its end`}
    WHERE status = 'running' AND coalesce(redriven_at, started_at) < ${new Date(now.getTime() - OVERDUE_HOURS * HOUR_MS)}
    RETURNING id`;
  return closed.map(({ id }) => id);
}
