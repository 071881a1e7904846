import { COLUMN_FEATURE_NAMES } from '../../../functions/features/definitions.ts';
import { bundledReference } from '../../../functions/ingest/reference/reference.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { addDays } from '../../../functions/shared/days.ts';
import { seededRandom } from '../features/series.ts';
import correlations from './rank-correlations.json' with { type: 'json' };

/**
 * Spearman's correlations of features within a day, each with those before it: means over 48 month ends from 2012 to
 * 2015 of 500 liquid US stocks.
 */
const CORRELATIONS = Object.entries(correlations) as [string, number[]][];

/** The share of a unit matrix that makes a matrix of rounded correlations positive definite. */
const RIDGE = 0.02;

/** A stock of the synthetic market. */
export interface Member {
  id: string;
  symbol: string;
}

/**
 * Stores 500 stocks of the bundled list, each with enough bars up to a day, and their features of that day in the table
 * `market`, from which a test takes those that it needs. Features are correlated as in real stocks.
 */
export async function seedMarket(sql: Sql, day: string, bars: number): Promise<Member[]> {
  const symbols = bundledReference('sp500')
    .slice(0, 500)
    .map(({ symbol }) => symbol);
  const members = await sql<Member[]>`
    INSERT INTO instruments (symbol, exchange, purpose, currency)
    SELECT symbol, 'NASDAQ', 'reference', 'USD' FROM jsonb_array_elements_text(${sql.json(symbols)}) AS s(symbol)
    RETURNING id, symbol`;
  const draw = correlatedNumbers();
  const rows = members.map(({ id }) => {
    const numbers = draw();
    const volatility = 0.22 * Math.exp(0.45 * (numbers.vol_20d ?? 0));
    return {
      instrument_id: id,
      ts: day,
      ...Object.fromEntries(COLUMN_FEATURE_NAMES.map((name) => [name, 0.1])),
      ...numbers,
      rsi_14: 50 + 50 * Math.tanh((numbers.rsi_14 ?? 0) / 5),
      vol_20d: volatility,
      atr_14: volatility * 5,
    };
  });
  const columns = sql(['instrument_id', 'ts', ...COLUMN_FEATURE_NAMES]);
  await sql`SELECT ensure_partitions('daily', ${addDays(day, -bars)}, ${day})`;
  await sql`CREATE TABLE market (LIKE features INCLUDING DEFAULTS)`;
  await sql`
    INSERT INTO market (${columns}) SELECT ${columns}
    FROM jsonb_populate_recordset(null::features, ${sql.json(rows)})`;
  await sql`
    INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval)
    SELECT i.id, ${day}::timestamptz - n * interval '1 day', 100, 100, 100, 100, 1000, 'daily'
    FROM instruments i, generate_series(0, ${bars - 1}) AS n`;
  return [...members];
}

/** Draws normal numbers with {@link CORRELATIONS}, by name. */
function correlatedNumbers(): () => Record<string, number> {
  const random = seededRandom(7);
  // Box and Muller (1958).
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const factors = cholesky();
  return () => {
    const independent = factors.map(normal);
    return Object.fromEntries(
      CORRELATIONS.map(([name], i) => [
        name,
        (factors[i] ?? []).reduce((sum, factor, j) => sum + factor * (independent[j] ?? 0), 0),
      ]),
    );
  };
}

/** The Cholesky factor of the normal numbers' correlations: 2 sin(πr / 6) for a Spearman's correlation r (Pearson 1907). */
function cholesky(): number[][] {
  const factors: number[][] = [];
  for (const [i, [, before]] of CORRELATIONS.entries()) {
    const row: number[] = [];
    for (let j = 0; j <= i; j++) {
      const wanted = j === i ? 1 : (1 - RIDGE) * 2 * Math.sin((Math.PI * (before[j] ?? 0)) / 6);
      const other = j === i ? row : (factors[j] ?? []);
      const explained = row.reduce((sum, factor, k) => sum + factor * (other[k] ?? 0), 0);
      row.push(j === i ? Math.sqrt(wanted - explained) : (wanted - explained) / (other[j] ?? Number.NaN));
    }
    factors.push(row);
  }
  return factors;
}
