import {
  INTRADAY_HISTORY_DAYS,
  type Interval,
  type RunMode,
  UNIVERSE_HISTORY_DAYS,
} from '../../shared/constants.ts';
import { PipelineInput, type PlanRequest, type PlanResult, parse } from '../../shared/contracts.ts';
import type { Sql } from '../../shared/database.ts';
import { addDays, toDay } from '../../shared/days.ts';
import { BadInputError } from '../../shared/errors.ts';
import { recordFailures } from '../../shared/ledger.ts';
import { log } from '../../shared/telemetry.ts';
import type { Allowance } from '../providers/descriptor.ts';
import type { Listing } from '../providers/provider.ts';
import { setBenchmark } from '../reference/benchmark.ts';
import { setReference } from '../reference/reference.ts';
import { takeTurns } from './allowance.ts';
import { groupIntoBatches, overlapFrom, type PlannedBatch, wholeHistoryFrom } from './batches.ts';
import { expirePersonalData } from './expire-personal-data.ts';
import { type Instrument, plannedInstruments } from './instruments.ts';
import type { PlannedRun } from './planned-run.ts';
import { planReplay } from './replay.ts';

const INTERVAL_OF_MODE: Record<RunMode, Interval> = { daily: 'daily', backfill: 'daily', intraday: '15m' };

/**
 * Days after the as-of that have partitions. Daily bars are partitioned by year, so this adds the next year; 15-minute
 * bars are partitioned by day, and the margin covers runs that start days after they were planned.
 */
const DAYS_AHEAD: Record<Interval, number> = { daily: 365, '15m': 7 };

/** What a plan depends on besides its input. */
export interface PlanContext {
  provider: string;
  intervals?: readonly Interval[];
  allowance?: Allowance | undefined;
  reference?: Listing[] | undefined;
  benchmark?: string | undefined;
  now: Date;
}

/**
 * Plans a run: its as-of, its instruments, and the first day that each needs bars from. Opens the run's row in the
 * ledger, makes the partitions that the bars need, drops expired partitions of 15-minute bars and expired universes, and erases personal
 * data whose time is over: every run plans, even one whose provider fails later. Planning a run
 * again returns the recorded plan, even if bars were stored since.
 *
 * @param context - the providers of Fetch with their intervals (all if absent) and their allowance (none if absent), the
 * instruments to register as the reference and the benchmark (if absent, the stored ones stay), and the run's clock,
 * whose day is the default as-of
 * @throws BadInputError if the input is invalid, names unknown instruments or runs, there are no instruments, or earlier
 * runs have used up the allowance
 */
export async function planRun(request: PlanRequest, sql: Sql, context: PlanContext): Promise<PlanResult> {
  const input = parse('pipeline input', PipelineInput, request.input);
  const today = toDay(context.now);
  const { runId } = request;
  const run =
    (await reopenRun(sql, runId, input)) ??
    (await openRun(sql, runId, await plan(sql, runId, input, context)));
  const interval = INTERVAL_OF_MODE[run.mode];
  const first = run.batches.reduce((day, { from }) => (from < day ? from : day), firstPartition(run));
  await sql`SELECT ensure_partitions(${interval}, ${first}::date, ${addDays(run.asOf, DAYS_AHEAD[interval])}::date)`;
  if (interval === '15m') await sql`SELECT drop_intraday_partitions(${firstKept(today)}::date)`;
  await sql`DELETE FROM universes WHERE NOT is_bundled AND ts < ${addDays(today, -UNIVERSE_HISTORY_DAYS)}::timestamptz`;
  await expirePersonalData(sql, runId);
  const common = { runId, interval, asOf: run.asOf, ...(input.replay && { replay: input.replay }) };
  return {
    runId,
    mode: run.mode,
    asOf: run.asOf,
    instruments: run.instruments,
    batches: run.batches.map((batch, number) => ({ ...common, batch: number, ...batch })),
  };
}

