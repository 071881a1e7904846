import { createHash } from 'node:crypto';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DateFormat } from '../../functions/ingest/bars-file/days.ts';
import { openProvider } from '../../functions/ingest/providers/open.ts';
import { hasListings, type Listing } from '../../functions/ingest/providers/provider.ts';
import type { ProviderName } from '../../functions/ingest/providers/registry.ts';
import { bundledReference, REFERENCES } from '../../functions/ingest/reference/reference.ts';
import { readUniverse } from '../../functions/ingest/universe.ts';
import { DEFAULT_BENCHMARK, ENV, LEAST_REFERENCE } from '../../functions/shared/constants.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { REAL_DATABASE, SAMPLE_DATABASE } from './chosen-data.ts';

const SAMPLE = fileURLToPath(new URL('../sample/stocks.csv.gz', import.meta.url));

/** The bars that a command uses. */
export interface Source {
  /** The name of the source's own database: bars of different sources never mix. */
  database: string;
  /** The stocks of the bundled sample are compared with bundled statistics. */
  data: 'real' | 'sample' | 'file';
  listings: Listing[];
  /** The instruments that others are compared with; undefined where the source has no choice of them. */
  reference: Listing[] | undefined;
  /** The symbol of the track record's benchmark, or `none`; undefined for the stored one, and SPY if there is none. */
  benchmark: string | undefined;
  asOf: string | undefined;
  notice: string | undefined;
  /** When the file last changed; undefined for a vendor. */
  changedAt: Date | undefined;
  /** What was understood of the user's own file, as lines for a person; empty for other sources. */
  report: string[];
}

/** The choice of a source. */
export interface SourceOptions {
  /** In failover order; a file stands alone. */
  provider: readonly ProviderName[];
  /** The file of the csv provider. */
  bars?: string | undefined;
  /** The order of day, month and year in its dates, where they do not show it. */
  dateFormat?: DateFormat | undefined;
  /** The currency of prices for which it names none. */
  currency?: string | undefined;
  symbols?: string[] | undefined;
  /** With a vendor, the reference: the name of a bundled list, or a CSV file. */
  reference?: string | undefined;
  /** The benchmark: a symbol, or `none`. With a file, one of its symbols. */
  benchmark?: string | undefined;
  /** The as-of, `YYYY-MM-DD`; by default the last day of the bars. */
  asOf?: string | undefined;
}

/**
 * Opens the provider, sets it in the functions' environment, and checks its bars before anything is written.
 *
 * @throws BadInputError if the file is not usable or lacks a symbol
 */
export async function openSource(options: SourceOptions): Promise<Source> {
  const { asOf: chosen } = options;
  const barsFile = barsFileOf(options);
  process.env[ENV.provider] = options.provider.join();
  if (barsFile) process.env.BARS_FILE = barsFile;
  if (options.dateFormat) process.env.BARS_DATE_FORMAT = options.dateFormat;
  if (options.currency) process.env.BARS_CURRENCY = options.currency;
  const opened = await openProvider(process.env);
  if (!hasListings(opened)) {
    const listings = options.symbols?.map((symbol) => ({ symbol })) ?? [];
    const reference = await readReference(options.reference);
    return {
      database: REAL_DATABASE,
      data: 'real',
      listings,
      reference,
      benchmark: options.benchmark,
      asOf: chosen,
      notice: undefined,
      changedAt: undefined,
      report: [],
    };
  }
  const file = defined(barsFile, 'the bars file');
  const changedAt = await lastChange(file);
  const asOf = chosen ?? opened.lastDay();
  const listings = opened.listings();
  const unknown = options.symbols?.filter((symbol) => !listings.some((listing) => listing.symbol === symbol));
  if (unknown && unknown.length > 0)
    throw new BadInputError(`--symbols: not in the bars: ${unknown.join(', ')}`);
  const benchmark = benchmarkOfFile(listings, options.benchmark);
  if (barsFile === SAMPLE) {
    const notice =
      `Sample data: real bars of ${listings.length} stocks, as of ${asOf}. Not today's market. ` +
      'They are compared with bundled statistics of about 500 US stocks of that time.';
    return {
      database: SAMPLE_DATABASE,
      data: 'sample',
      listings,
      reference: undefined,
      benchmark,
      asOf,
      notice,
      changedAt,
      report: [],
    };
  }
  const database = await databaseOfFile(file);
  const notice = `Bars from a file, as of ${asOf}.`;
  return {
    database,
    data: 'file',
    listings,
    reference: undefined,
    benchmark,
    asOf,
    notice,
    changedAt,
    report: opened.report(),
  };
}

async function readReference(choice: string | undefined): Promise<Listing[] | undefined> {
  if (choice === undefined) return undefined;
  const bundled = REFERENCES.find((name) => name === choice);
  if (bundled) return bundledReference(bundled);
  const listings = await readUniverse(choice);
  if (listings.length < LEAST_REFERENCE) {
    throw new BadInputError(
      `--reference ${choice} names ${listings.length} instruments, and ${LEAST_REFERENCE} or more are needed to compare with`,
    );
  }
  return listings;
}

/** The benchmark of a file: the chosen one, or the default one if the file has it. */
function benchmarkOfFile(listings: readonly Listing[], chosen: string | undefined): string {
  const isListed = (wanted: string) => listings.some(({ symbol }) => symbol === wanted);
  if (chosen === undefined) return isListed(DEFAULT_BENCHMARK) ? DEFAULT_BENCHMARK : 'none';
  if (chosen !== 'none' && !isListed(chosen))
    throw new BadInputError(`--benchmark: not in the bars: ${chosen}`);
  return chosen;
}

/** The file of a provider that reads one. */
function barsFileOf({ provider: [provider], bars }: SourceOptions): string | undefined {
  if (provider === 'sample') return SAMPLE;
  return provider === 'csv' ? resolve(defined(bars, 'the file of --bars')) : undefined;
}

/** When a file, or the last file of a folder, was changed. */
async function lastChange(path: string): Promise<Date> {
  const { mtime } = await stat(path);
  const names = await readdir(path).catch(() => []);
  const times = await Promise.all(names.map(async (name) => (await stat(join(path, name))).mtime.getTime()));
  return new Date(Math.max(mtime.getTime(), ...times));
}

/** The name of a bars file's own database. */
export async function databaseOfFile(path: string): Promise<string> {
  const id = createHash('sha256')
    .update(await realpath(path))
    .digest('hex');
  return `boursomatic_csv_${id.slice(0, 8)}`;
}
