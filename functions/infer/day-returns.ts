import type { Transaction } from '../shared/database.ts';

/** Share of a day's stocks whose horizon must have ended, so that they stand for all. */
export const LEAST_ENDED_SHARE = 0.9;

/** The return of an instrument that traded on a day, over stored bars, which are on one basis. */
export interface DayReturn {
  id: string;
  symbol: string;
  /** Whether it is among the stocks that calls are compared with. The benchmark is, if it serves more than that. */
  isStock: boolean;
  isBenchmark: boolean;
  /** The end of the horizon; null if the bars do not reach it. The returns are then null too. */
  exit: Date | null;
  /** In percent, from the close of the day and from the open of the next session. */
  returnPct: number | null;
  openReturnPct: number | null;
}

/** A return of which the horizon has ended. */
export type EndedReturn = { [K in keyof DayReturn]: NonNullable<DayReturn[K]> };

export const hasEnded = (row: DayReturn): row is EndedReturn => row.exit !== null;

/**
 * Reads the returns of all instruments with a bar on a day, each over the same number of its own sessions, ordered by id.
 * An instrument that was deactivated since is among them: leaving out stocks afterwards must not move the average.
 *
 * @param upTo - the as-of of the run: no later bar is read
 */
export async function readDayReturns(
  tx: Transaction,
  { asOf, horizonDays, upTo }: { asOf: Date; horizonDays: number; upTo: string },
): Promise<DayReturn[]> {
  return tx<DayReturn[]>`
    SELECT i.id, i.symbol, i.purpose <> 'benchmark' AS "isStock", i.is_benchmark AND i.is_active AS "isBenchmark", exit.ts AS exit,
      (exit.c / entry.c - 1) * 100 AS "returnPct", (exit.c / next.o - 1) * 100 AS "openReturnPct"
    FROM instruments i
    JOIN price_bars entry ON entry.instrument_id = i.id AND entry.interval = 'daily' AND entry.ts = ${asOf}
    LEFT JOIN LATERAL (
      SELECT b.ts, b.c FROM price_bars b
      WHERE b.instrument_id = i.id AND b.interval = 'daily' AND b.ts > ${asOf} AND b.ts <= ${upTo}::timestamptz
      ORDER BY b.ts OFFSET ${horizonDays - 1} LIMIT 1
    ) exit ON true
    LEFT JOIN LATERAL (
      SELECT b.o FROM price_bars b
      WHERE b.instrument_id = i.id AND b.interval = 'daily' AND b.ts > ${asOf} AND exit.ts IS NOT NULL
      ORDER BY b.ts LIMIT 1
    ) next ON true
    ORDER BY i.id`;
}
