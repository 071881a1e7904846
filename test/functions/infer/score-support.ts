import { scoreOutcomes } from '../../../functions/infer/score-outcomes.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import type { ObjectReader } from '../../../functions/shared/object-store.ts';
import { MemoryObjects } from './support.ts';

/** Scores as of a day. */
export function scoreUpTo(asOf: string, sql: Sql, models: ObjectReader = new MemoryObjects()) {
  return scoreOutcomes({ runId: 'run-1', asOf }, sql, models);
}

/** A call to store. Without a close, it is one from before closes were kept. */
export interface CallSeed {
  instrument: string;
  asOf: string;
  horizon: number;
  label?: string;
  profile?: string;
  close?: number | undefined;
  stop?: number;
  target?: number;
  snapshot?: Record<string, number>;
  isActive?: boolean;
}

/** Stores a call of the only model version as the owner, published now. */
export async function seedCall(
  sql: Sql,
  { instrument, asOf, horizon, label = 'BUY', profile = 'moderate', close, ...seed }: CallSeed,
): Promise<void> {
  await sql`
    INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
      horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, close, is_active, as_of, run_id)
    SELECT ${instrument}, id, ${profile}, ${label}, 0.5, 1, ${horizon}, ${seed.stop ?? 90}, ${seed.target ?? 110},
      'Because.', ${sql.json(seed.snapshot ?? {})}, '{}', ${close ?? null}, ${seed.isActive ?? true}, ${asOf}, 'run-1'
    FROM model_versions`;
}

/** A daily bar: its day, open, high, low and close. */
export type DayBar = [day: string, o: number, h: number, l: number, c: number];

/** Stores daily bars of days that have a partition. */
export async function insertBars(sql: Sql, instrument: string, bars: readonly DayBar[]): Promise<void> {
  await sql`
    INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval)
    SELECT ${instrument}, (b ->> 0)::timestamptz, (b ->> 1)::float8, (b ->> 2)::float8, (b ->> 3)::float8,
      (b ->> 4)::float8, 1000, 'daily'
    FROM jsonb_array_elements(${sql.json(bars)}) AS b`;
}

/** Multiplies the prices of the bars of some days, keeps the replaced ones and marks the instrument, as Load does. */
export async function restateBars(
  sql: Sql,
  instrument: string,
  { from, to, factor }: { from: string; to: string; factor: number },
): Promise<void> {
  await sql`
    WITH replaced AS (
      UPDATE price_bars b SET o = o * ${factor}, h = h * ${factor}, l = l * ${factor}, c = c * ${factor}
      WHERE instrument_id = ${instrument} AND ts BETWEEN ${from}::timestamptz AND ${to}::timestamptz
      RETURNING b.instrument_id, b.ts, b.interval, old.o, old.h, old.l, old.c, old.v, old.created_at
    )
    INSERT INTO bar_revisions (instrument_id, ts, interval, o, h, l, c, v, first_seen_at)
    SELECT * FROM replaced ON CONFLICT DO NOTHING`;
  await sql`INSERT INTO outcome_backlog VALUES (${instrument}, ${from}) ON CONFLICT DO NOTHING`;
}
