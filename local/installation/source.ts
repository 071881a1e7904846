import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openProvider } from '../../functions/ingest/providers/open.ts';
import { hasListings, type Listing } from '../../functions/ingest/providers/provider.ts';
import type { ProviderName } from '../../functions/ingest/providers/registry.ts';
import { ENV } from '../../functions/shared/constants.ts';
import { BadInputError } from '../../functions/shared/errors.ts';

const SAMPLE = fileURLToPath(new URL('../sample/stocks.csv.gz', import.meta.url));

/** The bars that a command works on. */
export interface Source {
  /** Name of the database that belongs to it: bars of different sources never mix. */
  database: string;
  listings: Listing[];
  asOf: string | undefined;
  notice: string | undefined;
}

/** Which bars. */
export interface SourceOptions {
  /** In the order in which they are asked; a file stands alone. */
  provider: readonly ProviderName[];
  /** The file of the csv provider. */
  bars?: string | undefined;
  symbols?: string[] | undefined;
  /** As of this day instead of the bars' last, `YYYY-MM-DD`. */
  asOf?: string | undefined;
}

/**
 * Opens the provider, names it in the functions' environment, and checks what it has, before anything is
 * written anywhere.
 *
 * @throws BadInputError if the file is not usable or lacks a symbol
 */
export async function openSource(options: SourceOptions): Promise<Source> {
  const { asOf: chosen } = options;
  const [provider] = options.provider;
  const barsFile =
    provider === 'csv' ? resolve(options.bars ?? '') : provider === 'sample' ? SAMPLE : undefined;
  process.env[ENV.provider] = options.provider.join();
  if (barsFile) process.env.BARS_FILE = barsFile;
  const opened = await openProvider(process.env);
  if (!hasListings(opened)) {
    const listings = (options.symbols ?? []).map((symbol) => ({ symbol }));
    return { database: 'boursomatic', listings, asOf: chosen, notice: undefined };
  }
  const asOf = chosen ?? opened.lastDay();
  const listings = opened.listings();
  const unknown =
    options.symbols?.filter((symbol) => !listings.some((listing) => listing.symbol === symbol)) ?? [];
  if (unknown.length > 0) throw new BadInputError(`--symbols: not in the bars: ${unknown.join(', ')}`);
  if (provider === 'sample') {
    const notice = `Sample data: real bars of ${listings.length} stocks, as of ${asOf}. Not today's market.`;
    return { database: 'boursomatic_sample', listings, asOf, notice };
  }
  const database = await databaseOfFile(barsFile ?? '');
  return { database, listings, asOf, notice: `Bars from a file, as of ${asOf}.` };
}

/** Name of the database that belongs to a bars file. */
export async function databaseOfFile(path: string): Promise<string> {
  const id = createHash('sha256')
    .update(await realpath(path))
    .digest('hex');
  return `boursomatic_csv_${id.slice(0, 8)}`;
}
