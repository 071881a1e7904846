import { ADDITIONAL_FEATURE_NAMES } from '../../../functions/features/definitions.ts';
import type { Sql } from '../../../functions/shared/database.ts';

const COLUMNS = {
  ret_1d: 0.01,
  ret_5d: 0.02,
  ret_20d: 0.03,
  rsi_14: 55,
  momentum_5d: 0.5,
  vol_20d: 0.25,
  atr_14: 1.5,
  volume_zscore: 0.2,
};

/** Stores an instrument's features of a day; all have a value unless a change sets them to null. */
export async function seedFeatures(
  sql: Sql,
  instrument: string,
  day: string,
  change: Record<string, number | null> = {},
): Promise<void> {
  const columns: Record<string, number | null> = { ...COLUMNS };
  const additional: Record<string, number | null> = Object.fromEntries(
    ADDITIONAL_FEATURE_NAMES.map((name) => [name, 0.1]),
  );
  for (const [name, value] of Object.entries(change)) (name in columns ? columns : additional)[name] = value;
  await sql`
    INSERT INTO features ${sql({ instrument_id: instrument, ts: day, ...columns, additional_features: additional })}`;
}
