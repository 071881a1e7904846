import * as z from 'zod';
import type { Label } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';

type Fragment = ReturnType<Sql>;

/** The results of calls of one kind. */
export const TALLY_FIELDS = {
  scored: z.int().describe('The number of calls whose horizon has passed, HOLD included.'),
  right: z
    .int()
    .nullable()
    .describe(
      'The number of calls that were right: a BUY that beat the average instrument over the same days, or a SELL that fell short of it. Null for HOLD, which is neither right nor wrong.',
    ),
  shareRight: z.number().nullable().describe('The hit rate: `right` as a share of `scored`; null for HOLD.'),
  averageReturnPct: z.number().describe('The average return over the horizon in percent.'),
  averageMarketReturnPct: z
    .number()
    .nullable()
    .describe('The average return of all instruments over the same days in percent; null if unknown.'),
};

/** The sums over calls of one kind. */
export interface TallyRow {
  label: Label;
  scored: number;
  above: number;
  below: number;
  average_return_pct: number;
  market_return_pct: number | null;
}

/** The columns to select from calls grouped by label, with the market `t` of their day. */
export function tallyColumns(
  sql: Sql,
  { scored, above, below, returns }: Record<'scored' | 'above' | 'below' | 'returns', Fragment>,
) {
  return sql`sum(${scored})::int AS scored, sum(${above})::int AS above, sum(${below})::int AS below,
    sum(${returns}) / sum(${scored}) AS average_return_pct,
    sum(t.market_return_pct * ${scored}) / sum(${scored}) AS market_return_pct`;
}

/** Converts a row to the API's form. */
export function toTally(row: TallyRow) {
  const right = { BUY: row.above, SELL: row.below, HOLD: null }[row.label];
  return {
    scored: row.scored,
    right,
    shareRight: right === null ? null : right / row.scored,
    averageReturnPct: row.average_return_pct,
    averageMarketReturnPct: row.market_return_pct,
  };
}
