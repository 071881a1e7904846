import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import { BadInputError } from '../shared/errors.ts';
import { InstrumentSymbol } from '../shared/fields.ts';
import { canonicalSymbol } from '../shared/symbols.ts';
import type { Listing } from './providers/provider.ts';

/** Accepted column headings, as in lists of index constituents. */
const COLUMNS: Record<Column, readonly string[]> = {
  symbol: ['symbol', 'ticker'],
  exchange: ['exchange', 'market'],
  name: ['name', 'security', 'company', 'company name'],
  sector: ['sector', 'gics sector', 'industry'],
};
type Column = 'symbol' | 'exchange' | 'name' | 'sector';

/** Longest accepted text of a column. Longer text suggests that the columns are mixed up. */
const LONGEST_TEXT = 200;

/**
 * Reads a universe: a CSV file with a heading line and the columns `symbol` and optionally `exchange`, `name` and
 * `sector`, in any order. {@link canonicalSymbol} lists the accepted notations of symbols. Other columns are ignored.
 *
 * @throws BadInputError naming file and line, if the file cannot be read, has no `symbol` column, or contains an invalid
 * or repeated symbol
 */
export async function readUniverse(path: string): Promise<Listing[]> {
  const [heading, ...rows] = await readRecords(path);
  if (!heading) throw new BadInputError(`${path}: is empty`);
  const places = placesOf(heading.fields);
  if (places.symbol < 0)
    throw new BadInputError(`${path}:${heading.line}: no column "symbol" among "${heading.fields.join()}"`);
  if (rows.length === 0) throw new BadInputError(`${path}: has a heading but no rows`);
  const lines = new Map<string, number>();
  return rows.map(({ fields, line }) => {
    const listing = toListing(fields, places, `${path}:${line}`);
    const earlier = lines.get(listing.symbol);
    if (earlier) throw new BadInputError(`${path}:${line}: ${listing.symbol} is already on line ${earlier}`);
    lines.set(listing.symbol, line);
    return listing;
  });
}

interface Row {
  fields: string[];
  line: number;
}

async function readRecords(path: string): Promise<Row[]> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    const records = parse(text, {
      bom: true,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ fields: record, line: info.lines }));
  } catch (error) {
    if (error instanceof CsvError) throw new BadInputError(`${path}:${error.lines ?? 1}: ${error.message}`);
    if (error instanceof TypeError) throw new BadInputError(`${path}: is not UTF-8 text`);
    const code = error instanceof Error && 'code' in error ? error.code : error;
    const reason = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
    throw new BadInputError(`${path}: ${reason}`, { cause: error });
  }
}

function placesOf(heading: string[]): Record<Column, number> {
  const names = heading.map((name) => name.toLowerCase());
  const place = (column: Column) => names.findIndex((name) => COLUMNS[column].includes(name));
  return {
    symbol: place('symbol'),
    exchange: place('exchange'),
    name: place('name'),
    sector: place('sector'),
  };
}

function toListing(fields: string[], places: Record<Column, number>, where: string): Listing {
  const text = (column: Column) => fields[places[column]] || undefined;
  // An empty symbol is invalid and reported like any other one.
  const written = text('symbol') ?? '';
  const symbol = InstrumentSymbol.safeParse(canonicalSymbol(written));
  if (!symbol.success) throw new BadInputError(`${where}: "${written}" ${symbol.error.issues[0]?.message}`);
  const listing: Listing = { symbol: symbol.data };
  for (const column of ['exchange', 'name', 'sector'] as const) {
    const value = text(column);
    if (value === undefined) continue;
    if (value.length > LONGEST_TEXT || value.includes('\0'))
      throw new BadInputError(`${where}: the ${column} is not a text of at most ${LONGEST_TEXT} characters`);
    listing[column] = value;
  }
  return listing;
}
