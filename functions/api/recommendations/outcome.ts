import * as z from 'zod';
import type { Label } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { afterCosts, COST_PER_SIDE } from '../../shared/trading-costs.ts';
import { dayOf } from '../lists/age.ts';
import { Day } from '../lists/fields.ts';

export const Outcome = z
  .strictObject({
    exitDay: Day.describe('The last day of the horizon.'),
    entryClose: z
      .number()
      .describe(
        'The close of the day of the call, as it was published. All prices of the outcome are in its units.',
      ),
    entryOpen: z
      .number()
      .nullable()
      .describe(
        'The open of the next session, the first price to trade at; null for outcomes of earlier versions.',
      ),
    exitClose: z.number().describe('The close on the last day of the horizon.'),
    realisedReturnPct: z.number().describe('The return from `entryClose` to `exitClose` in percent.'),
    openReturnPct: z
      .number()
      .nullable()
      .describe(
        'The return from `entryOpen` to `exitClose` in percent; null for outcomes of earlier versions.',
      ),
    returnAfterCostsPct: z
      .number()
      .describe(
        `\`realisedReturnPct\` after costs of ${COST_PER_SIDE * 10_000} basis points for each of two trades. For SELL the trades are selling and buying back, so the costs raise the return. HOLD has no costs.`,
      ),
    openReturnAfterCostsPct: z
      .number()
      .nullable()
      .describe('`openReturnPct` after the same costs; null for outcomes of earlier versions.'),
    firstHit: z
      .strictObject({
        which: z.enum(['stop', 'target']).describe('`stop` if one session reached both.'),
        sessions: z.int().describe('Sessions after the day of the call; the first one is 1.'),
      })
      .nullable()
      .describe(
        'Which of `stopLoss` and `takeProfit` the daily ranges reached first within the horizon. Null if neither was reached, and for outcomes of earlier versions.',
      ),
    marketReturnPct: z
      .number()
      .nullable()
      .describe(
        'The average return in percent of all instruments, with recommendations or for reference, over the same horizon. Null until most of them have ended their horizon, and for recommendations that are not live. Outcomes of earlier versions have the average of the instruments with a live recommendation.',
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
      'The outcome of a recommendation after its horizon. It is computed once: bars that the vendor corrects later do not change it.',
  });
export type Outcome = z.output<typeof Outcome>;

/** The columns of {@link outcomeColumns}. They are null until the horizon has passed. */
export interface OutcomeRow {
  exit_ts: Date | null;
  entry_close: number;
  entry_open: number | null;
  exit_close: number;
  realised_return_pct: number;
  open_return_pct: number | null;
  first_hit: 'stop' | 'target' | 'neither' | null;
  first_hit_after: number | null;
  market_return_pct: number | null;
}

/** The columns to select from an outcome `o` and the market `t` of its day. */
export function outcomeColumns(sql: Sql) {
  return sql`o.exit_ts, o.entry_close, o.entry_open, o.exit_close, o.realised_return_pct, o.open_return_pct, o.first_hit,
    o.first_hit_after, t.market_return_pct`;
}

/**
 * Joins the market `t` of its day to a live recommendation `r` with an outcome `o`. Days that were scored before the
 * returns of all instruments were stored have the average of the day counts.
 */
export function joinMarket(sql: Sql) {
  return sql`LEFT JOIN LATERAL (
    SELECT coalesce((
      SELECT w.return_pct FROM track_record_market_returns w WHERE w.as_of = r.as_of AND w.horizon_days = r.horizon_days
    ), (
      SELECT d.market_return_pct FROM track_record_days d
      WHERE o.entry_open IS NULL AND d.kind = r.kind AND d.as_of = r.as_of AND d.horizon_days = r.horizon_days
        AND d.model_version_id = r.model_version_id AND d.profile = r.profile AND d.label = r.label
    )) AS market_return_pct
  ) t ON r.kind = 'live'`;
}

/** Converts an outcome to the API's form; null until the horizon has passed. */
export function toOutcome(row: OutcomeRow, label: Label): Outcome | null {
  if (!row.exit_ts) return null;
  return {
    exitDay: dayOf(row.exit_ts),
    entryClose: row.entry_close,
    entryOpen: row.entry_open,
    exitClose: row.exit_close,
    realisedReturnPct: row.realised_return_pct,
    openReturnPct: row.open_return_pct,
    returnAfterCostsPct: afterCosts(label, row.realised_return_pct),
    openReturnAfterCostsPct: row.open_return_pct === null ? null : afterCosts(label, row.open_return_pct),
    firstHit: toFirstHit(row),
    marketReturnPct: row.market_return_pct,
    right: isRight(label, row.realised_return_pct, row.market_return_pct),
  };
}

function toFirstHit({ first_hit: which, first_hit_after: sessions }: OutcomeRow): Outcome['firstHit'] {
  return which === null || which === 'neither' || sessions === null ? null : { which, sessions };
}

/** A call predicts how an instrument differs from the others, not whether markets rise: see docs/adr/0006. */
function isRight(label: Label, realised: number, market: number | null): boolean | null {
  if (label === 'HOLD' || market === null) return null;
  return label === 'BUY' ? realised > market : realised < market;
}
