import type { Predictions } from '../../../functions/infer/predictions.ts';
import { publishRun } from '../../../functions/infer/publish.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { inferResult, predictionsOf } from './publish-support.ts';

type Prediction = Predictions['instruments'][number];

/** Changes to predictions that every profile calls by a label, with a close of 100 and a true range of 4. */
export const CALLED = {
  BUY: {},
  HOLD: { place: 0.5 },
  SELL: { place: 0.999, expectedExcess: -0.025 },
} satisfies Record<string, Partial<Prediction>>;

/** Publishes calls of a label as of a day for some instruments; a run without instruments publishes none. */
export async function publishDay(
  sql: Sql,
  { runId = 'run-1', asOf, model }: { runId?: string; asOf: string; model: string },
  calls: Record<string, Partial<Prediction>>,
): Promise<void> {
  const predictions = predictionsOf(model, []);
  const universe = { day: asOf, stocks: 500 };
  for (const [id, change] of Object.entries(calls))
    predictions.instruments.push(
      ...predictionsOf(model, [id], { asOf: `${asOf}T00:00:00.000Z`, universe, ...change }).instruments,
    );
  await publishRun({ ...inferResult(runId), asOf }, predictions, sql);
}

/** A stored change without its ids and times, but with its order. */
export interface ChangeSummary {
  symbol: string;
  profile: string;
  kind: string;
  from: string | null;
  to: string | null;
  day: string;
  detail: Record<string, unknown>;
}

/** The stored changes of a profile, oldest first. */
export async function readStored(sql: Sql, profile = 'conservative'): Promise<ChangeSummary[]> {
  const rows = await sql<ChangeSummary[]>`
    SELECT i.symbol, c.profile, c.kind, c.from_label AS from, c.to_label AS to, to_char(c.as_of, 'YYYY-MM-DD') AS day,
      c.detail
    FROM call_changes c JOIN instruments i ON i.id = c.instrument_id WHERE c.profile = ${profile} ORDER BY c.id`;
  return [...rows];
}
