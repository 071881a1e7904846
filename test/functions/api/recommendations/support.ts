import { nextPublication, seal } from '../../../../functions/publications/seal.ts';
import type { Profile } from '../../../../functions/shared/constants.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { seedInstrument } from '../market/support.ts';

/** A Monday morning; the newest bar is Friday's. */
export const NOW = new Date('2026-03-02T08:00:00Z');

/** The fields of a stored recommendation. Missing ones have defaults. */
export interface RecommendationSeed {
  symbol: string;
  profile?: Profile;
  label?: string;
  confidence?: number;
  expectedReturnPct?: number;
  horizonDays?: number;
  /** By default the evening of the as-of, so that the call is live if its model's data allow it. */
  generatedAt?: string;
  /** By default a Friday, with the call published on Sunday. */
  asOf?: string;
  isActive?: boolean;
  isCarriedOver?: boolean;
  archivedAt?: string;
  modelVersion?: string;
  /** The close and the currency that were kept; by default none, as for earlier calls. */
  close?: number;
  currency?: string;
  snapshot?: Record<string, number>;
  explanation?: object;
}

/** What is said about the active model: its training data are old. */
export const MODEL_NOTICE =
  'The model learned from prices up to 2015-12-31, more than 2 years ago. An administrator should retrain it on newer prices (npm run retrain; on AWS the setting retraining).';

/**
 * Stores an active model with old training data, a model whose training data are unknown, and a succeeded run, which
 * recommendations refer to.
 */
export async function seedModelAndRun(sql: Sql): Promise<void> {
  await sql`
    INSERT INTO model_versions (version, trained_at, data_to, params_hash, metrics_json, model_path, is_active)
    VALUES ('v1.2.3', '2026-02-20T21:30:00Z', '2015-12-31', 'hash', '{}', 'models/v1.2.3', true),
      ('v1.1.0', '2026-01-20T21:30:00Z', NULL, 'hash', '{}', 'models/v1.1.0', false)`;
  await sql`
    INSERT INTO pipeline_runs (id, status, input, started_at, finished_at)
    VALUES ('run-1', 'succeeded', '{}', '2026-03-01T22:00:00Z', '2026-03-01T22:05:00Z')`;
}

/**
 * Stores a recommendation as the owner, which alone may choose when it was published, and its instrument if it is
 * missing. The database derives its kind. Returns its id.
 */
export async function seedRecommendation(sql: Sql, seed: RecommendationSeed): Promise<string> {
  const [found] = await sql`SELECT 1 FROM instruments WHERE symbol = ${seed.symbol}`;
  if (!found) await seedInstrument(sql, seed.symbol);
  const [row] = await sql<[{ id: string }]>`
    INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
      horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, generated_at,
      is_active, is_carried_over, archived_at, as_of, run_id)
    SELECT i.id, m.id, ${seed.profile ?? 'moderate'}, ${seed.label ?? 'BUY'}, ${seed.confidence ?? 0.6},
      ${seed.expectedReturnPct ?? 3.5}, ${seed.horizonDays ?? 20}, 180.5, 210.25, 'Momentum is strong.',
      ${sql.json(seed.snapshot ?? { close_price: 195.75 })}, ${sql.json((seed.explanation ?? {}) as never)},
      ${seed.generatedAt ?? `${seed.asOf ?? '2026-03-01'}T22:04:00Z`}::text::timestamptz, ${seed.isActive ?? true}, ${seed.isCarriedOver ?? false},
      ${seed.archivedAt ?? null}, ${seed.asOf ?? '2026-02-27'}, 'run-1'
    FROM instruments i, model_versions m
    WHERE i.symbol = ${seed.symbol} AND m.version = ${seed.modelVersion ?? 'v1.2.3'}
    RETURNING id`;
  // Apart, because the tests of migrations also store calls of versions without these columns.
  if (seed.close !== undefined || seed.currency !== undefined)
    await sql`
      UPDATE recommendations SET close = ${seed.close ?? null}, currency = ${seed.currency ?? null} WHERE id = ${row.id}`;
  return row.id;
}

/** Makes stored calls the next publication of the run of {@link seedModelAndRun}, as the owner. */
export async function sealCalls(sql: Sql, ids: string[]): Promise<void> {
  await sql.begin(async (tx) => {
    const publication = await nextPublication(tx, { runId: 'run-1', asOf: '2026-02-27' }, null);
    for (const id of ids)
      await tx`UPDATE recommendations SET publication_id = ${publication.id} WHERE id = ${id}`;
    await seal(tx, publication);
  });
}

/** Empties the tables that these tests fill. */
export async function emptyStore(sql: Sql): Promise<void> {
  await sql`TRUNCATE recommendations, model_versions, pipeline_runs, instruments, price_bars, features,
    track_record_market_returns, market_return_backlog CASCADE`;
}
