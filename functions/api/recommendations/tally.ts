import * as z from 'zod';
import type { Label } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';

type Fragment = ReturnType<Sql>;

/** What came of calls of one kind. */
export const TALLY_FIELDS = {
  scored: z.int().describe('How many calls have an outcome.'),
  right: z
    .int()
    .nullable()
    .describe(
      'How many of them were right: a BUY that did better than the average instrument of its days, a SELL that did worse. Null for HOLD.',
    ),
  shareRight: z.number().nullable().describe('The same as a share of those scored; null for HOLD.'),
  averageReturnPct: z.number().describe('Average return over the horizon, in percent.'),
  averageMarketReturnPct: z
    .number()
    .nullable()
    .describe('Average return of all instruments over the same days, in percent.'),
};

/** Sums of calls of one kind. */
export interface TallyRow {
  label: Label;
  scored: number;
  above: number;
  below: number;
  average_return_pct: number;
  market_return_pct: number | null;
}

/** What to select of calls grouped by label, beside their day's record `t`. */
export function tallyColumns(
  sql: Sql,
  { scored, above, below, returns }: Record<'scored' | 'above' | 'below' | 'returns', Fragment>,
) {
  return sql`sum(${scored})::int AS scored, sum(${above})::int AS above, sum(${below})::int AS below,
    sum(${returns}) / sum(${scored}) AS average_return_pct,
    sum(t.market_return_pct * ${scored}) / sum(${scored}) AS market_return_pct`;
}

/** What came of calls of one kind, as the API tells it. */
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
