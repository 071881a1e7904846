import { createHash } from 'node:crypto';
import type { Sql } from '../../functions/shared/database.ts';

/** The rows that a pipeline wrote, by table: their number, and a hash of them without ids and write times. */
export type StoredRows = Record<string, { rows: number; hash: string }>;

const QUERIES: Record<string, string> = {
  instruments: 'SELECT symbol, exchange, name, sector, is_active FROM instruments ORDER BY symbol',
  price_bars: `SELECT i.symbol, b.interval, b.ts, b.o, b.h, b.l, b.c, b.v
    FROM price_bars b JOIN instruments i ON i.id = b.instrument_id ORDER BY 1, 2, 3`,
  features: `SELECT i.symbol, to_jsonb(f) - '{id,instrument_id,created_at}'::text[] AS f
    FROM features f JOIN instruments i ON i.id = f.instrument_id ORDER BY 1, f.ts`,
  feature_backlog: 'SELECT count(*) AS waiting FROM feature_backlog',
  outcome_backlog: 'SELECT count(*) AS waiting FROM outcome_backlog',
  corporate_actions: `SELECT i.symbol, a.ex_date, a.kind, a.value
    FROM corporate_actions a JOIN instruments i ON i.id = a.instrument_id ORDER BY 1, 2, 3`,
  quarantined_bars: 'SELECT count(*) AS quarantined FROM quarantined_bars',
  universe_values: `SELECT to_jsonb(u) - 'model_version_id' AS u, v.input, v.currency, v.negated_values
    FROM universes u JOIN universe_values v ON v.ts = u.ts ORDER BY u.ts, 2, 3`,
  recommendations: `SELECT i.symbol, m.version, to_jsonb(r)
      - '{id,instrument_id,model_version_id,run_id,generated_at,archived_at}'::text[] AS r
    FROM recommendations r JOIN instruments i ON i.id = r.instrument_id JOIN model_versions m ON m.id = r.model_version_id
    ORDER BY 1, r.as_of, r.profile, r.is_active`,
  recommendation_outcomes: `SELECT i.symbol, r.as_of, r.profile, to_jsonb(o) - '{recommendation_id,scored_at}'::text[] AS o
    FROM recommendation_outcomes o JOIN recommendations r ON r.id = o.recommendation_id
    JOIN instruments i ON i.id = r.instrument_id ORDER BY 1, 2, 3`,
  unscored_recommendations: 'SELECT count(*) AS waiting FROM unscored_recommendations',
  market_return_backlog: 'SELECT * FROM market_return_backlog ORDER BY 1, 2',
  track_record_market_returns: `SELECT to_jsonb(w) - 'scored_at' AS w FROM track_record_market_returns w
    ORDER BY w.as_of, w.horizon_days`,
};

/** Reads and hashes the rows of every table that the pipeline writes. */
export async function readStoredRows(sql: Sql): Promise<StoredRows> {
  const stored: StoredRows = {};
  for (const [table, query] of Object.entries(QUERIES)) {
    const hash = createHash('sha256');
    const rows = await sql.unsafe(query).values();
    for (const row of rows) hash.update(JSON.stringify(row)).update('\n');
    stored[table] = { rows: rows.length, hash: hash.digest('hex') };
  }
  return stored;
}

/** The tables in which two stores differ, each with both row counts. */
export function differingTables(expected: StoredRows, actual: StoredRows): string[] {
  return Object.keys(expected)
    .filter((table) => expected[table]?.hash !== actual[table]?.hash)
    .map(
      (table) =>
        `${table}: ${expected[table]?.rows} rows expected, ${actual[table]?.rows} found or other values`,
    );
}
