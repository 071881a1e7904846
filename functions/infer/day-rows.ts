import { inputValue, MONEY_RANKS } from '../features/model-inputs.ts';
import type { Transaction } from '../shared/database.ts';

/** The stocks of a day that have all of a model's inputs, ordered by id. */
export interface DayRows {
  /** Of the instruments, one per row. */
  ids: string[];
  /** The values of the inputs, in the model's order. */
  rows: number[][];
}

/**
 * Reads all stocks of a day, also those that get no recommendations.
 *
 * @param features - the model's inputs
 */
export async function readDayRows(tx: Transaction, time: number, features: string[]): Promise<DayRows> {
  // An amount of money is needed besides its rank; see inputValue.
  const columns = new Set(
    features.flatMap((name) => (MONEY_RANKS.has(name) ? [name, name.replace(/_rank$/, '')] : [name])),
  );
  const found = await tx<{ instrument_id: string }[]>`
    SELECT instrument_id, ${tx([...columns])} FROM model_inputs WHERE ts = ${new Date(time)} ORDER BY instrument_id`;
  const stocks = found
    .map((row) => ({ id: row.instrument_id, values: valuesOf(row, features) }))
    .filter(({ values }) => values.every(Number.isFinite));
  return { ids: stocks.map(({ id }) => id), rows: stocks.map(({ values }) => values) };
}

/** The values of a model's inputs in a row of the view `model_inputs`; NaN where one is missing. */
export function valuesOf(row: Readonly<Record<string, unknown>>, features: readonly string[]): number[] {
  return features.map((name) => inputValue(name, row));
}
