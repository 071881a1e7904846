import type { CallKind } from '../../shared/call-kinds.ts';
import type { Label, Profile } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { type OpenDayRange, withinDays } from '../lists/day-range.ts';

/** The day counts to read. */
export interface Selection extends OpenDayRange {
  kind: CallKind;
}

/** The day counts of the calls of one model, horizon, profile and label: a value per day in each list, in any order. */
export interface DayCounts {
  version: string;
  trained_at: Date;
  data_to: Date | null;
  horizon_days: number;
  profile: Profile;
  label: Label;
  /** Days since 1970. */
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
  /**
   * Per day, how many reached the stop or the target first after 1, 2, … horizon_days sessions: all counts in a row, as
   * the text of an array. There are a million in ten years, of which JSON would make half of the answer's time.
   */
  stops: string;
  targets: string;
}

/** The columns of {@link DayCounts} that have a value per day. */
const LISTS = {
  days: 'extract(epoch FROM t.as_of)::bigint / 86400',
  scored: 't.scored',
  above_market: 't.above_market',
  below_market: 't.below_market',
  return_sum: 't.return_sum',
  market: 't.market_return_pct',
  benchmark: 'r.benchmark_return_pct',
  stocks: 't.stocks',
  stocks_above: 't.stocks_above_market',
  stocks_below: 't.stocks_below_market',
  momentum_stocks: 't.momentum_stocks',
  momentum_sum: 't.momentum_return_sum',
  open_scored: 't.open_scored',
  open_return_sum: 't.open_return_sum',
  open_market: 't.open_market_return_pct',
  open_benchmark: 'r.benchmark_open_return_pct',
  open_momentum_stocks: 't.open_momentum_stocks',
  open_momentum_sum: 't.open_momentum_return_sum',
  hits_known: 't.hits_known',
} as const;

const COLUMNS = [
  ...Object.entries(LISTS).map(([name, column]) => `to_json(array_agg(${column})) AS ${name}`),
  'array_agg(t.stops_after)::text AS stops',
  'array_agg(t.targets_after)::text AS targets',
].join(', ');

/** Reads the day counts. A list per column takes a fraction of the time of a row per day. */
export function readDayCounts(sql: Sql, { kind, ...range }: Selection): Promise<DayCounts[]> {
  return sql<DayCounts[]>`
    SELECT m.version, m.trained_at, m.data_to, t.horizon_days, t.profile, t.label, ${sql.unsafe(COLUMNS)}
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
  /** Days since 1970. */
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
  const days = sql`json_agg(extract(epoch FROM t.as_of)::bigint / 86400)`;
  const [bins, likeliest, [rankIc]] = await Promise.all([
    sql<BinCount[]>`
      SELECT t.label, sum(t.stocks)::int AS stocks, sum(t.probability_sum) AS probability_sum,
        sum(t.came_true)::int AS came_true
      FROM track_record_bins t ${chosen} AND t.label <> 'likeliest' GROUP BY t.label, t.bin ORDER BY t.label, t.bin`,
    sql<DailyBin[]>`
      SELECT t.bin, ${days} AS days, json_agg(t.stocks) AS stocks,
        json_agg(t.came_true - t.probability_sum) AS gaps
      FROM track_record_bins t ${chosen} AND t.label = 'likeliest' GROUP BY t.bin`,
    sql<DailyRankIc[]>`
      SELECT coalesce(${days}, '[]') AS days, coalesce(json_agg(t.rank_ic), '[]') AS rank_ics
      FROM track_record_rank_ics t ${chosen}`,
  ]);
  return { bins, likeliest, rankIc: rankIc ?? { days: [], rank_ics: [] } };
}
