import { Table } from 'console-table-printer';
import type { Sql } from '../../functions/shared/database.ts';

/** What the store holds for a run's instruments, up to its as-of. */
export interface RunCounts {
  instruments: number;
  bars: number;
  features: number;
  recommendations: number;
  failures: number;
}

/** A run as the report needs it. */
export interface RunReport {
  asOf: string;
  counts: RunCounts;
  /** Rows that this run wrote because they were new or different. */
  written: { bars: number; features: number; recommendations: number };
  modelVersion: string | null;
}

/** Reads a run's row and counts what there is now, so that a run with nothing to do still says what stands. */
export async function readReport(sql: Sql, runId: string): Promise<RunReport> {
  const [row] = await sql`
    WITH run AS (SELECT * FROM pipeline_runs WHERE id = ${runId}),
    covered AS (
      SELECT i.id FROM run JOIN instruments i
        ON i.is_active AND (NOT run.input ? 'symbols' OR run.input -> 'symbols' ? i.symbol)
    )
    SELECT run.as_of::text AS as_of, run.instruments, run.bars, run.features, run.recommendations, mv.version,
      (SELECT count(*)::int FROM price_bars WHERE interval = 'daily' AND ts <= run.as_of AND instrument_id IN (SELECT id FROM covered)) AS all_bars,
      (SELECT count(*)::int FROM features WHERE ts <= run.as_of AND instrument_id IN (SELECT id FROM covered)) AS all_features,
      (SELECT count(*)::int FROM recommendations WHERE (is_active OR run_id = run.id) AND instrument_id IN (SELECT id FROM covered)
        AND as_of <= run.as_of) AS all_recommendations,
      (SELECT count(DISTINCT symbol)::int FROM pipeline_failures WHERE run_id = run.id) AS failures
    FROM run LEFT JOIN model_versions mv ON mv.id = run.model_version_id`;
  if (!row) throw new Error(`run ${runId} is not in the ledger`);
  return {
    asOf: row.as_of,
    counts: {
      instruments: row.instruments,
      bars: row.all_bars,
      features: row.all_features,
      recommendations: row.all_recommendations,
      failures: row.failures,
    },
    written: { bars: row.bars, features: row.features, recommendations: row.recommendations },
    modelVersion: row.version,
  };
}

/** Instruments in the printed table; beyond, the surest calls are shown and the rest is counted. */
const LONGEST_TABLE = 25;

/** Instruments under whose row the reason is spelled out. */
const LONGEST_REASONS = 8;

interface Line {
  symbol: string;
  close: number;
  expected: number;
  calls: Record<string, { label: string; confidence: number; stop: number; target: number; why: string }>;
}

/** The recommendations of a day as text: a table, the reasons, and the instruments without one. */
export async function printRecommendations(sql: Sql, runId: string, asOf: string): Promise<string> {
  const lines = await readLines(sql, runId, asOf);
  const parts: string[] = [];
  if (lines.length > 0) {
    parts.push(table(lines.slice(0, LONGEST_TABLE)));
    if (lines.length > LONGEST_TABLE) parts.push(`… and ${lines.length - LONGEST_TABLE} more instruments.`);
    parts.push(tally(lines));
    const reasons = lines
      .slice(0, LONGEST_REASONS)
      .map(({ symbol, calls }) => `  ${symbol}: ${calls.moderate?.why}`);
    parts.push(`Why (moderate profile):\n${reasons.join('\n')}`);
  }
  const failures = await sql<{ symbol: string; reason_code: string; message: string }[]>`
    SELECT DISTINCT ON (symbol) symbol, reason_code, message FROM pipeline_failures WHERE run_id = ${runId} ORDER BY symbol`;
  if (failures.length > 0) {
    const shown = failures
      .slice(0, LONGEST_REASONS)
      .map((f) => `  ${f.symbol}: ${f.reason_code} (${f.message})`);
    if (failures.length > shown.length)
      shown.push(`  … and ${failures.length - shown.length} more in pipeline_failures`);
    parts.push(`Without a recommendation:\n${shown.join('\n')}`);
  }
  return parts.join('\n\n');
}

