import { eachCopiedRow } from '../shared/copied-rows.ts';
import type { Transaction } from '../shared/database.ts';
import { toDay } from '../shared/days.ts';
import type { DayTable } from './factors.ts';

/** The data that a measurement reads, of every instrument on every day, followed or not. */
export interface Market {
  /** `YYYY-MM-DD`, ascending. */
  days: readonly string[];
  /** One per column of the tables. A symbol that two exchanges have appears twice. */
  symbols: readonly string[];
  closes: DayTable;
  /** Columns of model_inputs that are not ranks, by name; laid out like the closes. */
  columns: Readonly<Record<string, Float32Array>>;
}

/**
 * Reads the daily closes and some columns of model_inputs. It reads no ranks: they compare all instruments of the
 * database, and the universe of a past day was smaller.
 *
 * @param names - columns that are not ranks
 * @param from - the first day to read, `YYYY-MM-DD`; by default all days
 */
export async function readMarket(
  tx: Transaction,
  names: readonly string[],
  from = '-infinity',
): Promise<Market> {
  const dates = await tx<{ ts: Date }[]>`
    SELECT DISTINCT ts FROM price_bars WHERE interval = 'daily' AND ts >= ${from}::text::timestamptz ORDER BY ts`;
  const instruments = await tx<
    { id: string; symbol: string }[]
  >`SELECT id, symbol FROM instruments ORDER BY symbol, exchange`;
  const days = dates.map(({ ts }) => toDay(ts.getTime()));
  const rowOf = new Map(dates.map(({ ts }, i) => [ts.getTime(), i]));
  const columnOf = new Map(instruments.map(({ id }, i) => [id, i]));
  const size = days.length * instruments.length;
  const closes = new Float64Array(size).fill(Number.NaN);
  const columns = Object.fromEntries(
    names.map((name) => [name, new Float32Array(size).fill(Number.NaN)] as const),
  );
  const tables = names.map((name) => columns[name] as Float32Array);
  const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`);
  // COPY takes no parameters.
  await tx`SELECT set_config('boursomatic.first_day', ${from}, true)`;
  await eachCopiedRow(
    tx,
    `SELECT instrument_id, ts, close_price, ${quoted.join(', ')} FROM model_inputs
    WHERE ts >= current_setting('boursomatic.first_day')::timestamptz`,
    (copied) => {
      const column = columnOf.get(copied.uuid());
      const row = rowOf.get(copied.instant());
      const close = copied.double();
      const values = tables.map(() => copied.real());
      if (column === undefined || row === undefined) return;
      const place = row * instruments.length + column;
      closes[place] = close;
      for (const [i, table] of tables.entries()) table[place] = values[i] as number;
    },
  );
  return {
    days,
    symbols: instruments.map(({ symbol }) => symbol),
    closes: { days, instruments: instruments.length, values: closes },
    columns,
  };
}
