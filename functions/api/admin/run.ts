import * as z from 'zod';
import { RUN_MODES, RUN_STATUSES } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { isCounted } from '../../shared/recommended.ts';
import { Instant } from '../lists/fields.ts';
import { RunStep, reachedStep } from '../resources/run-step.ts';

/** The id of a run: the name of its execution in Step Functions. */
export const RunId = z
  .string()
  .regex(/^[A-Za-z0-9_.+=@-]{1,80}$/, 'must be a run id: 1 to 80 letters, digits or _.+=@-')
  .describe('The id of the run, which is also the name of its execution.');

/** The path parameter of operations on one run. */
export const RunParams = z.strictObject({ id: RunId });

const countField = (description: string) => z.int().nonnegative().describe(description);

/** The fields of a run in every answer. */
export const RUN_FIELDS = {
  id: RunId,
  status: z.enum(RUN_STATUSES).describe('The status of the run.'),
  step: RunStep,
  mode: z.enum(RUN_MODES).nullable().describe('The kind of run; null if its input was invalid.'),
  provider: z.string().nullable().describe('The provider of its bars.'),
  asOf: z.iso.date().nullable().describe('The last trading day that the run read.'),
  modelVersion: z.string().nullable().describe('The model version that the run used; null before inference.'),
  startedAt: Instant.describe('When the run started, in UTC.'),
  finishedAt: Instant.nullable().describe('When the run ended, in UTC; null while it runs.'),
  durationSeconds: z
    .number()
    .nonnegative()
    .nullable()
    .describe('The duration in seconds; null while it runs.'),
  counts: z
    .strictObject({
      instruments: countField('Instruments that the run covers.'),
      bars: countField('New or changed bars that the run wrote.'),
      features: countField('New or changed feature rows that the run wrote.'),
      recommendations: countField('Recommendations that the run published.'),
      failures: countField('Instruments that failed.'),
    })
    .describe('The work of the run in numbers.'),
  error: z.string().nullable().describe('Why the run failed; null if it did not.'),
};

/** A run, as lists show it. */
export const Run = z.strictObject(RUN_FIELDS).meta({ id: 'Run', description: 'A pipeline run.' });
export type Run = z.output<typeof Run>;

/** The columns of {@link runColumns}. */
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

/** The columns to select from a run `r` and its model `m`. */
export function runColumns(sql: Sql) {
  return sql`
    r.id, r.status, r.mode, r.provider, r.as_of::text AS as_of, m.version, r.started_at, r.finished_at,
    r.instruments, r.bars, r.features, r.recommendations, r.error,
    (SELECT count(DISTINCT f.symbol)::int FROM pipeline_failures f WHERE f.run_id = r.id AND ${isCounted(sql)}) AS failures`;
}

/** Converts a row to the API's form. */
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
