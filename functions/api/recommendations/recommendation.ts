import * as z from 'zod';
import { CALL_KINDS, type CallKind } from '../../shared/call-kinds.ts';
import { LABELS, type Label, PROFILES, type Profile } from '../../shared/constants.ts';
import { marksOf } from '../../shared/model-market.ts';
import { ageInDays, dayOf } from '../lists/age.ts';
import { Day, Instant } from '../lists/fields.ts';
import { Currency, INSTRUMENT_FIELDS } from '../resources/instrument.ts';
import { ModelDataTo } from '../resources/model.ts';

/** The fields of a call in every answer. */
export const CALL_FIELDS = {
  id: z.uuid().describe('The id.'),
  profile: z.enum(PROFILES).describe('The risk profile of the recommendation.'),
  label: z.enum(LABELS).describe('The call.'),
  confidence: z.number().min(0).max(1).describe('The calibrated probability of the call.'),
  expectedReturnPct: z
    .number()
    .describe('The expected return over the horizon less that of the average stock, in percentage points.'),
  horizonDays: z.int().describe('The horizon in trading days.'),
  currency: Currency,
  stopLoss: z.number().describe('The price at which to limit the loss; above the close for SELL.'),
  takeProfit: z.number().describe('The price at which to take the profit; below the close for SELL.'),
  lastClose: z
    .number()
    .nullable()
    .describe('The close that the call is based on; null if it was not stored.'),
  asOf: Day.describe('Trading day of the newest bar that the call is based on.'),
  generatedAt: Instant.describe(
    'When the recommendation was published by the clock of the database, in UTC.',
  ),
  kind: z
    .enum(CALL_KINDS)
    .describe(
      '`live`: published on `asOf` or up to four calendar days later, by a model whose data end before `asOf`. `backdated`: published later, or before `asOf`. `hindsight`: the data of the model reach `asOf` or later, or their end is not known. `sample`: from the bundled sample. Only live calls count in the track record.',
    ),
  modelVersion: z.string().describe('The model version that made the recommendation.'),
  modelDataTo: ModelDataTo,
};

export const Recommendation = z
  .strictObject({
    ...CALL_FIELDS,
    ...INSTRUMENT_FIELDS,
    justification: z.string().describe('The call and its reasons in plain words.'),
    dataAgeDays: z.int().describe('Calendar days since `asOf`.'),
    carriedOver: z
      .boolean()
      .describe(
        'Whether the latest run made no call for the instrument, so that this earlier one is its last; see `asOf`.',
      ),
  })
  .meta({ id: 'Recommendation', description: 'A call for a stock and a risk profile, with its reasons.' });
export type Recommendation = z.output<typeof Recommendation>;

/** The columns of {@link CALL_FIELDS}. */
export interface CallRow {
  id: string;
  profile: Profile;
  label: Label;
  confidence: number;
  /** The expected return less that of the average stock. */
  expected_excess_pct: number;
  horizon_days: number;
  stop_loss: number;
  take_profit: number;
  currency: string | null;
  last_close: number | null;
  as_of: Date;
  generated_at: Date;
  kind: CallKind;
  version: string;
  data_to: Date | null;
}

/** The columns of {@link RECOMMENDATION_COLUMNS}. */
export interface RecommendationRow extends CallRow {
  symbol: string;
  exchange: string;
  name: string | null;
  sector: string | null;
  /** The instrument's now. */
  instrument_currency: string | null;
  justification: string;
  carried_over: boolean;
}

/** Models before v1.0.0 stored an expected return that includes the average stock's. Their explanation has the latter. */
const EXPECTED_EXCESS = `r.expected_return_pct - CASE WHEN jsonb_typeof(r.explanation -> 'base_return') = 'number'
  THEN (r.explanation ->> 'base_return')::float8 * 100 ELSE 0 END AS expected_excess_pct`;

/** The columns to select from a recommendation `r` and its model version `m`. The currency is null if it was not kept. */
export const CALL_COLUMNS = `r.id, r.profile, r.label, r.confidence, ${EXPECTED_EXCESS}, r.horizon_days, r.stop_loss,
  r.take_profit, r.currency, coalesce(r.close, (r.features_snapshot ->> 'close_price')::float8) AS last_close, r.as_of,
  r.generated_at, r.kind, m.version, m.data_to`;

/** The columns to select from a recommendation `r`, its model version `m` and its instrument `i`. */
export const RECOMMENDATION_COLUMNS = `${CALL_COLUMNS}, i.symbol, i.exchange, i.name, i.sector,
  i.currency AS instrument_currency, r.justification, r.is_active AND r.is_carried_over AS carried_over`;

/** Converts a row to {@link CALL_FIELDS}. */
export function toCall(row: CallRow) {
  return {
    id: row.id,
    profile: row.profile,
    label: row.label,
    confidence: row.confidence,
    expectedReturnPct: row.expected_excess_pct,
    horizonDays: row.horizon_days,
    currency: row.currency,
    stopLoss: row.stop_loss,
    takeProfit: row.take_profit,
    lastClose: row.last_close,
    asOf: dayOf(row.as_of),
    generatedAt: row.generated_at.toISOString(),
    kind: row.kind,
    modelVersion: row.version,
    modelDataTo: row.data_to && dayOf(row.data_to),
  };
}

/** Converts a row to the API's form. */
export function toRecommendation(row: RecommendationRow, now: Date): Recommendation {
  const currency = row.currency ?? row.instrument_currency;
  return {
    ...toCall({ ...row, currency }),
    symbol: row.symbol,
    exchange: row.exchange,
    name: row.name,
    sector: row.sector,
    marks: marksOf({ ...row, currency }),
    justification: row.justification,
    dataAgeDays: ageInDays(row.as_of, now),
    carriedOver: row.carried_over,
  };
}
