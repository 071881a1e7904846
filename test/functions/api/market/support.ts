import type postgres from 'postgres';
import { expect } from 'vitest';
import type * as z from 'zod';
import type { Sql } from '../../../../functions/shared/database.ts';
import { defined } from '../../../../functions/shared/invariant.ts';

/** An answer as a client receives it, checked against its schema. */
export function clientView<T extends z.ZodType>(schema: T, answer: z.input<T>): z.output<T> {
  const json: unknown = JSON.parse(JSON.stringify(answer));
  expect(schema.parse(json)).toEqual(json);
  return json as z.output<T>;
}

/** The fields of a stored instrument. Missing ones have defaults. */
export interface InstrumentSeed {
  exchange?: string;
  name?: string | null;
  sector?: string | null;
  currency?: string | null;
  marketCapBucket?: string;
  peBucket?: string;
  isActive?: boolean;
}

/** Stores an instrument and returns its id. */
export async function seedInstrument(sql: Sql, symbol: string, seed: InstrumentSeed = {}): Promise<string> {
  const { exchange = 'NASDAQ', name = `${symbol} Inc.`, sector = 'Technology', isActive = true } = seed;
  const { currency = 'GBP' } = seed;
  const [row] = await sql<[{ id: string }]>`
    INSERT INTO instruments (symbol, exchange, name, sector, currency, market_cap_bucket, pe_bucket, is_active)
    VALUES (${symbol}, ${exchange}, ${name}, ${sector}, ${currency}, ${seed.marketCapBucket ?? null}, ${seed.peBucket ?? null},
      ${isActive})
    RETURNING id`;
  return row.id;
}

/** Stores a daily bar for the close of each day. */
export async function seedDailyBars(
  sql: Sql,
  instrumentId: string,
  closes: Record<string, number>,
): Promise<void> {
  const days = Object.keys(closes).sort();
  await sql`SELECT ensure_partitions('daily', ${defined(days[0], 'day')}::text::date, ${defined(days.at(-1), 'day')}::text::date)`;
  for (const [day, close] of Object.entries(closes)) {
    await sql`
      INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval)
      VALUES (${instrumentId}, ${day}, ${close}, ${close + 1}, ${close - 1}, ${close}, 1000, 'daily')`;
  }
}

/** Reads a list to its end and returns its pages. */
export async function walk<Page extends { nextCursor: string | null }>(
  read: (cursor: string | undefined) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    pages.push(page);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && pages.length < 1000);
  return pages;
}

const EXPLAIN = 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF, SUMMARY OFF)';

/** The plan of a tagged statement. */
export async function planOf<T extends readonly postgres.MaybeRow[]>(
  sql: Sql,
  statement: postgres.PendingQuery<T>,
): Promise<string> {
  return linesOf(await sql`${sql.unsafe(EXPLAIN)} ${statement as never}`);
}

/** The plan of a text statement with placeholders. */
export async function planOfText(
  sql: Sql,
  { text, values }: { text: string; values: (string | number | Date)[] },
): Promise<string> {
  return linesOf(await sql.unsafe(`${EXPLAIN} ${text}`, values, { prepare: true }));
}

function linesOf(rows: readonly postgres.Row[]): string {
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}
