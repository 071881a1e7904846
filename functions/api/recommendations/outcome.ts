import * as z from 'zod';
import type { Label } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { dayOf } from '../lists/age.ts';
import { Day } from '../lists/fields.ts';

export const Outcome = z
  .strictObject({
    exitDay: Day.describe('The day that the horizon ended on.'),
    entryClose: z.number().describe('The close that the call was based on, as the bars have it now.'),
    exitClose: z.number().describe('The close of the day that the horizon ended on.'),
    realisedReturnPct: z.number().describe('The return between the two, in percent.'),
    marketReturnPct: z
      .number()
      .nullable()
      .describe(
        'Average return of all instruments with a recommendation of that day, over the same horizon.',
      ),
    right: z
      .boolean()
      .nullable()
      .describe(
        'Whether a BUY did better than that average, or a SELL worse; null for HOLD, which says neither.',
      ),
  })
  .meta({ id: 'Outcome', description: 'What came of a recommendation.' });
export type Outcome = z.output<typeof Outcome>;

/** The columns of {@link outcomeColumns}: null until the horizon has passed. */
export interface OutcomeRow {
  exit_ts: Date | null;
  entry_close: number;
  exit_close: number;
  realised_return_pct: number;
  market_return_pct: number | null;
}

/** What to select of an outcome `o` and its day's record `t`. */
export function outcomeColumns(sql: Sql) {
  return sql`o.exit_ts, o.entry_close, o.exit_close, o.realised_return_pct, t.market_return_pct`;
}

/** Joins the record of its day, `t`, to a recommendation `r`: by its whole key, so it is one row. */
export function joinTrackRecord(sql: Sql) {
  return sql`LEFT JOIN track_record_days t ON t.as_of = r.as_of AND t.horizon_days = r.horizon_days
    AND t.model_version_id = r.model_version_id AND t.profile = r.profile AND t.label = r.label`;
}

/** What came of a recommendation; null until its horizon has passed. */
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

/** A call says that an instrument differs from the others, not that markets rise: see docs/adr/0006. */
function isRight(label: Label, realised: number, market: number | null): boolean | null {
  if (label === 'HOLD' || market === null) return null;
  return label === 'BUY' ? realised > market : realised < market;
}
