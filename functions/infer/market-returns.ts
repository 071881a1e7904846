import { mean } from '../evaluate/correlation.ts';
import type { Transaction } from '../shared/database.ts';
import { addDays, toDay } from '../shared/days.ts';
import { type DayReturn, hasEnded, LEAST_ENDED_SHARE, readDayReturns } from './day-returns.ts';

/** Days after the first exit until which a day waits for late instruments. */
const WAITING_DAYS = 7;

/** What the average stock and the benchmark returned, in percent. */
export interface MarketReturns {
  /** How many stocks are averaged. */
  instruments: number;
  returnPct: number;
  openReturnPct: number;
  benchmark?: { symbol: string; returnPct: number; openReturnPct: number };
}

/**
 * The average return of a day's stocks, and that of the benchmark.
 *
 * @param isFinal - whether to wait no longer for stocks, or a benchmark, whose horizon has not ended
 * @returns undefined while fewer than {@link LEAST_ENDED_SHARE} of the stocks have ended their horizon, or the benchmark
 *   has not; also if no stock has
 */
export function marketReturns(returns: readonly DayReturn[], isFinal: boolean): MarketReturns | undefined {
  const stocks = returns.filter(({ isStock }) => isStock);
  const benchmark = returns.find(({ isBenchmark }) => isBenchmark);
  const ended = stocks.filter(hasEnded);
  const isComplete = ended.length >= LEAST_ENDED_SHARE * stocks.length && (!benchmark || hasEnded(benchmark));
  if (ended.length === 0 || !(isComplete || isFinal)) return undefined;
  return {
    instruments: ended.length,
    returnPct: mean(ended.map(({ returnPct }) => returnPct)),
    openReturnPct: mean(ended.map(({ openReturnPct }) => openReturnPct)),
    ...(benchmark && hasEnded(benchmark) && { benchmark }),
  };
}

/** Lists the days of which this run scores the first call. It reads the staged outcomes, before they are inserted. */
export async function listScoredDays(tx: Transaction): Promise<void> {
  await tx`
    INSERT INTO market_return_backlog (as_of, horizon_days, first_exit)
    SELECT d.as_of, d.horizon_days, d.first_exit FROM (
      SELECT as_of, horizon_days, min(exit_ts) AS first_exit FROM due WHERE NOT is_scored GROUP BY as_of, horizon_days
    ) d
    -- With LIMIT, so that it keeps to indexes: see stageDueOutcomes.
    LEFT JOIN LATERAL (
      SELECT o.exit_ts FROM recommendations r
      CROSS JOIN LATERAL (SELECT exit_ts FROM recommendation_outcomes WHERE recommendation_id = r.id LIMIT 1) o
      WHERE r.as_of = d.as_of AND r.horizon_days = d.horizon_days LIMIT 1
    ) earlier ON true
    WHERE earlier.exit_ts IS NULL
    ON CONFLICT DO NOTHING`;
}

/**
 * Stores the returns of the market for each listed day that is complete, or whose first exit is a week old. The row is
 * written once, so calls that are scored later are compared with it too.
 */
export async function storeMarketReturns(tx: Transaction, upTo: string): Promise<void> {
  const days = await tx<{ asOf: Date; horizonDays: number; firstExit: Date }[]>`
    SELECT as_of AS "asOf", horizon_days AS "horizonDays", first_exit AS "firstExit"
    FROM market_return_backlog WHERE first_exit <= ${upTo}::timestamptz ORDER BY as_of, horizon_days`;
  for (const { asOf, horizonDays, firstExit } of days) {
    const isFinal = addDays(toDay(firstExit), WAITING_DAYS) <= upTo;
    const market = marketReturns(await readDayReturns(tx, { asOf, horizonDays, upTo }), isFinal);
    if (!market && !isFinal) continue;
    if (market) await insertMarketReturns(tx, asOf, horizonDays, market);
    await tx`DELETE FROM market_return_backlog WHERE as_of = ${asOf} AND horizon_days = ${horizonDays}`;
  }
}

async function insertMarketReturns(
  tx: Transaction,
  asOf: Date,
  horizonDays: number,
  { instruments, returnPct, openReturnPct, benchmark }: MarketReturns,
): Promise<void> {
  const row = {
    as_of: asOf,
    horizon_days: horizonDays,
    instruments,
    return_pct: returnPct,
    open_return_pct: openReturnPct,
    benchmark: benchmark?.symbol ?? null,
    benchmark_return_pct: benchmark?.returnPct ?? null,
    benchmark_open_return_pct: benchmark?.openReturnPct ?? null,
  };
  await tx`INSERT INTO track_record_market_returns ${tx(row)} ON CONFLICT DO NOTHING`;
}
