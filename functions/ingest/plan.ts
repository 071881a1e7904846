import {
  BATCH_SIZE,
  DAILY_HISTORY_YEARS,
  INTRADAY_HISTORY_DAYS,
  type Interval,
  type RunMode,
} from '../shared/constants.ts';
import { type Batch, PipelineInput, type PlanRequest, type PlanResult, parse } from '../shared/contracts.ts';
import type { Sql } from '../shared/database.ts';
import { BadInputError } from '../shared/errors.ts';

/**
 * Days before the last stored bar that are asked for again: enough to see that a provider restated its
 * latest closes, and to span a long weekend.
 */
const OVERLAP_DAYS = 7;

const INTERVAL_OF_MODE: Record<RunMode, Interval> = { daily: 'daily', backfill: 'daily', intraday: '15m' };

interface Planned {
  symbol: string;
  /** The day of the last stored bar at or before the as-of; null where there is none. */
  last_day: string | null;
}

/**
 * Decides what a run does: its as-of, its instruments, and from which day each needs bars. Opens the run's
 * row in the ledger and makes the partitions that the bars will need. Planning a run again gives the same.
 *
 * @param now - the run's clock; the as-of is its day unless the input names one
 * @throws BadInputError if the input is wrong, names unknown instruments, or there are none
 */
export async function planRun(
  request: PlanRequest,
  sql: Sql,
  context: { provider: string; now: Date },
): Promise<PlanResult> {
  const input = parse('pipeline input', PipelineInput, request.input);
  const today = toDay(context.now);
  const asOf = input.to ?? today;
  if (asOf > today)
    throw new BadInputError(`pipeline input: to: ${asOf} is in the future (today is ${today})`);
  if (input.from && input.from > asOf)
    throw new BadInputError(`pipeline input: from: ${input.from} is later than ${asOf}`);
  const interval = INTERVAL_OF_MODE[input.mode];
  const planned = await plannedInstruments(sql, input.symbols, interval, asOf);
  const batches = batchesOf(planned, { runId: request.runId, interval, asOf, input });
  const first = batches.reduce((day, { from }) => (from < day ? from : day), asOf);
  await sql`SELECT ensure_partitions(${interval}, ${first}::date, ${addDays(asOf, 365)}::date)`;
  await sql`
    INSERT INTO pipeline_runs (id, mode, input, provider, as_of, instruments, started_at)
    VALUES (${request.runId}, ${input.mode}, ${sql.json(input)}, ${context.provider}, ${asOf}, ${planned.length}, now())
    ON CONFLICT (id) DO UPDATE SET status = 'running', error = NULL, finished_at = NULL`;
  return { runId: request.runId, mode: input.mode, asOf, instruments: planned.length, batches };
}

async function plannedInstruments(
  sql: Sql,
  symbols: string[] | undefined,
  interval: Interval,
  asOf: string,
): Promise<Planned[]> {
  const wanted = symbols ? [...new Set(symbols)] : null;
  const planned = await sql<Planned[]>`
    SELECT i.symbol, (
      SELECT to_char(b.ts, 'YYYY-MM-DD') FROM price_bars b
      WHERE b.instrument_id = i.id AND b.interval = ${interval} AND b.ts < ${addDays(asOf, 1)}::timestamptz
      ORDER BY b.ts DESC LIMIT 1
    ) AS last_day
    FROM instruments i
    WHERE i.is_active
      AND (${wanted === null} OR i.symbol IN (SELECT jsonb_array_elements_text(${sql.json(wanted ?? [])})))
    ORDER BY i.symbol`;
  const known = new Set(planned.map(({ symbol }) => symbol));
  const unknown = (wanted ?? []).filter((symbol) => !known.has(symbol));
  if (unknown.length > 0) {
    throw new BadInputError(
      `pipeline input: symbols: not among the active instruments: ${unknown.join(', ')}`,
    );
  }
  if (planned.length === 0)
    throw new BadInputError('there are no active instruments: add some before running the pipeline');
  return planned;
}

/** Batches hold instruments that need the same days, so that one request shape serves a whole batch. */
function batchesOf(
  planned: Planned[],
  run: { runId: string; interval: Interval; asOf: string; input: PipelineInput },
): Batch[] {
  const byFrom = new Map<string, string[]>();
  for (const instrument of planned) {
    const from = run.input.from ?? firstDay(instrument, run.input.mode, run.asOf);
    byFrom.set(from, [...(byFrom.get(from) ?? []), instrument.symbol]);
  }
  const batches: Batch[] = [];
  for (const [from, symbols] of [...byFrom].sort(([a], [b]) => a.localeCompare(b))) {
    for (let i = 0; i < symbols.length; i += BATCH_SIZE) {
      const { runId, interval, asOf } = run;
      batches.push({
        runId,
        batch: batches.length,
        interval,
        from,
        asOf,
        symbols: symbols.slice(i, i + BATCH_SIZE),
      });
    }
  }
  return batches;
}

function firstDay({ last_day }: Planned, mode: RunMode, asOf: string): string {
  const whole =
    mode === 'intraday' ? addDays(asOf, -INTRADAY_HISTORY_DAYS) : addYears(asOf, -DAILY_HISTORY_YEARS);
  if (mode === 'backfill' || !last_day) return whole;
  const overlap = addDays(last_day, -OVERLAP_DAYS);
  return overlap > whole ? overlap : whole;
}

/** The day of an instant in UTC, `YYYY-MM-DD`. */
export function toDay(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

function addDays(day: string, days: number): string {
  return toDay(new Date(Date.parse(day) + days * 86_400_000));
}

function addYears(day: string, years: number): string {
  const date = new Date(day);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return toDay(date);
}
