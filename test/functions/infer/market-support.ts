import { COLUMN_FEATURE_NAMES } from '../../../functions/features/definitions.ts';
import { RANKED_INPUTS } from '../../../functions/features/model-inputs.ts';
import { bundledReference } from '../../../functions/ingest/reference/reference.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { addDays } from '../../../functions/shared/days.ts';
import { seededRandom } from '../features/series.ts';

/** What the features of a stock have in common, each a standard normal number. */
const COMMON = ['year', 'month', 'week', 'risk', 'illiquid', 'volume'] as const;
type Common = (typeof COMMON)[number];

/** The correlation of each ranked feature with {@link COMMON}, roughly as in real stocks. */
const LOADINGS: Record<string, Partial<Record<Common, number>>> = {
  ret_1d: { week: 0.5 },
  ret_5d: { week: 0.9, month: 0.2 },
  ret_20d: { month: 0.9, week: 0.35 },
  intraday_20: { month: 0.7, week: 0.2 },
  close_place_5: { week: 0.8 },
  close_place_20: { month: 0.65, week: 0.45 },
  rsi_14: { month: 0.75, week: 0.45, year: 0.2 },
  ret_60d: { month: 0.5, year: 0.4 },
  ret_120d: { year: 0.7, month: 0.35 },
  mom_12_1: { year: 0.97 },
  mom_12_7: { year: 0.75 },
  season_12: {},
  up_share_231: { year: 0.6, risk: -0.3 },
  intraday_231: { year: 0.5 },
  overnight_231: { year: 0.4 },
  sma_ratio_200: { year: 0.75, month: 0.5 },
  dist_high_252: { year: 0.55, month: 0.4, risk: -0.6 },
  max_ret_20d: { risk: 0.7, month: 0.3 },
  volume_zscore: { volume: 0.6 },
  volume_ratio_5_60: { volume: 0.8 },
  vol_ratio: { volume: 0.3, risk: 0.2 },
  vol_60d: { risk: 0.97 },
  illiquidity_20: { illiquid: 0.9, risk: 0.3 },
};

/** How much more liquid and calm the most traded stocks are, in deviations. */
const OF_BASKET: Partial<Record<Common, number>> = { illiquid: -1, risk: -0.3 };

/** A stock of the synthetic market. */
export interface Member {
  id: string;
  symbol: string;
  inBasket: boolean;
}

/**
 * Stores 500 stocks of the bundled list with enough bars up to a day, and features of that day in the table `market`,
 * from which a test takes those that it needs.
 */
export async function seedMarket(
  sql: Sql,
  day: string,
  { bars, seed = 7 }: { bars: number; seed?: number },
): Promise<Member[]> {
  const random = seededRandom(seed);
  // Box and Muller's normal numbers.
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const basket = new Set(bundledReference('basket').map(({ symbol }) => symbol));
  const symbols = bundledReference('sp500')
    .slice(0, 500)
    .map(({ symbol }) => symbol);
  const stored = await sql<{ id: string; symbol: string }[]>`
    INSERT INTO instruments (symbol, exchange, purpose, currency)
    SELECT symbol, 'NASDAQ', 'reference', 'USD' FROM jsonb_array_elements_text(${sql.json(symbols)}) AS s(symbol)
    RETURNING id, symbol`;
  const members = stored
    .map((row) => ({ ...row, inBasket: basket.has(row.symbol) }))
    .sort((a, b) => symbols.indexOf(a.symbol) - symbols.indexOf(b.symbol));
  const rows = members.map(({ id, inBasket }) => {
    const common = Object.fromEntries(
      COMMON.map((name) => [name, normal() + (inBasket ? (OF_BASKET[name] ?? 0) : 0)]),
    ) as Record<Common, number>;
    const values = [...RANKED_INPUTS.keys()].map((input): [string, number] => {
      const name = input.replace(/_rank$/, '');
      const loadings = Object.entries(LOADINGS[name] ?? {}) as [Common, number][];
      const explained = loadings.reduce((sum, [factor, loading]) => sum + loading * common[factor], 0);
      const share = loadings.reduce((sum, [, loading]) => sum + loading ** 2, 0);
      return [name, explained + Math.sqrt(Math.max(0, 1 - share)) * normal()];
    });
    const volatility = 0.28 * Math.exp(0.35 * common.risk);
    return {
      instrument_id: id,
      ts: day,
      ...Object.fromEntries(COLUMN_FEATURE_NAMES.map((name) => [name, 0.1])),
      ...Object.fromEntries(values),
      rsi_14: 50 + 10 * Math.tanh(values.find(([name]) => name === 'rsi_14')?.[1] ?? 0),
      vol_20d: volatility,
      atr_14: volatility * 5,
    };
  });
  await sql`SELECT ensure_partitions('daily', ${addDays(day, -2 * bars)}, ${day})`;
  await sql`CREATE TABLE market (LIKE features INCLUDING DEFAULTS)`;
  const columns = sql(['instrument_id', 'ts', ...COLUMN_FEATURE_NAMES]);
  await sql`
    INSERT INTO market (${columns}) SELECT ${columns}
    FROM jsonb_populate_recordset(null::features, ${sql.json(rows)})`;
  await sql`
    INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval)
    SELECT i.id, ${day}::timestamptz - n * interval '1 day', 100, 100, 100, 100, 1000, 'daily'
    FROM instruments i, generate_series(0, ${bars - 1}) AS n`;
  return members;
}
