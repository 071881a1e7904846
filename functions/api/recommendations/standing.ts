import * as z from 'zod';
import { MAX_DATA_AGE_DAYS } from '../../shared/constants.ts';
import { dayOf, oldestFresh } from '../lists/age.ts';
import { Instant } from '../lists/fields.ts';

/** Whether users can act on a recommendation. */
export const STANDING_FIELDS = {
  standing: z
    .enum(['current', 'withheld', 'archived'])
    .describe(
      '`current`: users can act on it. `withheld`: it is the newest one, but users should not act on it, and the list omits it. `archived`: a newer one replaced it.',
    ),
  archivedAt: Instant.nullable().describe(
    'When a newer recommendation replaced it, in UTC; null if it is not archived.',
  ),
  warning: z
    .string()
    .nullable()
    .describe('Why users should not act on it, in one sentence; null if it is current.'),
};

/** The columns that decide the standing of a recommendation. */
export interface StandingRow {
  is_active: boolean;
  archived_at: Date | null;
  as_of: Date;
  instrument_is_active: boolean;
}

/** Decides the standing of a recommendation. */
export function standingOf(
  row: StandingRow,
  now: Date,
): { [K in keyof typeof STANDING_FIELDS]: z.output<(typeof STANDING_FIELDS)[K]> } {
  const archivedAt = row.archived_at?.toISOString() ?? null;
  if (!row.is_active) {
    const when = row.archived_at ? ` on ${dayOf(row.archived_at)}` : '';
    return {
      standing: 'archived',
      archivedAt,
      warning: `This recommendation was replaced${when}. It is kept as a record.`,
    };
  }
  const withheld = (warning: string) => ({ standing: 'withheld' as const, archivedAt, warning });
  if (!row.instrument_is_active)
    return withheld('This instrument is no longer covered, so the recommendation is out of date.');
  if (row.as_of < oldestFresh(now)) {
    return withheld(
      `This recommendation is based on data more than ${MAX_DATA_AGE_DAYS} days old, which is too old to act on.`,
    );
  }
  return { standing: 'current', archivedAt, warning: null };
}
