import { INTRADAY_HISTORY_DAYS, type Interval, type RunMode } from '../../shared/constants.ts';
import { PipelineInput, type PlanRequest, type PlanResult, parse } from '../../shared/contracts.ts';
import type { Sql } from '../../shared/database.ts';
import { addDays, toDay } from '../../shared/days.ts';
import { BadInputError } from '../../shared/errors.ts';
import { groupRequests, overlapFrom, type Request, wholeHistoryFrom } from './batches.ts';
import { type Instrument, plannedInstruments } from './instruments.ts';
import { planReplay } from './replay.ts';

const INTERVAL_OF_MODE: Record<RunMode, Interval> = { daily: 'daily', backfill: 'daily', intraday: '15m' };

/**
 * Days ahead of the as-of for which there are partitions: of years that is the next one; of the days of 15-minute
 * bars, enough for runs that were planned and started later.
 */
const DAYS_AHEAD: Record<Interval, number> = { daily: 365, '15m': 7 };

/** What a plan depends on besides its input. */
export interface PlanContext {
  provider: string;
  intervals?: readonly Interval[];
  now: Date;
}

/** What a run is going to do. */
export interface PlannedRun {
  mode: RunMode;
  asOf: string;
  provider: string;
  requests: Request[];
  /** As the ledger keeps it. */
  input: PipelineInput;
}

/**
 * Decides what a run does: its as-of, its instruments, and from which day each needs bars. Opens the run's
 * row in the ledger, makes the partitions that the bars will need, and drops those of 15-minute bars that have had
 * their time. Planning a run again gives the same, whatever has been stored since.
 *
 * @param context - the providers that Fetch will use with the intervals that they have, all where absent, and the
 * run's clock: the as-of is its day unless the input names one
 * @throws BadInputError if the input is wrong, names unknown instruments or runs, or there are no instruments
 */
export async function planRun(request: PlanRequest, sql: Sql, context: PlanContext): Promise<PlanResult> {
  const input = parse('pipeline input', PipelineInput, request.input);
  const today = toDay(context.now);
  const { runId } = request;
  const run =
    (await reopenRun(sql, runId, input)) ?? (await openRun(sql, runId, await plan(sql, input, context)));
  const interval = INTERVAL_OF_MODE[run.mode];
  const first = run.batches.reduce((day, { from }) => (from < day ? from : day), firstPartition(run));
  await sql`SELECT ensure_partitions(${interval}, ${first}::date, ${addDays(run.asOf, DAYS_AHEAD[interval])}::date)`;
  if (interval === '15m') await sql`SELECT drop_intraday_partitions(${firstKept(today)}::date)`;
  const common = { runId, interval, asOf: run.asOf, ...(input.replay && { replay: input.replay }) };
  return {
    runId,
    mode: run.mode,
    asOf: run.asOf,
    instruments: run.instruments,
    batches: run.batches.map((batch, number) => ({ ...common, batch: number, ...batch })),
  };
}

async function plan(sql: Sql, input: PipelineInput, context: PlanContext): Promise<PlannedRun> {
  if (input.replay) return planReplay(sql, input.replay, input.symbols);
  assertCovered(input, context);
  return { ...(await planFetches(sql, input, toDay(context.now))), provider: context.provider };
}

function assertCovered(input: PipelineInput, { provider, intervals }: PlanContext): void {
  const { mode } = recorded(input);
  const interval = INTERVAL_OF_MODE[mode];
  if (!intervals || intervals.includes(interval)) return;
  const bars = interval === '15m' ? '15-minute bars' : 'daily bars';
  throw new BadInputError(
    `pipeline input: mode: ${mode} needs ${bars}, which ${provider} does not have: use another provider`,
  );
}

/** A daily run may have to ask for a whole history in the end, where the past turns out to be restated. */
function firstPartition({ mode, asOf }: { mode: RunMode; asOf: string }): string {
  return mode === 'intraday' ? asOf : wholeHistoryFrom('daily', asOf);
}

/** The first day of 15-minute bars that are kept. */
function firstKept(today: string): string {
  return addDays(today, -INTRADAY_HISTORY_DAYS);
}

