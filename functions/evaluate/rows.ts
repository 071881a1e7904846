import { inputValue, MONEY_RANKS } from '../features/model-inputs.ts';
import type { Manifest } from '../infer/manifest.ts';
import { eachCopiedRow, type RowReader } from '../shared/copied-rows.ts';
import type { Transaction } from '../shared/database.ts';
import { toDay } from '../shared/days.ts';
import { labelRule, longestSpan } from './labels.ts';

/** A row of model inputs with a known outcome. */
export interface EvaluationRow {
  /** `YYYY-MM-DD`. */
  day: string;
  symbol: string;
  /** Return from the row's close to the instrument's close one horizon of bars later. */
  forward: number;
  /** Columns of model_inputs by name; NaN without a value. */
  inputs: Readonly<Record<string, number>>;
}

/** A range of days, `YYYY-MM-DD`, both inclusive. */
export interface DayRange {
  from?: string | undefined;
  to?: string | undefined;
}

/** Rows in memory at once, before their last day is completed. */
const ROWS_PER_CHUNK = 16_384;

/** Columns that the profiles' rules and the baselines need besides the model's inputs. */
const ALSO_READ = ['close_price', 'atr_14', 'vol_20d', 'mom_12_1', 'ret_20d'];

/** Columns of model_inputs that an evaluation reads: the model's inputs, and those of labels and baselines. */
export function columnsOf(manifest: Manifest): string[] {
  const { volatilityFeature, exposures } = labelRule(manifest);
  const inputs = [...manifest.features, volatilityFeature, ...exposures];
  // The feature behind a rank of money shows whether the rank is missing for the currency alone.
  const behind = inputs.filter((name) => MONEY_RANKS.has(name)).map((name) => name.replace(/_rank$/, ''));
  return [...new Set([...inputs, ...behind, ...ALSO_READ])];
}

/** Some whole days in order, and the progress of the reading. */
export interface Chunk {
  /** The measured rows, by day. */
  days: EvaluationRow[][];
  /** Share of all rows that have been read, up to 1. */
  done: number;
}

/**
 * Reads the measured rows some whole days at a time, so that memory does not grow with the years. It requests the next
 * days while the caller works on the last.
 */
export async function* readRows(tx: Transaction, manifest: Manifest, range: DayRange): AsyncGenerator<Chunk> {
  await stageOutcomes(tx, manifest.horizonDays, range);
  const days = await tx<{ day: string; rows: number }[]>`
    SELECT to_char(ts, 'YYYY-MM-DD') AS day, count(*)::int AS rows FROM outcomes GROUP BY ts ORDER BY ts`;
  const total = days.reduce((sum, { rows }) => sum + rows, 0);
  const spans = spansOf(days);
  const read = (span: Span | undefined) => {
    const reading = span ? readSpan(tx, manifest, span) : Promise.resolve([]);
    // Handled here, because a caller that stops early does not await it.
    reading.catch(() => {});
    return reading;
  };
  let next = read(spans[0]);
  let done = 0;
  for (const [i, span] of spans.entries()) {
    const rows = await next;
    next = read(spans[i + 1]);
    done += span.rows;
    yield { days: byDay(rows), done: done / total };
  }
}

/** Stages each row's close and outcome: the close one horizon of bars later, unless trading was halted. */
async function stageOutcomes(tx: Transaction, horizon: number, { from, to }: DayRange): Promise<void> {
  await tx`
    CREATE TEMPORARY TABLE outcomes ON COMMIT DROP AS
    SELECT instrument_id, ts, close, later FROM (
      SELECT instrument_id, ts, c AS close, lead(c, ${horizon}::int) OVER bars AS later, lead(ts, ${horizon}::int) OVER bars AS ends
      FROM price_bars
      WHERE interval = 'daily' AND ts >= ${from ?? '-infinity'}::text::timestamptz
      WINDOW bars AS (PARTITION BY instrument_id ORDER BY ts)
    ) bars
    WHERE ends <= ts + make_interval(days => ${longestSpan(horizon)}) AND ts <= ${to ?? 'infinity'}::text::timestamptz`;
  await tx`CREATE INDEX ON outcomes (ts)`;
  await tx`ANALYZE outcomes`;
}

interface Span {
  first: string;
  last: string;
  rows: number;
}

function spansOf(days: readonly { day: string; rows: number }[]): Span[] {
  const spans: Span[] = [];
  for (const { day, rows } of days) {
    const span = spans.at(-1);
    if (span && span.rows + rows <= ROWS_PER_CHUNK) {
      span.last = day;
      span.rows += rows;
    } else spans.push({ first: day, last: day, rows });
  }
  return spans;
}

async function readSpan(tx: Transaction, manifest: Manifest, span: Span): Promise<EvaluationRow[]> {
  const { volatilityFeature, exposures } = labelRule(manifest);
  const needed = [...manifest.features, volatilityFeature, ...exposures];
  const columns = columnsOf(manifest).filter((name) => name !== 'close_price');
  // COPY takes no parameters, so the days go through settings of the transaction.
  await tx`
    SELECT set_config('boursomatic.first_day', ${span.first}, true), set_config('boursomatic.last_day', ${span.last}, true)`;
  const rows: EvaluationRow[] = [];
  const readRow = rowsOf(columns);
  await eachCopiedRow(
    tx,
    `SELECT i.symbol, m.ts, o.close, o.later, ${columns.map((name) => `m.${quoted(name)}`).join(', ')}
    FROM model_inputs m JOIN outcomes o ON o.instrument_id = m.instrument_id AND o.ts = m.ts
    JOIN instruments i ON i.id = m.instrument_id
    WHERE ${ofSpan('m.ts')} AND ${ofSpan('o.ts')}
    ORDER BY m.ts, i.symbol`,
    (from) => rows.push(readRow(from)),
  );
  return rows.filter(({ inputs }) => needed.every((name) => Number.isFinite(inputs[name])));
}

/** Reads rows of these columns. Copies of one object share its layout, and are made in a quarter of the time. */
function rowsOf(columns: readonly string[]): (from: RowReader) => EvaluationRow {
  const empty = Object.fromEntries(['close_price', ...columns].map((name) => [name, Number.NaN]));
  const amounts = columns.filter((name) => MONEY_RANKS.has(name));
  const last = { ts: Number.NaN, day: '' };
  return (from) => {
    const [symbol, ts, close, later] = [from.text(), from.instant(), from.double(), from.double()];
    if (ts !== last.ts) Object.assign(last, { ts, day: toDay(ts) });
    const inputs: Record<string, number> = { ...empty };
    inputs.close_price = close;
    for (const name of columns) inputs[name] = from.real();
    for (const name of amounts) inputs[name] = inputValue(name, inputs);
    return { day: last.day, symbol, forward: later / close - 1, inputs };
  };
}

/** The condition on a time. Each table needs its own: Postgres does not infer a range from an equality. */
function ofSpan(ts: string): string {
  const setting = (name: string) => `current_setting('boursomatic.${name}')::timestamptz`;
  return `${ts} >= ${setting('first_day')} AND ${ts} <= ${setting('last_day')}`;
}

/** A column's name in SQL. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function byDay(rows: readonly EvaluationRow[]): EvaluationRow[][] {
  const days: EvaluationRow[][] = [];
  for (const row of rows) {
    const current = days.at(-1);
    if (current?.[0]?.day === row.day) current.push(row);
    else days.push([row]);
  }
  return days;
}
