import type { Sql } from '../shared/database.ts';
import { addDays, toDay } from '../shared/days.ts';
import type { BarColumns } from './compute.ts';
import { WARM_UP_BARS } from './definitions.ts';

/** The fields of a call that decide which bars it was made from. */
export interface CallOfBars {
  instrument_id: string;
  as_of: Date;
  generated_at: Date;
  /** The published close; null if it was not stored. */
  close: number | null;
  features_snapshot: Record<string, number>;
}

/** The daily bars of an instrument up to the as-of of a call, as they were when the call was published. */
export interface BarsAsSeen {
  /** In the units of the call, ascending; as many as the features of the as-of depend on. */
  bars: BarColumns;
  /**
   * How many of the bars have today's values, because the version of the publication is not stored: `bar_revisions` keeps
   * only the first version of a bar, and these had been corrected before the call.
   */
  assumed: number;
  /**
   * By what splits and dividends since the publication have multiplied today's prices; 1 if there were none. Assumed bars
   * are divided by it.
   */
  factor: number;
}

/** Most bars that features of a day depend on: those of its block, which is a calendar year, and the warm-up. */
const MOST_BARS = WARM_UP_BARS + 366;

interface Row {
  ts: Date;
  is_assumed: boolean;
  o: number;
  h: number;
  l: number;
  c: number;
  v: number;
}

/** Reads the bars that a call was made from. Bars that were stored after the call are left out. */
export async function readBarsAsSeen(sql: Sql, call: CallOfBars): Promise<BarsAsSeen> {
  const { instrument_id, as_of, generated_at, close, features_snapshot } = call;
  const [basis] = await sql<[{ factor: number | null; split: number | null }]>`
    SELECT basis_factor(${instrument_id}, ${as_of}, ${generated_at}, ${close}::float8,
        ${sql.json(features_snapshot)}) AS factor, (
      SELECT exp(sum(ln(value))) FROM corporate_actions
      WHERE instrument_id = ${instrument_id} AND kind = 'split' AND ex_date > (${as_of}::timestamptz AT TIME ZONE 'UTC')::date
    ) AS split`;
  const factor = basis.factor ?? 1;
  // Splits change volumes, and dividends do not.
  const volumeFactor = factor === 1 ? 1 : (basis.split ?? 1);
  const rows = await sql<Row[]>`
    SELECT ts, version.* FROM (
      SELECT * FROM price_bars
      WHERE instrument_id = ${instrument_id} AND interval = 'daily' AND ts < ${addDays(toDay(as_of), 1)}::timestamptz
    ) b FULL JOIN (
      SELECT * FROM bar_revisions
      WHERE instrument_id = ${instrument_id} AND interval = 'daily' AND ts < ${addDays(toDay(as_of), 1)}::timestamptz
    ) r USING (ts)
    CROSS JOIN LATERAL (
      SELECT false AS is_assumed, r.o, r.h, r.l, r.c, r.v
      WHERE r.first_seen_at <= ${generated_at} AND r.replaced_at > ${generated_at}
      UNION ALL
      SELECT r.replaced_at IS NOT NULL, b.o, b.h, b.l, b.c, b.v
      WHERE b.created_at <= ${generated_at} AND (r.replaced_at IS NULL OR r.replaced_at <= ${generated_at})
    ) version
    ORDER BY ts DESC LIMIT ${MOST_BARS}`;
  const bars: BarColumns = { ts: [], o: [], h: [], l: [], c: [], v: [] };
  for (const { ts, is_assumed, v, ...prices } of rows.toReversed()) {
    bars.ts.push(ts.getTime());
    for (const name of ['o', 'h', 'l', 'c'] as const)
      bars[name].push(is_assumed ? prices[name] / factor : prices[name]);
    bars.v.push(is_assumed ? v / volumeFactor : v);
  }
  return { bars, assumed: rows.filter(({ is_assumed }) => is_assumed).length, factor };
}