async function plan(
  sql: Sql,
  runId: string,
  input: PipelineInput,
  context: PlanContext,
): Promise<PlannedRun> {
  if (input.replay) return planReplay(sql, input.replay, input.symbols);
  assertCovered(input, context);
  if (context.reference) await setReference(sql, context.reference);
  if (context.benchmark) await setBenchmark(sql, context.benchmark);
  return { ...(await planFetches(sql, runId, input, context)), provider: context.provider };
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

/** The first day that needs a partition. A daily run may end up fetching whole histories, where a source restated its past. */
function firstPartition({ mode, asOf }: { mode: RunMode; asOf: string }): string {
  return mode === 'intraday' ? asOf : wholeHistoryFrom('daily', asOf);
}

/** The first day of 15-minute bars that are kept. */
function firstKept(today: string): string {
  return addDays(today, -INTRADAY_HISTORY_DAYS);
}

async function planFetches(
  sql: Sql,
  runId: string,
  given: PipelineInput,
  { now, allowance }: PlanContext,
): Promise<Omit<PlannedRun, 'provider'>> {
  const today = toDay(now);
  const { mode } = recorded(given);
  const asOf = given.to ?? today;
  assertDays(given, { mode, asOf, today });
  const interval = INTERVAL_OF_MODE[mode];
  const planned = await plannedInstruments(sql, given.symbols, { interval, asOf, now });
  const turns = allowance && (await takeTurns(sql, runId, planned, allowance));
  if (turns?.notice) log('info', 'run spread over several runs', { runId, notice: turns.notice });
  const instruments = turns?.now ?? planned;
  const batchesOf = (isReference: boolean) => {
    const fetches = instruments
      .filter((instrument) => instrument.isReference === isReference)
      .map((instrument) => ({
        symbol: instrument.symbol,
        from: given.from ?? firstDay(mode, instrument, { asOf, today }),
      }));
    return groupIntoBatches(fetches, interval, asOf);
  };
  return {
    mode,
    asOf,
    batches: [
      ...batchesOf(false),
      ...batchesOf(true).map((batch) => ({ ...batch, isReference: true as const })),
    ],
    deferred: turns?.deferred ?? [],
    input: recorded(given),
  };
}

/** An input as the ledger records it: with its default mode filled in. */
function recorded(input: PipelineInput) {
  return { ...input, mode: input.mode ?? 'daily' };
}

/**
 * The first day to fetch. 15-minute bars are fetched for the whole retention window, because one request covers it. A
 * history that may begin earlier is fetched whole a few times, because the first answer may have been cut short. A gap
 * between stored bars is fetched again.
 */
function firstDay(mode: RunMode, instrument: Instrument, days: { asOf: string; today: string }): string {
  if (mode === 'intraday') return firstKept(days.today);
  const whole = wholeHistoryFrom('daily', days.asOf);
  const { lastDay, gapDay, mayBeginEarlier } = instrument;
  if (mode === 'backfill' || !lastDay || mayBeginEarlier) return whole;
  const overlap = overlapFrom(gapDay && gapDay < lastDay ? gapDay : lastDay);
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
  batches: PlannedBatch[];
}

/** Reopens a run that was planned before, with its recorded plan; undefined where there is none. */
async function reopenRun(sql: Sql, runId: string, input: PipelineInput): Promise<OpenedRun | undefined> {
  const [run] = await sql<OpenedRun[]>`
    UPDATE pipeline_runs SET status = 'running', error = NULL, finished_at = NULL
    WHERE id = ${runId} AND batches <> '[]' AND input = ${sql.json(recorded(input))}
    RETURNING mode, to_char(as_of, 'YYYY-MM-DD') AS "asOf", instruments, batches`;
  return run;
}

/**
 * Opens a run's row. A run that was refused before it was planned already has one. An instrument that is only the
 * benchmark is not among the counted instruments.
 */
async function openRun(sql: Sql, runId: string, planned: PlannedRun): Promise<OpenedRun> {
  const { mode, asOf, provider, batches, deferred, input } = planned;
  const symbols = [...batches.flatMap((batch) => batch.symbols), ...deferred.map(({ symbol }) => symbol)];
  const [benchmark] = await sql<{ symbol: string }[]>`
    SELECT symbol FROM instruments WHERE is_active AND purpose = 'benchmark'`;
  const instruments = symbols.filter((symbol) => symbol !== benchmark?.symbol).length;
  await sql.begin(async (tx) => {
    await tx`
      INSERT INTO pipeline_runs (id, mode, input, provider, as_of, instruments, batches, started_at)
      VALUES (${runId}, ${mode}, ${tx.json({ ...input })}, ${provider}, ${asOf}, ${instruments}, ${tx.json(batches.map((batch) => ({ ...batch })))}, now())
      ON CONFLICT (id) DO UPDATE SET status = 'running', error = NULL, finished_at = NULL, mode = excluded.mode,
        input = excluded.input, provider = excluded.provider, as_of = excluded.as_of,
        instruments = excluded.instruments, batches = excluded.batches`;
    await recordFailures(tx, runId, deferred);
  });
  return { mode, asOf, instruments, batches };
}
