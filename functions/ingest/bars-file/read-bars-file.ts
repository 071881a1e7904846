import { readCurrency } from '../../shared/currencies.ts';
import { DAY_MS, HOUR_MS, toDay } from '../../shared/days.ts';
import { BadInputError } from '../../shared/errors.ts';
import { BarSeries, type SeriesFault } from './bar-series.ts';
import { type DateFormat, DayColumn } from './days.ts';
import { readLines } from './lines.ts';
import { isParquet, readParquet } from './parquet.ts';
import { type BarsSource, damagedZip, findSources, readBytes, startingWith, unreadable } from './sources.ts';
import { type Dialect, type RowNumbers, type RowSink, TableReader } from './table.ts';
import { quoted } from './text.ts';

/** The bars of a file by symbol, and the faults of symbols that have a faulty row. */
export interface BarsFile {
  readonly path: string;
  /** By canonical symbol; a faulty symbol has one too. */
  readonly series: ReadonlyMap<string, BarSeries>;
  /** The currencies that the file names, by symbol, as it writes them. */
  readonly currencies: ReadonlyMap<string, string>;
  /** Why a symbol's bars are refused, with file and line. */
  readonly faults: ReadonlyMap<string, string>;
  readonly findings: BarsFileFindings;
}

/** What was read, what was left out and why, for {@link reportBarsFile}. */
export interface BarsFileFindings {
  /** Rows that became bars. */
  rows: number;
  files: number;
  /** The faults of files that could not be read. At least one other file could be read. */
  refusedFiles: string[];
  /** Files of a folder or zip that are no bars files by their name. */
  ignoredFiles: number;
  /** How the files are written; one entry for each difference. */
  dialects: Dialect[];
  /** Rows that repeat another one exactly. */
  repeated: number;
  /** Rows without any price. */
  withoutPrices: number;
  /** Rows that could not be read, by symbol. */
  unreadable: Map<string, UnreadableRows>;
  /** Rows that could not be read and name no symbol. */
  withoutSymbol: UnreadableRows | undefined;
}

/** Rows that could not be read, and the first one of them. */
export interface UnreadableRows {
  count: number;
  /** The first fault, with file and line. */
  where: string;
  first: string;
}

/** More symbols than all exchanges list. A hostile file has a different one in each row. */
const MOST_SYMBOLS = 200_000;

/** A place packs the number of its table and a line. */
const LINES = 2 ** 32;

/** Time zones reach 14 hours ahead of UTC, so a file may already have a row of the next day. */
const FARTHEST_ZONE_MS = 14 * HOUR_MS;

/**
 * Reads daily bars into memory, from a CSV or Parquet file, a folder of them or a zip. docs/providers.md, "Your own
 * file", lists what is accepted. Line numbers match an editor's.
 *
 * A row that cannot be read is left out and counted. Two different rows of one day, or a date after today, make a
 * symbol faulty (see {@link BarsFile.faults}). Rows that are read need not be sound bars: the quality gate judges them.
 *
 * @example
 * const file = await readBarsFile('bars.csv.gz');
 * file.series.get('AAPL')?.bars('2013-01-01', '2013-03-01');
 *
 * @param dateFormat - the order of day, month and year in dates such as 03/04/2015; by default, the dates show it
 * @throws BadInputError naming file and line if nothing can be read, or the order of day and month is ambiguous
 */
export async function readBarsFile(path: string, dateFormat?: DateFormat): Promise<BarsFile> {
  const reader = new BarsReader(path, dateFormat);
  const { sources, ignored, close } = await findSources(path);
  reader.findings.ignoredFiles = ignored;
  try {
    for (const source of sources) await reader.readSource(source, sources.length === 1);
  } finally {
    close();
  }
  return reader.finish();
}

/** Sorts the rows of all tables into series by symbol. Symbols may alternate within a table. */
class BarsReader implements RowSink {
  readonly days: DayColumn;
  readonly findings: BarsFileFindings = {
    rows: 0,
    files: 0,
    refusedFiles: [],
    ignoredFiles: 0,
    dialects: [],
    repeated: 0,
    withoutPrices: 0,
    unreadable: new Map(),
    withoutSymbol: undefined,
  };
  readonly #path: string;
  readonly #series = new Map<string, BarSeries>();
  readonly #currencies = new Map<string, string>();
  /** Symbols whose currency cannot be read, or that have two. */
  readonly #currencyFaults = new Map<string, string>();
  readonly #tables: string[] = [];
  #lastSymbol = '';
  #lastSeries: BarSeries | undefined;

  constructor(path: string, dateFormat: DateFormat | undefined) {
    this.#path = path;
    this.days = new DayColumn(dateFormat);
  }

  /** @param isOnly - whether the file's faults are those of the whole input */
  async readSource(source: BarsSource, isOnly: boolean): Promise<void> {
    const table = new TableReader(source.name, this);
    this.#tables.push(source.name);
    const bytes = readBytes(source);
    let line = 0;
    try {
      const first = await bytes.next();
      const chunks = startingWith(first, bytes);
      if (!first.done && isParquet(first.value)) {
        await readParquet(source.name, chunks, (fields, row) => table.readFields(fields, row + 1));
      } else {
        await readLines(chunks, (text, number) => {
          line = number;
          table.readLine(text, number);
        });
      }
      table.end();
      this.findings.files++;
      this.#addDialect(table.dialect);
    } catch (error) {
      const fault = faultOf(source, line, error);
      if (isOnly) throw fault;
      this.findings.refusedFiles.push(fault.message);
    } finally {
      await bytes.return(undefined);
    }
  }

