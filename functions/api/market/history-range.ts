import type { Sql } from '../../shared/database.ts';
import { problem } from '../core/problem.ts';
import { dayOf, yearBefore } from '../lists/age.ts';
import { dayParameter } from '../lists/parameters.ts';

/** The query parameters of a history: which days of it. */
export const RANGE_PARAMETERS = {
  from: dayParameter()
    .optional()
    .describe('First day, inclusive; a year before the last one unless said otherwise.'),
  to: dayParameter().optional().describe('Last day, inclusive; today unless said otherwise.'),
};

/** The days of a history, both inclusive. */
export interface DayRange {
  from: string;
  to: string;
}

/**
 * The days that a query asks for: the last year unless it says otherwise.
 *
 * @throws ApiError (400, invalid-request) if the first day is later than the last
 */
export function rangeOf(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  now: Date,
): DayRange {
  const last = to ?? dayOf(now);
  const range = { from: from ?? yearBefore(last), to: last };
  if (range.from > range.to) {
    throw problem('invalid-request', `from is ${range.from}, which is later than to, ${range.to}.`, {
      errors: [{ parameter: 'from', detail: `must not be later than ${range.to}` }],
    });
  }
  return range;
}

/** `AND` what lies within the days of a range. Bounds of a day each, so that partitions can be left out. */
export function within(sql: Sql, column: string, { from, to }: DayRange) {
  return sql`AND ${sql(column)} >= ${from}::text::timestamptz
    AND ${sql(column)} < ${to}::text::timestamptz + interval '1 day'`;
}
