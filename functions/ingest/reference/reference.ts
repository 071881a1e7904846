import * as z from 'zod';
import { DEPLOYED_REFERENCES, ENV } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { readEnvironment } from '../../shared/environment.ts';
import { registerInstruments } from '../instruments.ts';
import type { Listing } from '../providers/provider.ts';
import sp500 from './sp500.json' with { type: 'json' };

/** The bundled reference lists, and `none` for no reference. */
export const REFERENCES = ['none', 'basket', 'sp500'] as const;
export type ReferenceName = (typeof REFERENCES)[number];

/** Stocks of the basket: few enough for the first run on a laptop. */
const BASKET_SIZE = 150;

/**
 * The instruments of a bundled list. `sp500` has the members of the S&P 500. `basket` is an even sample of them in the
 * order of sector and symbol, so that ranks in it are close to those among all. The most traded ones would be a worse
 * choice: they are calmer and easier to trade than the others (docs/adr/0043).
 */
export function bundledReference(name: ReferenceName): Listing[] {
  if (name === 'none') return [];
  if (name === 'sp500') return sp500;
  const bySector = [...sp500].sort((a, b) => order(a.sector, b.sector) || order(a.symbol, b.symbol));
  const turn = (i: number) => Math.floor((i * BASKET_SIZE) / bySector.length);
  return bySector.filter((_, i) => turn(i + 1) > turn(i));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const Environment = z.object({ [ENV.reference]: z.enum(DEPLOYED_REFERENCES).optional() });

/**
 * The reference that the environment names; undefined if the stored one stays.
 *
 * @throws ConfigurationError if no reference has this name
 */
export function deployedReference(): Listing[] | undefined {
  const name = readEnvironment(Environment)[ENV.reference];
  return name === undefined || name === 'imported' ? undefined : bundledReference(name);
}

/**
 * Makes these instruments the reference, and no others. An earlier reference instrument that gets recommendations keeps
 * them, and the benchmark stays; any other is deactivated, and keeps its history.
 */
export async function setReference(sql: Sql, listings: Listing[]): Promise<void> {
  const symbols = listings.map(({ symbol }) => symbol);
  await registerInstruments(sql, listings, 'reference');
  await sql`
    UPDATE instruments SET is_active = purpose = 'both' OR is_benchmark,
      purpose = CASE WHEN purpose = 'reference' AND is_benchmark THEN 'benchmark' ELSE 'recommended' END
    WHERE is_active AND purpose IN ('reference', 'both') AND NOT ${sql.json(symbols)}::jsonb ? symbol`;
}
