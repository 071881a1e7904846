import { MARKET_INPUTS, MONEY_RANKS, RANKED_INPUTS } from '../features/model-inputs.ts';
import { selectDayValues, selectRanksInUniverse } from '../features/universe-values.ts';
import { LEAST_REFERENCE } from '../shared/constants.ts';
import type { Transaction } from '../shared/database.ts';
import { addDays } from '../shared/days.ts';
import type { DayFit } from './day-fit.ts';
import type { DayScores } from './day-scores.ts';

/** The stocks that a prediction compares a stock with: those of a day that have all inputs. */
export interface Universe {
  /** `YYYY-MM-DD`. */
  day: string;
  stocks: number;
}

/**
 * Largest age of a stored universe, and of an instrument's last bar, in calendar days before the as-of: a long weekend and
 * a holiday.
 */
export const UNIVERSE_DAYS = 7;

/** Share of the week's largest universe that a day needs. With fewer stocks, an exchange's session is missing. */
const LEAST_SHARE = 0.5;

interface DaySize {
  time: number;
  /** Stocks that have all of the model's inputs in the table features. */
  complete: number;
  /** Stocks of the stored universe; 0 if there is none of the active model. */
  stored: number;
}

/** The days of the week up to an as-of. It decides with which day's stocks a stock is compared. */
export class Week {
  /** The fewest stocks of a full universe. */
  readonly least: number;
  /** Newest first. */
  readonly #days: readonly DaySize[];

  constructor(days: readonly DaySize[]) {
    this.#days = [...days].sort((a, b) => b.time - a.time);
    const largest = Math.max(0, ...days.map(({ complete, stored }) => Math.max(complete, stored)));
    this.least = Math.max(LEAST_REFERENCE, Math.ceil(largest * LEAST_SHARE));
  }

  /** Stocks of a day that have all inputs. */
  stocksOf(time: number): number {
    return this.#days.find((day) => day.time === time)?.complete ?? 0;
  }

  /**
   * The universe that the stocks of a day are compared with: the day's own if it is full, else the newest full one that
   * is not later than the day. `isStored` is false if the table features has more stocks than the stored universe, or
   * the day's own.
   */
  universeOf(time: number): { time: number; isStored: boolean } | undefined {
    if (this.stocksOf(time) >= this.least) return { time, isStored: false };
    const newest = this.#days.find(
      (day) => day.time <= time && Math.max(day.complete, day.stored) >= this.least,
    );
    return newest && { time: newest.time, isStored: newest.stored >= newest.complete };
  }
}

/**
 * Reads the universes of the week up to an as-of. It counts the rows of the view `model_inputs` without ranks, which
 * exist wherever their feature does. A stored universe counts only if it has the values of each of the model's ranked
 * inputs; amounts of money may be without, because a stock is then given the middle rank.
 *
 * @param features - the active model's inputs
 */
export async function readWeek(
  tx: Transaction,
  { asOf, modelVersionId, features }: { asOf: string; modelVersionId: string; features: readonly string[] },
): Promise<Week> {
  const columns = tx([...new Set(features.map((name) => name.replace(/_rank$/, '')))]);
  const ranked = features.filter((name) => RANKED_INPUTS.has(name) && !MONEY_RANKS.has(name));
  const [from, to] = [addDays(asOf, -UNIVERSE_DAYS), asOf];
  const days = await tx<{ ts: Date; complete: number; stored: number }[]>`
    SELECT ts, coalesce(c.complete, 0) AS complete, coalesce(u.stocks, 0) AS stored FROM (
      SELECT ts, count(*) FILTER (WHERE num_nulls(${columns}) = 0)::int AS complete FROM model_inputs
      WHERE ts >= ${from}::timestamptz AND ts <= ${to}::timestamptz GROUP BY ts
    ) c FULL JOIN (
      SELECT ts, stocks FROM universes u
      WHERE ts >= ${from}::timestamptz AND ts <= ${to}::timestamptz AND model_version_id = ${modelVersionId}
        AND NOT EXISTS (
          SELECT FROM jsonb_array_elements_text(${tx.json(ranked)}) AS needed (input)
          WHERE NOT EXISTS (SELECT FROM universe_values v WHERE v.ts = u.ts AND v.input = needed.input)
        )
    ) u USING (ts)`;
  return new Week(days.map(({ ts, ...sizes }) => ({ time: ts.getTime(), ...sizes })));
}

/** The sorted values of a day's inputs as text, and its market. */
export interface DayValues {
  values: { input: string; currency: string | null; negated_values: string }[];
  market: Record<string, number | null>;
}

