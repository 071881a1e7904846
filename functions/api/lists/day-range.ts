import type { Sql } from '../../shared/database.ts';
import { problem } from '../core/problem.ts';
import { dayOf, yearBefore } from './age.ts';
import { dayParameter } from './parameters.ts';

/** The query parameters that select the days of a history. */
export const RANGE_PARAMETERS = {
  from: dayParameter().optional().describe('First day, inclusive; one year before `to` by default.'),
  to: dayParameter().optional().describe('Last day, inclusive; today by default.'),
};

/** The days of a history, both inclusive. */
export interface DayRange {
  from: string;
  to: string;
}

/** Days of which either bound may be open. */
export interface OpenDayRange {
  from?: string | undefined;
  to?: string | undefined;
}

/**
 * The days that a query selects: by default the last year.
 *
 * @throws ApiError (400, invalid-request) if the first day is later than the last
 */
export function rangeOf({ from, to }: OpenDayRange, now: Date): DayRange {
  const last = to ?? dayOf(now);
  const range = { from: from ?? yearBefore(last), to: last };
  assertOrdered(range);
  return range;
}

/** @throws ApiError (400, invalid-request) if the first day is later than the last */
export function assertOrdered({ from, to }: OpenDayRange): void {
  if (from === undefined || to === undefined || from <= to) return;
  throw problem('invalid-request', `from (${from}) must not be later than to (${to}).`, {
    errors: [{ parameter: 'from', detail: `must not be later than ${to}` }],
  });
}

/** `AND` an instant is in the range. The bounds are constant days, so that Postgres can skip partitions. */
export function withinDays(sql: Sql, column: string, { from, to }: OpenDayRange) {
  return sql`${from === undefined ? sql`` : sql`AND ${sql(column)} >= ${from}::text::timestamptz`}
    ${to === undefined ? sql`` : sql`AND ${sql(column)} < ${to}::text::timestamptz + interval '1 day'`}`;
}