async function readLines(sql: Sql, runId: string, asOf: string): Promise<Line[]> {
  const rows = await sql`
    SELECT DISTINCT ON (i.symbol, r.profile) i.symbol, r.profile, r.label, r.confidence, r.expected_return_pct,
      r.stop_loss, r.take_profit, r.justification, (r.features_snapshot ->> 'close_price')::float8 AS close
    FROM pipeline_runs run
    JOIN recommendations r ON (r.is_active OR r.run_id = run.id)
      AND r.as_of <= ${asOf}::timestamptz AND r.as_of > ${asOf}::timestamptz - interval '7 days'
    JOIN instruments i ON i.id = r.instrument_id AND (NOT run.input ? 'symbols' OR run.input -> 'symbols' ? i.symbol)
    WHERE run.id = ${runId}
    ORDER BY i.symbol, r.profile, r.as_of DESC, r.generated_at DESC`;
  const lines = new Map<string, Line>();
  for (const row of rows) {
    const line: Line = lines.get(row.symbol) ?? {
      symbol: row.symbol,
      close: row.close,
      expected: row.expected_return_pct,
      calls: {},
    };
    const { label, confidence, stop_loss: stop, take_profit: target, justification: why } = row;
    line.calls[row.profile] = { label, confidence, stop, target, why };
    lines.set(row.symbol, line);
  }
  const conviction = ({ calls }: Line) =>
    (calls.moderate?.label === 'HOLD' ? 0 : 1) + (calls.moderate?.confidence ?? 0);
  return [...lines.values()].sort((a, b) =>
    lines.size > LONGEST_TABLE
      ? conviction(b) - conviction(a) || a.symbol.localeCompare(b.symbol)
      : a.symbol.localeCompare(b.symbol),
  );
}

const COLOURS: Record<string, string> = { BUY: 'green', SELL: 'red' };

function table(lines: Line[]): string {
  const printed = new Table({
    columns: [
      { name: 'symbol', title: 'Symbol', alignment: 'left' },
      { name: 'close', title: 'Close' },
      { name: 'expected', title: 'Expected' },
      ...['conservative', 'moderate', 'aggressive'].map((name) => ({
        name,
        title: name[0]?.toUpperCase() + name.slice(1),
      })),
      { name: 'stop', title: 'Stop' },
      { name: 'target', title: 'Target' },
    ],
    shouldDisableColors: !process.stdout.isTTY,
  });
  for (const { symbol, close, expected, calls } of lines) {
    const call = (profile: string) => {
      const { label = '', confidence = 0 } = calls[profile] ?? {};
      return `${label} ${(confidence * 100).toFixed(0)}%`;
    };
    printed.addRow(
      {
        symbol,
        close: close.toFixed(2),
        expected: `${expected >= 0 ? '+' : ''}${expected.toFixed(1)}%`,
        conservative: call('conservative'),
        moderate: call('moderate'),
        aggressive: call('aggressive'),
        stop: calls.moderate?.stop.toFixed(2) ?? '',
        target: calls.moderate?.target.toFixed(2) ?? '',
      },
      { color: COLOURS[calls.moderate?.label ?? ''] ?? 'white' },
    );
  }
  return `${printed.render()}\nThe percentage is the call's probability; stop and target are the moderate profile's.`;
}

function tally(lines: Line[]): string {
  const profiles = ['conservative', 'moderate', 'aggressive'].map((profile) => {
    const count = (label: string) => lines.filter(({ calls }) => calls[profile]?.label === label).length;
    return `  ${profile}: ${count('BUY')} BUY, ${count('HOLD')} HOLD, ${count('SELL')} SELL`;
  });
  return `Calls:\n${profiles.join('\n')}`;
}