/** Reads the values among which the view `model_inputs` ranks the stocks of a day. */
export async function readDayValues(tx: Transaction, time: number): Promise<DayValues> {
  const values = await tx.unsafe<DayValues['values']>(
    `SELECT input, currency, negated_values::text FROM (${selectDayValues()}) v`,
    [new Date(time)],
  );
  const [market = {}] = await tx<DayValues['market'][]>`
    SELECT ${tx(Object.keys(MARKET_INPUTS))} FROM model_inputs WHERE ts = ${new Date(time)} LIMIT 1`;
  return { values: [...values], market: { ...market } };
}

/**
 * Stores a day's universe. It replaces a stored one of the day, unless that one is of the same model and has more
 * stocks. So the order of runs of a day does not matter.
 */
export async function storeUniverse(
  tx: Transaction,
  {
    time,
    modelVersionId,
    stocks,
    scores: { fit, scores },
    values,
    market,
    isBundled = false,
  }: DayValues & {
    time: number;
    modelVersionId: string;
    stocks: number;
    scores: Pick<DayScores, 'fit' | 'scores'>;
    /** Whether it comes with the sample. */
    isBundled?: boolean;
  },
): Promise<void> {
  const ts = new Date(time);
  const { meanScore, meanInputs, slopes, deviation } = fit;
  const universe = {
    ts,
    model_version_id: modelVersionId,
    stocks,
    mean_score: meanScore,
    first_mean: meanInputs[0],
    second_mean: meanInputs[1],
    first_slope: slopes[0],
    second_slope: slopes[1],
    deviation,
    scores: arrayText(scores),
    market: tx.json(market),
    is_bundled: isBundled,
  };
  const written = await tx`
    INSERT INTO universes ${tx(universe)}
    ON CONFLICT (ts) DO UPDATE SET model_version_id = excluded.model_version_id, stocks = excluded.stocks,
      mean_score = excluded.mean_score, first_mean = excluded.first_mean, second_mean = excluded.second_mean,
      first_slope = excluded.first_slope, second_slope = excluded.second_slope, deviation = excluded.deviation,
      scores = excluded.scores, market = excluded.market, is_bundled = excluded.is_bundled
    WHERE universes.model_version_id <> excluded.model_version_id OR universes.stocks <= excluded.stocks`;
  if (written.count === 0) return;
  await tx`DELETE FROM universe_values WHERE ts = ${ts}`;
  await tx`
    INSERT INTO universe_values (ts, input, currency, negated_values)
    SELECT ${ts}, v.input, v.currency, v.negated_values::float8[]
    FROM jsonb_to_recordset(${tx.json(values)}) AS v(input text, currency text, negated_values text)`;
}

/** Numbers as the text of an array in Postgres. */
function arrayText(numbers: readonly number[]): string {
  return `{${numbers.join()}}`;
}

/** A universe as it is stored. */
export interface StoredUniverse {
  stocks: number;
  fit: DayFit;
  scores: number[];
  market: Record<string, number | null>;
}

interface UniverseRow {
  stocks: number;
  mean_score: number;
  first_mean: number;
  second_mean: number;
  first_slope: number;
  second_slope: number;
  deviation: number;
  scores: number[];
  market: Record<string, number | null>;
}

/** Reads a model's universe of a day; undefined if none is stored. */
export async function readUniverse(
  tx: Transaction,
  { time, modelVersionId }: { time: number; modelVersionId: string },
): Promise<StoredUniverse | undefined> {
  const [row] = await tx<UniverseRow[]>`
    SELECT stocks, mean_score, first_mean, second_mean, first_slope, second_slope, deviation,
      to_jsonb(scores) AS scores, market
    FROM universes WHERE ts = ${new Date(time)} AND model_version_id = ${modelVersionId}`;
  if (!row) return undefined;
  const fit: DayFit = {
    meanScore: row.mean_score,
    meanInputs: [row.first_mean, row.second_mean],
    slopes: [row.first_slope, row.second_slope],
    deviation: row.deviation,
  };
  return { stocks: row.stocks, fit, scores: row.scores, market: row.market };
}

/**
 * Ranks instruments among the values of a stored universe.
 *
 * @param time - the day of the instruments' features
 * @returns the rank of each ranked input by name, by instrument; null if the instrument has no value
 */
export async function rankInUniverse(
  tx: Transaction,
  { ids, time, universe }: { ids: readonly string[]; time: number; universe: number },
): Promise<Map<string, Record<string, number | null>>> {
  const rows = await tx.unsafe<{ instrument_id: string; ranks: Record<string, number | null> }[]>(
    selectRanksInUniverse(),
    [tx.json(ids), new Date(time), new Date(universe)],
  );
  return new Map(rows.map(({ instrument_id, ranks }) => [instrument_id, ranks]));
}
