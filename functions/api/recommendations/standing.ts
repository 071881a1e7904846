import * as z from 'zod';
import { dayOf } from '../lists/age.ts';
import { Instant } from '../lists/fields.ts';
import { MAX_DATA_AGE_DAYS, oldestFresh } from './freshness.ts';

/** Whether a recommendation can be acted on. */
export const STANDING_FIELDS = {
  standing: z
    .enum(['current', 'withheld', 'archived'])
    .describe(
      '`current`: to be acted on. `withheld`: the newest there is, but not to be acted on, and not in the list. `archived`: history.',
    ),
  archivedAt: Instant.nullable().describe(
    'When a later one took its place; null for one that is not archived.',
  ),
  warning: z
    .string()
    .nullable()
    .describe('Why it is not to be acted on, in a sentence; null if it is current.'),
};

/** What the standing of a recommendation depends on. */
export interface StandingRow {
  is_active: boolean;
  archived_at: Date | null;
  as_of: Date;
  instrument_is_active: boolean;
}

/** The standing of a recommendation. */
export function standingOf(
  row: StandingRow,
  now: Date,
): { [K in keyof typeof STANDING_FIELDS]: z.output<(typeof STANDING_FIELDS)[K]> } {
  const archivedAt = row.archived_at?.toISOString() ?? null;
  if (!row.is_active) {
    const since = row.archived_at ? ` since ${dayOf(row.archived_at)}` : '';
    return {
      standing: 'archived',
      archivedAt,
      warning: `It is history${since}, not a current recommendation.`,
    };
  }
  const withheld = (warning: string) => ({ standing: 'withheld' as const, archivedAt, warning });
  if (!row.instrument_is_active) return withheld('The instrument is no longer covered.');
  if (row.as_of < oldestFresh(now)) {
    return withheld(
      `It is based on data more than ${MAX_DATA_AGE_DAYS} days old, which is too old to act on.`,
    );
  }
  return { standing: 'current', archivedAt, warning: null };
}
