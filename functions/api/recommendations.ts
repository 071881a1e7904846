import { z } from 'zod';
import { LABELS, type Label, PROFILES, type Profile } from '../shared/constants.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { ageInDays, dayOf, daysBefore } from './age.ts';

/**
 * Calendar days after which a recommendation's data is too old to act on. A long weekend and a few missed
 * runs fit into a week; a horizon of twenty trading days has by then lost a quarter.
 */
export const MAX_DATA_AGE_DAYS = 7;

const LIMIT_RULE = 'must be a whole number from 1 to 100';

/** The query of GET /v1/recommendations. */
export const RecommendationsQuery = z.strictObject({
  profile: z.enum(PROFILES, { error: `must be one of ${PROFILES.join(', ')}` }).default('conservative'),
  label: z.enum(LABELS, { error: `must be one of ${LABELS.join(', ')}` }).optional(),
  limit: z
    .string()
    .regex(/^[1-9][0-9]{0,2}$/, LIMIT_RULE)
    .transform(Number)
    .pipe(z.number().max(100, LIMIT_RULE))
    .default(10),
});
export type RecommendationsQuery = z.output<typeof RecommendationsQuery>;

/** One recommendation, as the API tells it. */
export interface RecommendationItem {
  id: string;
  symbol: string;
  exchange: string;
  name: string | null;
  sector: string | null;
  profile: Profile;
  label: Label;
  confidence: number;
  expectedReturnPct: number;
  horizonDays: number;
  stopLoss: number;
  takeProfit: number;
  /** The close that the recommendation is based on. */
  lastClose: number | null;
  justification: string;
  /** Trading day of the newest bar that was read. */
  asOf: string;
  dataAgeDays: number;
  generatedAt: string;
  modelVersion: string;
}

/** The answer of GET /v1/recommendations. */
export interface RecommendationList {
  /** Day of the profile's newest active recommendation, withheld ones included; null where there is none. */
  asOf: string | null;
  notice: string | null;
  /** The active model. Each item names the one that made it. */
  model: { version: string; trainedAt: string; ageDays: number } | null;
  /** Active instruments, and how many of them have a recommendation for the profile that is not withheld. */
  coverage: { activeInstruments: number; recommended: number };
  /** How many that the query asks for are not shown, and why. */
  withheld: { count: number; reason: string | null };
  items: RecommendationItem[];
}

/**
 * Lists active recommendations, the surest first. Stale ones are withheld and counted; those of instruments
 * that are no longer active are left out.
 *
 * @param sql - a client of the API's role
 * @param at - the instant that ages are counted to
 */
export async function listRecommendations(
  sql: Sql,
  query: RecommendationsQuery,
  { at, notice }: { at: Date; notice: string | null },
): Promise<RecommendationList> {
  const oldest = daysBefore(at, MAX_DATA_AGE_DAYS);
  // One snapshot for both statements: a run that publishes in between must not mix its set with the last one.
  const [summary, rows] = await sql.begin('isolation level repeatable read read only', async (tx) => [
    await summarise(tx, query, oldest),
    await selectItems(tx, query, oldest),
  ]);
  return {
    asOf: summary.newest && dayOf(summary.newest),
    notice,
    model: summary.version === null ? null : toModel(summary, at),
    coverage: { activeInstruments: summary.active_instruments, recommended: summary.recommended },
    withheld: { count: summary.withheld, reason: withheldReason(summary.withheld) },
    items: rows.map((row) => toItem(row, at)),
  };
}

interface ModelColumns {
  version: string;
  trained_at: Date;
}

type SummaryRow = {
  newest: Date | null;
  recommended: number;
  withheld: number;
  active_instruments: number;
} & (ModelColumns | Record<keyof ModelColumns, null>);

async function summarise(tx: Transaction, query: RecommendationsQuery, oldest: Date): Promise<SummaryRow> {
  const wanted = query.label ? tx`r.label = ${query.label}` : tx`true`;
  const [row] = await tx<[SummaryRow]>`
    SELECT a.*, m.version, m.trained_at,
      (SELECT count(*)::int FROM instruments WHERE is_active) AS active_instruments
    FROM (
      SELECT max(r.as_of) AS newest,
        count(*) FILTER (WHERE r.as_of >= ${oldest})::int AS recommended,
        count(*) FILTER (WHERE r.as_of < ${oldest} AND ${wanted})::int AS withheld
      FROM recommendations r
      JOIN instruments i ON i.id = r.instrument_id AND i.is_active
      WHERE r.is_active AND r.profile = ${query.profile}
    ) a
    LEFT JOIN model_versions m ON m.is_active`;
  return row;
}

interface ItemRow {
  id: string;
  symbol: string;
  exchange: string;
  name: string | null;
  sector: string | null;
  profile: Profile;
  label: Label;
  confidence: number;
  expected_return_pct: number;
  horizon_days: number;
  stop_loss: number;
  take_profit: number;
  last_close: number | null;
  justification: string;
  as_of: Date;
  generated_at: Date;
  version: string;
}

function selectItems(tx: Transaction, query: RecommendationsQuery, oldest: Date): Promise<ItemRow[]> {
  return tx<ItemRow[]>`
    SELECT r.id, i.symbol, i.exchange, i.name, i.sector, r.profile, r.label, r.confidence, r.expected_return_pct,
      r.horizon_days, r.stop_loss, r.take_profit, (r.features_snapshot ->> 'close_price')::float8 AS last_close,
      r.justification, r.as_of, r.generated_at, m.version
    FROM recommendations r
    JOIN instruments i ON i.id = r.instrument_id AND i.is_active
    JOIN model_versions m ON m.id = r.model_version_id
    WHERE r.is_active AND r.profile = ${query.profile} AND r.as_of >= ${oldest}
      ${query.label ? tx`AND r.label = ${query.label}` : tx``}
    ORDER BY r.confidence DESC, r.generated_at DESC, i.symbol
    LIMIT ${query.limit}`;
}

function toModel(row: ModelColumns, at: Date): RecommendationList['model'] {
  return {
    version: row.version,
    trainedAt: row.trained_at.toISOString(),
    ageDays: ageInDays(row.trained_at, at),
  };
}

function withheldReason(count: number): string | null {
  if (count === 0) return null;
  return `Based on data more than ${MAX_DATA_AGE_DAYS} days old, which is too old to act on.`;
}

function toItem(row: ItemRow, at: Date): RecommendationItem {
  return {
    id: row.id,
    symbol: row.symbol,
    exchange: row.exchange,
    name: row.name,
    sector: row.sector,
    profile: row.profile,
    label: row.label,
    confidence: row.confidence,
    expectedReturnPct: row.expected_return_pct,
    horizonDays: row.horizon_days,
    stopLoss: row.stop_loss,
    takeProfit: row.take_profit,
    lastClose: row.last_close,
    justification: row.justification,
    asOf: dayOf(row.as_of),
    dataAgeDays: ageInDays(row.as_of, at),
    generatedAt: row.generated_at.toISOString(),
    modelVersion: row.version,
  };
}
