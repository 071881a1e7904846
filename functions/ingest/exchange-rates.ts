import { DOLLAR } from '../shared/currencies.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { addDays } from '../shared/days.ts';
import { checkBars } from './quality/bad-bars.ts';
import { median } from './quality/levels.ts';
import type { FetchedRecord } from './raw.ts';

/** US dollars for one unit of each currency. */
export type ExchangeRates = ReadonlyMap<string, number>;

/** A rate older than this many days is unknown; the view `model_inputs` has the same limit. */
const MOST_DAYS_OLD = 31;

/** A rate this many times its neighbours, or a fraction of them, is an error of the source: currencies move less. */
const LARGEST_STEP = 1.5;

/** The neighbours on each side that a rate is compared with. */
const NEIGHBOURS = 5;

/** The symbol of a currency's rate: `GBPUSD=X` is US dollars for one pound. */
export function rateSymbol(currency: string): string {
  return `${currency}${DOLLAR}=X`;
}

/** The facts of an answer from which its currencies are read. */
type NamedCurrencies =
  | Pick<FetchedRecord, 'status' | 'currency' | 'listing'>
  | { status: 'failed' | 'missing' | 'unreadable' };

/** The currencies that answers with bars name and that need a rate, in alphabetical order. */
export function currenciesOf(records: Iterable<NamedCurrencies>): string[] {
  const named = new Set<string>();
  for (const record of records) {
    if (record.status !== 'fetched') continue;
    for (const currency of [record.currency, record.listing?.currency]) if (currency) named.add(currency);
  }
  named.delete(DOLLAR);
  return [...named].sort();
}

/**
 * Stores the rates of a currency. A stored rate stays, so that a later run computes the same ranks.
 *
 * @param record - the answer with the bars of {@link rateSymbol}
 */
export async function storeRates(sql: Sql, currency: string, record: FetchedRecord): Promise<void> {
  const rows = soundRates(record).map(([ts, usd]) => ({ ts, usd }));
  if (rows.length === 0) return;
  await sql`
    INSERT INTO exchange_rates (currency, ts, usd, source, fetched_at)
    SELECT ${currency}, to_timestamp(ts / 1000), usd, ${record.provider}, ${record.fetchedAt}
    FROM jsonb_to_recordset(${sql.json(rows)}) AS r(ts float8, usd float8)
    ORDER BY ts
    ON CONFLICT (currency, ts) DO NOTHING`;
}

/** The closes of an answer, without those that cannot be true. */
function soundRates({ bars, interval, from, to }: FetchedRecord): [ts: number, usd: number][] {
  const sound = checkBars(bars, { interval, from, asOf: to }).separated?.bars ?? [];
  return sound.flatMap(([ts, , , , close], i) => {
    const around = sound.slice(Math.max(0, i - NEIGHBOURS), i + NEIGHBOURS + 1);
    const step = Math.abs(Math.log(close / median(around.map((bar) => bar[4]))));
    return step > Math.log(LARGEST_STEP) ? [] : [[ts, close]];
  });
}

/** The last rates of some currencies up to a day; a currency without a recent one is absent. */
export async function readRates(
  tx: Transaction,
  currencies: readonly string[],
  asOf: string,
): Promise<ExchangeRates> {
  if (currencies.length === 0) return new Map();
  const rows = await tx<{ currency: string; usd: number }[]>`
    SELECT DISTINCT ON (currency) currency, usd FROM exchange_rates
    WHERE currency IN (SELECT jsonb_array_elements_text(${tx.json([...currencies])}))
      AND ts <= ${asOf}::timestamptz AND ts >= ${addDays(asOf, -MOST_DAYS_OLD)}::timestamptz
    ORDER BY currency, ts DESC`;
  return new Map(rows.map(({ currency, usd }) => [currency, usd]));
}