async function planFetches(
  sql: Sql,
  given: PipelineInput,
  today: string,
): Promise<Omit<PlannedRun, 'provider'>> {
  const { mode } = recorded(given);
  const asOf = given.to ?? today;
  assertDays(given, { mode, asOf, today });
  const interval = INTERVAL_OF_MODE[mode];
  const planned = await plannedInstruments(sql, given.symbols, interval, asOf);
  const wanted = planned.map((instrument) => ({
    symbol: instrument.symbol,
    from: given.from ?? firstDay(mode, instrument, { asOf, today }),
  }));
  return { mode, asOf, requests: groupRequests(wanted, interval, asOf), input: recorded(given) };
}

/** An input as the ledger keeps it: with the mode that it stands for. */
function recorded(input: PipelineInput) {
  return { ...input, mode: input.mode ?? 'daily' };
}

/**
 * The first day to ask for. Of 15-minute bars one request covers all that are kept: there is nothing to gain from
 * less. A history that is short is asked for whole a few times, because a first answer may have been cut short. Where a
 * session is missing between stored bars, it is asked for again.
 */
function firstDay(mode: RunMode, instrument: Instrument, days: { asOf: string; today: string }): string {
  if (mode === 'intraday') return firstKept(days.today);
  const whole = wholeHistoryFrom('daily', days.asOf);
  const { lastDay: last, holeDay, isShort } = instrument;
  if (mode === 'backfill' || !last || isShort) return whole;
  const overlap = overlapFrom(holeDay && holeDay < last ? holeDay : last);
  return overlap > whole ? overlap : whole;
}

function assertDays(input: PipelineInput, run: { mode: RunMode; asOf: string; today: string }): void {
  const { mode, asOf, today } = run;
  if (asOf > today)
    throw new BadInputError(`pipeline input: to: ${asOf} is in the future (today is ${today})`);
  if (input.from && input.from > asOf)
    throw new BadInputError(`pipeline input: from: ${input.from} is later than ${asOf}`);
  const [key, day] = input.from ? ['from', input.from] : ['to', asOf];
  if (mode === 'intraday' && day < firstKept(today)) {
    throw new BadInputError(
      `pipeline input: ${key}: 15-minute bars are kept for ${INTRADAY_HISTORY_DAYS} days, and ${day} is before ${firstKept(today)}`,
    );
  }
}

interface OpenedRun {
  mode: RunMode;
  asOf: string;
  instruments: number;
  batches: Request[];
}

/** Takes up a run that has been planned before, with what it was planned to do. */
async function reopenRun(sql: Sql, runId: string, input: PipelineInput): Promise<OpenedRun | undefined> {
  const [run] = await sql<OpenedRun[]>`
    UPDATE pipeline_runs SET status = 'running', error = NULL, finished_at = NULL
    WHERE id = ${runId} AND batches <> '[]' AND input = ${sql.json(recorded(input))}
    RETURNING mode, to_char(as_of, 'YYYY-MM-DD') AS "asOf", instruments, batches`;
  return run;
}

/** Opens a run's row; one that was refused before it was planned has one already. */
async function openRun(sql: Sql, runId: string, planned: PlannedRun): Promise<OpenedRun> {
  const { mode, asOf, provider, requests, input } = planned;
  const instruments = requests.reduce((sum, { symbols }) => sum + symbols.length, 0);
  const batches = requests.map(({ from, symbols }) => ({ from, symbols }));
  await sql`
    INSERT INTO pipeline_runs (id, mode, input, provider, as_of, instruments, batches, started_at)
    VALUES (${runId}, ${mode}, ${sql.json({ ...input })}, ${provider}, ${asOf}, ${instruments}, ${sql.json(batches)}, now())
    ON CONFLICT (id) DO UPDATE SET status = 'running', error = NULL, finished_at = NULL, mode = excluded.mode,
      input = excluded.input, provider = excluded.provider, as_of = excluded.as_of,
      instruments = excluded.instruments, batches = excluded.batches`;
  return { mode, asOf, instruments, batches };
}
