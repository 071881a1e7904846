import type { Sql } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import type { ObjectStore } from '../../../functions/shared/object-store.ts';

/** An object store in memory. */
export class MemoryObjects implements ObjectStore {
  readonly bodies = new Map<string, Uint8Array>();

  async put(key: string, body: Uint8Array): Promise<void> {
    this.bodies.set(key, body);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.bodies.get(key);
  }
}

/** Stores active instruments and returns their ids in the order of the symbols. */
export async function seedInstruments(sql: Sql, symbols: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const symbol of symbols) {
    const [row] = await sql<{ id: string }[]>`
      INSERT INTO instruments (symbol, exchange) VALUES (${symbol}, 'NASDAQ') RETURNING id`;
    ids.push(defined(row, 'new row').id);
  }
  return ids;
}

/** Stores an active model version and returns its id. */
export async function seedModel(sql: Sql, path = 'v1.0.0', version = 'v1.0.0'): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    INSERT INTO model_versions (version, trained_at, params_hash, metrics_json, model_path, is_active)
    VALUES (${version}, '2026-01-01', 'hash', '{}', ${path}, true) RETURNING id`;
  return defined(row, 'new row').id;
}

/** Stores a running run. */
export async function seedRun(
  sql: Sql,
  id: string,
  run: { instruments?: number; input?: Record<string, string | string[]> } = {},
): Promise<void> {
  await sql`
    INSERT INTO pipeline_runs (id, input, instruments)
    VALUES (${id}, ${sql.json(run.input ?? {})}, ${run.instruments ?? 0})`;
}

/** Stores one daily bar for each day, with the partitions. */
export async function seedBars(
  sql: Sql,
  instrument: string,
  bars: { day: string; close: number }[],
): Promise<void> {
  const days = bars.map(({ day }) => day).sort();
  await sql`SELECT ensure_partitions('daily', ${defined(days[0], 'day')}, ${defined(days.at(-1), 'day')})`;
  await sql`
    INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval)
    SELECT ${instrument}, day, close, close, close, close, 1000, 'daily'
    FROM jsonb_to_recordset(${sql.json(bars)}) AS b(day timestamptz, close float8)`;
}

/** Calendar days up to the last one, oldest first. */
export function daysUpTo(last: string, count: number): string[] {
  const end = Date.parse(last);
  return Array.from({ length: count }, (_, i) =>
    new Date(end - (count - 1 - i) * 86_400_000).toISOString().slice(0, 10),
  );
}
