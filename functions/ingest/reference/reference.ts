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

/**
 * The instruments of a bundled list. `sp500` has the members of the S&P 500. `basket` has 150 of them: each sector's most
 * traded ones, in proportion to its number of members.
 */
export function bundledReference(name: ReferenceName): Listing[] {
  if (name === 'none') return [];
  return sp500
    .filter(({ basket }) => name === 'sp500' || basket)
    .map(({ symbol, name, sector }) => ({ symbol, name, sector }));
}

const Environment = z.object({ [ENV.reference]: z.enum(DEPLOYED_REFERENCES).optional() });

/**
 * The reference that the environment names; undefined if the stored one stays.
 *
 * @throws ConfigurationError if there is none of this name
 */
export function deployedReference(): Listing[] | undefined {
  const name = readEnvironment(Environment)[ENV.reference];
  return name === undefined || name === 'imported' ? undefined : bundledReference(name);
}

/**
 * Makes these instruments the reference, and no others. An earlier reference instrument that gets recommendations keeps
 * them; any other is deactivated, and keeps its history.
 */
export async function setReference(sql: Sql, listings: Listing[]): Promise<void> {
  const symbols = listings.map(({ symbol }) => symbol);
  await registerInstruments(sql, listings, 'reference');
  await sql`
    UPDATE instruments SET purpose = 'recommended', is_active = purpose = 'both'
    WHERE is_active AND purpose <> 'recommended' AND NOT ${sql.json(symbols)}::jsonb ? symbol`;
}
