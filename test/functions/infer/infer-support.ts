import { COLUMN_FEATURE_NAMES } from '../../../functions/features/definitions.ts';
import type { Sql } from '../../../functions/shared/database.ts';

/** Values within the bounds that the table checks. */
export const FEATURES = {
  ...Object.fromEntries(COLUMN_FEATURE_NAMES.map((name) => [name, 0.1])),
  rsi_14: 55,
};

/** Stores an instrument's features of a day; all have a value unless a change sets them to null. */
export async function seedFeatures(
  sql: Sql,
  instrument: string,
  day: string,
  change: Record<string, number | null> = {},
): Promise<void> {
  await sql`INSERT INTO features ${sql({ instrument_id: instrument, ts: day, ...FEATURES, ...change })}`;
}
