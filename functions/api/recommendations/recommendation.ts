import * as z from 'zod';
import { LABELS, type Label, PROFILES, type Profile } from '../../shared/constants.ts';
import { ageInDays, dayOf } from '../lists/age.ts';
import { Day, Instant } from '../lists/fields.ts';
import { INSTRUMENT_FIELDS } from '../resources/instrument.ts';

/** What is told of a call wherever it is told. */
export const CALL_FIELDS = {
  id: z.uuid().describe('The id.'),
  profile: z.enum(PROFILES).describe('The risk profile that it is for.'),
  label: z.enum(LABELS).describe('The call.'),
  confidence: z.number().min(0).max(1).describe("The label's calibrated probability."),
  expectedReturnPct: z.number().describe('Expected return over the horizon, in percent.'),
  horizonDays: z.int().describe('The horizon, in trading days.'),
  stopLoss: z.number().describe('The price at which the call proves wrong; above the close for SELL.'),
  takeProfit: z.number().describe('The price at which the call proves right; below the close for SELL.'),
  lastClose: z.number().nullable().describe('The close that it is based on; null where it was not kept.'),
  asOf: Day.describe('Trading day of the newest bar that was read.'),
  generatedAt: Instant.describe('When it was published.'),
  modelVersion: z.string().describe('The model that made it.'),
};

export const Recommendation = z
  .strictObject({
    ...CALL_FIELDS,
    ...INSTRUMENT_FIELDS,
    justification: z.string().describe('The call and its reasons in plain words.'),
    dataAgeDays: z.int().describe('Calendar days from that bar to now.'),
  })
  .meta({ id: 'Recommendation', description: 'What to do with a stock, for a risk profile, and why.' });
export type Recommendation = z.output<typeof Recommendation>;

/** The columns of {@link CALL_FIELDS}. */
export interface CallRow {
  id: string;
  profile: Profile;
  label: Label;
  confidence: number;
  expected_return_pct: number;
  horizon_days: number;
  stop_loss: number;
  take_profit: number;
  last_close: number | null;
  as_of: Date;
  generated_at: Date;
  version: string;
}

/** A row of {@link recommendationColumns}. */
export interface RecommendationRow extends CallRow {
  symbol: string;
  exchange: string;
  name: string | null;
  sector: string | null;
  justification: string;
}

/** What to select of a recommendation `r` and its model version `m`. */
export const CALL_COLUMNS = `r.id, r.profile, r.label, r.confidence, r.expected_return_pct, r.horizon_days, r.stop_loss,
  r.take_profit, (r.features_snapshot ->> 'close_price')::float8 AS last_close, r.as_of, r.generated_at, m.version`;

/** What to select of a recommendation `r`, its model version `m` and its instrument `i`. */
export const RECOMMENDATION_COLUMNS = `${CALL_COLUMNS}, i.symbol, i.exchange, i.name, i.sector, r.justification`;

/** What is told of a call wherever it is told. */
export function toCall(row: CallRow) {
  return {
    id: row.id,
    profile: row.profile,
    label: row.label,
    confidence: row.confidence,
    expectedReturnPct: row.expected_return_pct,
    horizonDays: row.horizon_days,
    stopLoss: row.stop_loss,
    takeProfit: row.take_profit,
    lastClose: row.last_close,
    asOf: dayOf(row.as_of),
    generatedAt: row.generated_at.toISOString(),
    modelVersion: row.version,
  };
}

/** A row as the API tells it. */
export function toRecommendation(row: RecommendationRow, now: Date): Recommendation {
  return {
    ...toCall(row),
    symbol: row.symbol,
    exchange: row.exchange,
    name: row.name,
    sector: row.sector,
    justification: row.justification,
    dataAgeDays: ageInDays(row.as_of, now),
  };
}
