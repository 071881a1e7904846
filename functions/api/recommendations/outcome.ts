import * as z from 'zod';
import type { Label } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { dayOf } from '../lists/age.ts';
import { Day } from '../lists/fields.ts';

export const Outcome = z
  .strictObject({
    exitDay: Day.describe('The last day of the horizon.'),
    entryClose: z
      .number()
      .describe(
        'The close that the call was based on, with the adjustments of the day on which the outcome was computed.',
      ),
    exitClose: z.number().describe('The close on the last day of the horizon.'),
    realisedReturnPct: z.number().describe('The return between the two closes in percent.'),
    marketReturnPct: z
      .number()
      .nullable()
      .describe(
        'The average return in percent of all instruments with a live recommendation of that day, over the same horizon; null if unknown, and for recommendations of another kind.',
      ),
    right: z
      .boolean()
      .nullable()
      .describe(
        'Whether a BUY beat that average, or a SELL fell short of it; null without it, and for HOLD, which is neither right nor wrong.',
      ),
  })
  .meta({
    id: 'Outcome',
    description:
      'The outcome of a recommendation after its horizon. It is computed once: bars that the vendor restates later do not change it.',
  });
export type Outcome = z.output<typeof Outcome>;

/** The columns of {@link outcomeColumns}. They are null until the horizon has passed. */
export interface OutcomeRow {
  exit_ts: Date | null;
  entry_close: number;
  exit_close: number;
  realised_return_pct: number;
  market_return_pct: number | null;
}

/** The columns to select from an outcome `o` and its day's track record `t`. */
export function outcomeColumns(sql: Sql) {
  return sql`o.exit_ts, o.entry_close, o.exit_close, o.realised_return_pct, t.market_return_pct`;
}

/** Joins the track record `t` of its day to a live recommendation `r`. The whole key is compared, so it is one row. */
export function joinTrackRecord(sql: Sql) {
  return sql`LEFT JOIN track_record_days t ON r.kind = 'live' AND t.kind = r.kind AND t.as_of = r.as_of AND t.horizon_days = r.horizon_days
    AND t.model_version_id = r.model_version_id AND t.profile = r.profile AND t.label = r.label`;
}

/** Converts an outcome to the API's form; null until the horizon has passed. */
export function toOutcome(row: OutcomeRow, label: Label): Outcome | null {
  if (!row.exit_ts) return null;
  return {
    exitDay: dayOf(row.exit_ts),
    entryClose: row.entry_close,
    exitClose: row.exit_close,
    realisedReturnPct: row.realised_return_pct,
    marketReturnPct: row.market_return_pct,
    right: isRight(label, row.realised_return_pct, row.market_return_pct),
  };
}

/** A call predicts how an instrument differs from the others, not whether markets rise: see docs/adr/0006. */
function isRight(label: Label, realised: number, market: number | null): boolean | null {
  if (label === 'HOLD' || market === null) return null;
  return label === 'BUY' ? realised > market : realised < market;
}
