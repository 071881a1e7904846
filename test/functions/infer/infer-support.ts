import { COLUMN_FEATURE_NAMES } from '../../../functions/features/definitions.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';

/** Values within the bounds that the table checks. */
const FEATURES = { ...Object.fromEntries(COLUMN_FEATURE_NAMES.map((name) => [name, 0.1])), rsi_14: 55 };

/** Stores an instrument's features of a day; all have a value unless a change sets them to null. */
export async function seedFeatures(
  sql: Sql,
  instrument: string,
  day: string,
  change: Record<string, number | null> = {},
): Promise<void> {
  await sql`INSERT INTO features ${sql({ instrument_id: instrument, ts: day, ...FEATURES, ...change })}`;
}

/**
 * Stores stocks with features of some days, without bars: the universe that others are compared with. They are not
 * active, so that no run fetches them. Every value differs from those of the other stocks.
 */
export async function seedPeers(
  sql: Sql,
  days: readonly string[],
  { count = 50, prefix = 'PEER' }: { count?: number; prefix?: string } = {},
): Promise<void> {
  const sorted = [...days].sort();
  await sql`SELECT ensure_partitions('daily', ${defined(sorted[0], 'day')}, ${defined(sorted.at(-1), 'day')})`;
  const symbols = Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  const peers = await sql<{ id: string }[]>`
    INSERT INTO instruments (symbol, exchange, purpose, is_active)
    SELECT symbol, 'NASDAQ', 'reference', false FROM jsonb_array_elements_text(${sql.json(symbols)}) AS s(symbol)
    ON CONFLICT (symbol, exchange) DO UPDATE SET purpose = 'reference' RETURNING id`;
  // Steps that share no factor with the modulus give each feature an order of its own.
  const value = (peer: number, feature: number) => ((peer * (feature + 1) * 7 + feature) % 997) / 997;
  const rows = days.flatMap((ts) =>
    peers.map(({ id }, peer) => ({
      instrument_id: id,
      ts,
      ...Object.fromEntries(
        COLUMN_FEATURE_NAMES.map((name, feature) => [name, 0.05 + value(peer, feature) / 10]),
      ),
      rsi_14: 50 + 10 * value(peer, 3),
    })),
  );
  const columns = sql(['instrument_id', 'ts', ...COLUMN_FEATURE_NAMES]);
  await sql`
    INSERT INTO features (${columns})
    SELECT ${columns} FROM jsonb_populate_recordset(null::features, ${sql.json(rows)})`;
}
