import type { Sql } from '../shared/database.ts';
import { BadInputError } from '../shared/errors.ts';

/** Fewest instruments and years of daily bars that a retraining learns from; with fewer, ranks and folds mean little. */
export const LEAST_TRAINING_DATA = { instruments: 200, years: 3 } as const;

/**
 * Checks that the database has enough daily bars to retrain on: those of instruments for reference count as well.
 *
 * @throws BadInputError with the numbers of instruments that it has
 */
export async function assertTrainable(sql: Sql): Promise<void> {
  const { instruments: least, years } = LEAST_TRAINING_DATA;
  const [found] = await sql<{ all: number; old: number }[]>`
    SELECT count(*)::int AS all,
      count(*) FILTER (WHERE bars.last >= bars.first + make_interval(years => ${years}))::int AS old
    FROM instruments i
    CROSS JOIN LATERAL (
      SELECT min(ts) AS first, max(ts) AS last FROM price_bars b WHERE b.instrument_id = i.id AND b.interval = 'daily'
    ) bars
    WHERE EXISTS (SELECT 1 FROM features f WHERE f.instrument_id = i.id)`;
  const { all = 0, old = 0 } = found ?? {};
  if (old >= least) return;
  throw new BadInputError(
    `retraining needs ${least} instruments with ${years} years of daily bars each; the database has ${counted(all)} ` +
      `with features, ${old} of them with ${years} years. Take the S&P 500 as the reference (npm start -- --reference ` +
      'sp500; on AWS, the setting "reference": "sp500"), follow more stocks, or add older bars',
  );
}

function counted(instruments: number): string {
  return `${instruments} instrument${instruments === 1 ? '' : 's'}`;
}
