import type { CallKind } from '../../shared/call-kinds.ts';
import type { Label, Profile } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { type OpenDayRange, withinDays } from '../lists/day-range.ts';

/** The day counts to read. */
export interface Selection extends OpenDayRange {
  kind: CallKind;
}

/** The day counts of the calls of one model, horizon, profile and label: a value per day in each list. */
export interface DayCounts {
  version: string;
  trained_at: Date;
  data_to: Date | null;
  horizon_days: number;
  profile: Profile;
  label: Label;
  /** Days since 1970, ascending. */
  days: number[];
  scored: number[];
  above_market: number[];
  below_market: number[];
  /** Sum of the returns from the close in percent, and the return of the average stock and of the benchmark. */
  return_sum: number[];
  market: number[];
  benchmark: (number | null)[];
  /** Stocks with calls of any profile and label, and how many of them beat or lagged the average stock. */
  stocks: number[];
  stocks_above: number[];
  stocks_below: number[];
  /** Length of the momentum list, and the sum of its returns. */
  momentum_stocks: number[];
  momentum_sum: number[];
  /** The same from the next open, of calls that have it. */
  open_scored: number[];
  open_return_sum: number[];
  open_market: (number | null)[];
  open_benchmark: (number | null)[];
  open_momentum_stocks: number[];
  open_momentum_sum: number[];
  hits_known: number[];
  /** Per day, how many reached the stop or the target first after 1, 2, … sessions. */
  stops: number[][];
  targets: number[][];
}

/** Reads the day counts. Lists are sent as JSON, which costs a tenth of a row per day. */
export function readDayCounts(sql: Sql, { kind, ...range }: Selection): Promise<DayCounts[]> {
  const list = (column: string) => sql`json_agg(${sql.unsafe(column)} ORDER BY t.as_of)`;
  return sql<DayCounts[]>`
    SELECT m.version, m.trained_at, m.data_to, t.horizon_days, t.profile, t.label,
      ${list('extract(epoch FROM t.as_of)::int / 86400')} AS days,
      ${list('t.scored')} AS scored, ${list('t.above_market')} AS above_market, ${list('t.below_market')} AS below_market,
      ${list('t.return_sum')} AS return_sum, ${list('t.market_return_pct')} AS market,
      ${list('r.benchmark_return_pct')} AS benchmark,
      ${list('t.stocks')} AS stocks, ${list('t.stocks_above_market')} AS stocks_above,
      ${list('t.stocks_below_market')} AS stocks_below,
      ${list('t.momentum_stocks')} AS momentum_stocks, ${list('t.momentum_return_sum')} AS momentum_sum,
      ${list('t.open_scored')} AS open_scored, ${list('t.open_return_sum')} AS open_return_sum,
      ${list('t.open_market_return_pct')} AS open_market, ${list('r.benchmark_open_return_pct')} AS open_benchmark,
      ${list('t.open_momentum_stocks')} AS open_momentum_stocks, ${list('t.open_momentum_return_sum')} AS open_momentum_sum,
      ${list('t.hits_known')} AS hits_known, ${list('t.stops_after')} AS stops, ${list('t.targets_after')} AS targets
    FROM track_record_days t
    JOIN model_versions m ON m.id = t.model_version_id
    LEFT JOIN track_record_market_returns r ON r.as_of = t.as_of AND r.horizon_days = t.horizon_days
    WHERE t.kind = ${kind} ${withinDays(sql, 't.as_of', range)}
    GROUP BY m.id, t.horizon_days, t.profile, t.label`;
}

/** Stated probabilities of a label in one bin, over all days. */
export interface BinCount {
  label: Label;
  stocks: number;
  probability_sum: number;
  came_true: number;
}

/** The likeliest labels in one bin, by day. */
export interface DailyBin {
  bin: number;
  /** Days since 1970, ascending. */
  days: number[];
  stocks: number[];
  /** How many came true less the sum of their probabilities. */
  gaps: number[];
}

/** Rank correlations by day; several models may have one on a day. */
export interface DailyRankIc {
  days: number[];
  rank_ics: number[];
}

export interface ScoreCounts {
  bins: BinCount[];
  likeliest: DailyBin[];
  rankIc: DailyRankIc;
}

/** Reads how scores and probabilities compare with the outcomes, which no profile changes. */
export async function readScoreCounts(
  sql: Sql,
  { kind, model, ...range }: Selection & { model?: string | undefined },
): Promise<ScoreCounts> {
  const chosen = sql`WHERE t.kind = ${kind} ${withinDays(sql, 't.as_of', range)}
    ${model === undefined ? sql`` : sql`AND t.model_version_id = (SELECT id FROM model_versions WHERE version = ${model})`}`;
  const days = sql`json_agg(extract(epoch FROM t.as_of)::int / 86400 ORDER BY t.as_of)`;
  const [bins, likeliest, [rankIc]] = await Promise.all([
    sql<BinCount[]>`
      SELECT t.label, sum(t.stocks)::int AS stocks, sum(t.probability_sum) AS probability_sum,
        sum(t.came_true)::int AS came_true
      FROM track_record_bins t ${chosen} AND t.label <> 'likeliest' GROUP BY t.label, t.bin ORDER BY t.label, t.bin`,
    sql<DailyBin[]>`
      SELECT t.bin, ${days} AS days, json_agg(t.stocks ORDER BY t.as_of) AS stocks,
        json_agg(t.came_true - t.probability_sum ORDER BY t.as_of) AS gaps
      FROM track_record_bins t ${chosen} AND t.label = 'likeliest' GROUP BY t.bin`,
    sql<DailyRankIc[]>`
      SELECT coalesce(${days}, '[]') AS days, coalesce(json_agg(t.rank_ic ORDER BY t.as_of), '[]') AS rank_ics
      FROM track_record_rank_ics t ${chosen}`,
  ]);
  return { bins, likeliest, rankIc: rankIc ?? { days: [], rank_ics: [] } };
}