  push(symbol: string, { day, o, h, l, c, v }: RowNumbers, line: number): void {
    const series =
      symbol === this.#lastSymbol && this.#lastSeries ? this.#lastSeries : this.#seriesOf(symbol);
    series.push(day, o, h, l, c, v, this.#place(line));
    this.findings.rows++;
  }

  #seriesOf(symbol: string): BarSeries {
    let series = this.#series.get(symbol);
    if (!series) {
      if (this.#series.size === MOST_SYMBOLS)
        throw new BadInputError(`${this.#path}: has more than ${MOST_SYMBOLS.toLocaleString('en')} symbols`);
      series = new BarSeries();
      this.#series.set(symbol, series);
    }
    this.#lastSymbol = symbol;
    this.#lastSeries = series;
    return series;
  }

  #place(line: number): number {
    return (this.#tables.length - 1) * LINES + line;
  }

  #where(place: number): string {
    return `${this.#tables[Math.floor(place / LINES)]}:${place % LINES}`;
  }

  refuse(symbol: string, line: number, fault: string): void {
    // A symbol that has only unreadable rows is listed, and fails.
    this.#seriesOf(symbol);
    const known = this.findings.unreadable.get(symbol);
    if (known) known.count++;
    else {
      const where = this.#where(this.#place(line));
      this.findings.unreadable.set(symbol, { count: 1, where, first: fault });
    }
  }

  refuseRow(line: number, fault: string): void {
    const known = this.findings.withoutSymbol;
    if (known) known.count++;
    else this.findings.withoutSymbol = { count: 1, where: this.#where(this.#place(line)), first: fault };
  }

  skip(): void {
    this.findings.withoutPrices++;
  }

  name(symbol: string, currency: string, line: number): void {
    const known = this.#currencies.get(symbol);
    if (known === currency || this.#currencyFaults.has(symbol)) return;
    const where = `${this.#where(this.#place(line))}: ${symbol}:`;
    if (!readCurrency(currency))
      this.#currencyFaults.set(
        symbol,
        `${where} currency ${quoted(currency)} is not a code such as USD or GBX`,
      );
    else if (known !== undefined)
      this.#currencyFaults.set(symbol, `${where} currency ${currency} after rows in ${known}`);
    else this.#currencies.set(symbol, currency);
  }

  #addDialect(dialect: Dialect): void {
    const key = JSON.stringify(dialect);
    if (!this.findings.dialects.some((known) => JSON.stringify(known) === key))
      this.findings.dialects.push(dialect);
  }

  finish(): BarsFile {
    const dayOf = this.days.resolve();
    const latest = Math.floor((Date.now() + FARTHEST_ZONE_MS) / DAY_MS) * DAY_MS;
    const faults = new Map(this.#currencyFaults);
    for (const [symbol, series] of this.#series) {
      const { fault, repeated } = series.finish(dayOf, latest);
      this.findings.repeated += repeated;
      this.findings.rows -= repeated;
      const rows = this.findings.unreadable.get(symbol);
      if (fault) faults.set(symbol, this.#describe(symbol, fault));
      else if (series.size === 0 && rows) faults.set(symbol, `${rows.where}: ${symbol}: ${rows.first}`);
    }
    this.#assertReadable(faults);
    return {
      path: this.#path,
      series: this.#series,
      currencies: this.#currencies,
      faults,
      findings: this.findings,
    };
  }

  #describe(symbol: string, { kind, ts, places }: SeriesFault): string {
    const [first, second] = places.map((place) => this.#where(place));
    const day = toDay(ts);
    return kind === 'after today'
      ? `${first}: ${symbol}: date ${day} is after today`
      : `${second}: ${symbol}: a different row of ${day} is on ${sameTable(first, second)}`;
  }

  #assertReadable(faults: ReadonlyMap<string, string>): void {
    if (this.#series.size > faults.size) return;
    const [first] = faults.values();
    const { withoutSymbol, refusedFiles, withoutPrices } = this.findings;
    if (first !== undefined) throw new BadInputError(`${first}${andMore(faults.size - 1, 'instrument')}`);
    if (refusedFiles[0] !== undefined)
      throw new BadInputError(`${refusedFiles[0]}${andMore(refusedFiles.length - 1, 'file')}`);
    if (withoutSymbol)
      throw new BadInputError(
        `${withoutSymbol.where}: ${withoutSymbol.first}${andMore(withoutSymbol.count - 1, 'row')}`,
      );
    const what = withoutPrices > 0 ? 'has no row with a price' : 'has a header but no rows';
    throw new BadInputError(`${this.#path}: ${what}`);
  }
}

/** Names the place of a row in a message about another row: only the line, if both are in one file. */
function sameTable(first = '', second = ''): string {
  const [table, line] = [first.slice(0, first.lastIndexOf(':')), first.slice(first.lastIndexOf(':') + 1)];
  return second.startsWith(`${table}:`) ? `line ${line}` : first;
}

function andMore(count: number, what: string): string {
  return count > 0 ? ` (and ${count} more ${what}${count === 1 ? '' : 's'})` : '';
}

/** Turns a fault of a file into an error that the user can act on; throws on a defect of this program. */
function faultOf(source: BarsSource, line: number, cause: unknown): BadInputError {
  if (cause instanceof BadInputError) return cause;
  if (!(cause instanceof Error)) throw cause;
  const code = 'code' in cause ? String(cause.code) : '';
  if (code === 'Z_BUF_ERROR')
    return new BadInputError(`${source.name}:${line + 1}: gzip data ends too early`, { cause });
  if (code.startsWith('Z_'))
    return new BadInputError(`${source.name}:${line + 1}: gzip data is corrupt at or after this line`, {
      cause,
    });
  if ('syscall' in cause) return unreadable(source.name, cause);
  if (source.isInZip) return damagedZip(source.name, cause);
  throw cause;
}
