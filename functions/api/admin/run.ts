import * as z from 'zod';
import { RUN_MODES } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { Instant } from '../lists/fields.ts';
import { RUN_STATUSES, RunStep, reachedStep } from '../market/run-step.ts';

/** An id of a run: the name of an execution. */
export const RunId = z
  .string()
  .regex(/^[A-Za-z0-9_.+=@-]{1,80}$/, 'must be the id of a run')
  .describe('The id of the run: the name of its execution.');

/** The path parameter of what is about one run. */
export const RunParams = z.strictObject({ id: RunId });

const count = (description: string) => z.int().nonnegative().describe(description);

/** What every answer about a run says. */
export const RUN_FIELDS = {
  id: RunId,
  status: z.enum(RUN_STATUSES).describe('How it stands.'),
  step: RunStep,
  mode: z.enum(RUN_MODES).nullable().describe('What it was asked for; null if its input was refused.'),
  provider: z.string().nullable().describe('Where its bars come from.'),
  asOf: z.iso.date().nullable().describe('The last day that it read.'),
  modelVersion: z.string().nullable().describe('The model that it used; null before it came to that.'),
  startedAt: Instant,
  finishedAt: Instant.nullable().describe('When it ended; null while it runs.'),
  durationSeconds: z.number().nonnegative().nullable().describe('How long it took; null while it runs.'),
  counts: z
    .strictObject({
      instruments: count('Instruments that it covers.'),
      bars: count('Bars that it wrote because they were new or different.'),
      features: count('Rows of features that it wrote because they were new or different.'),
      recommendations: count('Recommendations that it wrote.'),
      failures: count('Instruments that failed.'),
    })
    .describe('What it did.'),
  error: z.string().nullable().describe('Why it failed; null unless it did.'),
};

/** A run, in a list. */
export const Run = z.strictObject(RUN_FIELDS).meta({ id: 'Run', description: 'A run of the pipeline.' });
export type Run = z.output<typeof Run>;

/** A run's row, with the number of instruments that failed in it. */
export interface RunRow {
  id: string;
  status: Run['status'];
  mode: Run['mode'];
  provider: string | null;
  as_of: string | null;
  version: string | null;
  started_at: Date;
  finished_at: Date | null;
  instruments: number;
  bars: number;
  features: number;
  recommendations: number;
  failures: number;
  error: string | null;
}

/** The columns of {@link RunRow}, of a run `r` and its model `m`. */
export function runColumns(sql: Sql) {
  return sql`
    r.id, r.status, r.mode, r.provider, r.as_of::text AS as_of, m.version, r.started_at, r.finished_at,
    r.instruments, r.bars, r.features, r.recommendations, r.error,
    (SELECT count(DISTINCT f.symbol)::int FROM pipeline_failures f WHERE f.run_id = r.id) AS failures`;
}

/** A run's row as the API tells it. */
export function toRun(row: RunRow): Run {
  const { instruments, bars, features, recommendations, failures } = row;
  return {
    id: row.id,
    status: row.status,
    step: reachedStep({ ...row, hasModel: row.version !== null }),
    mode: row.mode,
    provider: row.provider,
    asOf: row.as_of,
    modelVersion: row.version,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    durationSeconds: row.finished_at && (row.finished_at.getTime() - row.started_at.getTime()) / 1000,
    counts: { instruments, bars, features, recommendations, failures },
    error: row.error,
  };
}
