import { randomNumbers } from '../evaluate/interval.ts';
import type { Transaction } from '../shared/database.ts';
import { toDay } from '../shared/days.ts';
import { defined } from '../shared/invariant.ts';
import { readDayRows } from './day-rows.ts';
import type { Model } from './model.ts';

/** How far `score.onnx` and `trees.json` are apart. */
export interface OnnxParity {
  rows: number;
  /** The day of the rows, `YYYY-MM-DD`; null for random rows, because the database has no row with all inputs. */
  day: string | null;
  /** Largest absolute difference of the two scores. */
  difference: number;
}

/** Random rows: enough to pass every leaf of trees with 15 leaves. */
const MADE_ROWS = 1000;

/** Fixed, so that the same release has the same rows. */
const SEED = 20_261_130;

/**
 * Compares the ONNX file of the score with its trees, on the database's newest day that has rows with all inputs. In a
 * database without such rows, the rows are random places within a day.
 */
export async function measureParity(tx: Transaction, model: Model): Promise<OnnxParity> {
  const { day, rows } = (await newestRows(tx, model.manifest.features)) ?? madeRows(model.manifest.features);
  const scores = await model.score(rows);
  const differences = rows.map((row, i) =>
    Math.abs(defined(scores[i], 'score of a row').score - model.scoreOfTrees(row)),
  );
  return { rows: rows.length, day, difference: differences.reduce((most, one) => Math.max(most, one), 0) };
}

interface Rows {
  day: string | null;
  rows: number[][];
}

async function newestRows(tx: Transaction, features: string[]): Promise<Rows | undefined> {
  const days = await tx<{ ts: Date }[]>`
    SELECT DISTINCT ts FROM features WHERE ts > (SELECT max(ts) FROM features) - interval '7 days' ORDER BY ts DESC`;
  for (const { ts } of days) {
    const { rows } = await readDayRows(tx, ts.getTime(), features);
    if (rows.length > 0) return { day: toDay(ts.getTime()), rows };
  }
  return undefined;
}

function madeRows(features: string[]): Rows {
  const random = randomNumbers(SEED);
  return { day: null, rows: Array.from({ length: MADE_ROWS }, () => features.map(() => random())) };
}
