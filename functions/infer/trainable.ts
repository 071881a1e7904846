import type { Sql } from '../shared/database.ts';
import { DAY_MS, toDay } from '../shared/days.ts';
import { BadInputError } from '../shared/errors.ts';

/** Fewest instruments and years of daily bars that a retraining learns from; with fewer, ranks and folds mean little. */
export const LEAST_TRAINING_DATA = { instruments: 200, years: 3 } as const;

const DAYS_A_YEAR = 365.25;

/**
 * Checks that the database has enough daily bars to retrain on, of all instruments: those for reference and those with
 * recommendations.
 *
 * @throws BadInputError with both counts
 */
export async function assertTrainable(sql: Sql): Promise<void> {
  const [found] = await sql<{ instruments: number; first: Date | null; last: Date | null }[]>`
    SELECT
      (SELECT count(*)::int FROM instruments i WHERE EXISTS (
        SELECT 1 FROM features f WHERE f.instrument_id = i.id
      )) AS instruments,
      min(ts) AS first, max(ts) AS last FROM price_bars WHERE interval = 'daily'`;
  const { instruments = 0, first, last } = found ?? {};
  const span = first && last ? (last.getTime() - first.getTime()) / DAY_MS / DAYS_A_YEAR : 0;
  const { instruments: least, years } = LEAST_TRAINING_DATA;
  if (instruments >= least && span >= years) return;
  const days = first && last ? ` (${toDay(first.getTime())} to ${toDay(last.getTime())})` : '';
  throw new BadInputError(
    `retraining needs daily bars of ${least} instruments over ${years} years; the database has ${instruments} ` +
      `instruments with features and ${Math.floor(span * 100) / 100} years of bars${days}. Add a reference universe or older bars`,
  );
}
