import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { TOLERATED_FAILURE_SHARE } from '../../shared/constants.ts';
import { InstrumentSymbol } from '../../shared/contracts.ts';
import { BadInputError } from '../../shared/errors.ts';
import { BarSeries } from './bar-series.ts';
import { type Days, quoted, readRow } from './bars-row.ts';

/** The bars of a file by symbol, and the faults of symbols that have a faulty row. */
export interface BarsFile {
  readonly path: string;
  readonly series: ReadonlyMap<string, BarSeries>;
  /** The first fault of each faulty symbol, with file and line, in the order of the file. */
  readonly faults: ReadonlyMap<string, string>;
}

/**
 * Reads daily bars from a CSV file, plain or gzip, into memory. Line numbers match an editor's. Byte order marks,
 * CRLF, quoted fields and blank lines are accepted.
 *
 * A faulty row invalidates its symbol alone (see {@link BarsFile.faults} and {@link assertUsable}). A fault of the
 * file itself is thrown.
 *
 * @example
 * const file = await readBarsFile('bars.csv.gz', ['symbol', 'date', 'open', 'high', 'low', 'close', 'volume']);
 * file.series.get('AAPL')?.bars('2013-01-01', '2013-03-01');
 *
 * @param header - the expected header; an eighth column is the adjusted close, next to unadjusted prices
 * @throws BadInputError naming file and line if the file cannot be read, is not CSV or gzip, or has a different
 * header
 */
export async function readBarsFile(path: string, header: readonly string[]): Promise<BarsFile> {
  const reader = new RowReader(path, header);
  try {
    await readRecords(path, (fields, line) => reader.read(fields, line));
  } catch (error) {
    throw structuralFault(path, reader.line + 1, error);
  }
  if (!reader.hasHeader) throw new BadInputError(`${path}: is empty`);
  if (reader.series.size === 0) throw new BadInputError(`${path}: has a header but no rows`);
  return reader;
}

/**
 * Refuses a file with too many faulty symbols: more than one and more than the share that a run tolerates, or all.
 *
 * @throws BadInputError with the first fault and the number of other faulty symbols
 */
export function assertUsable(file: BarsFile): void {
  const faulty = file.faults.size;
  const tolerated = Math.max(1, TOLERATED_FAILURE_SHARE * file.series.size);
  if (faulty <= tolerated && faulty < file.series.size) return;
  const [first] = file.faults.values();
  const others = faulty === 1 ? '' : ` (and ${faulty - 1} more instrument${faulty === 2 ? '' : 's'})`;
  throw new BadInputError(`${first}${others}`);
}

/** Sorts records into series by symbol. Symbols may alternate in the file. */
class RowReader implements BarsFile {
  readonly path: string;
  readonly series = new Map<string, BarSeries>();
  readonly faults = new Map<string, string>();
  /** The last line read. */
  line = 0;
  /** Whether the expected header has been read. */
  hasHeader = false;
  readonly #header: readonly string[];
  readonly #days: Days = new Map();

  constructor(path: string, header: readonly string[]) {
    this.path = path;
    this.#header = header;
  }

  read(fields: readonly string[], line: number): void {
    this.line = line;
    if (fields.length === 1 && fields[0] === '') return;
    if (!this.hasHeader) this.#readHeader(fields);
    else if (fields.length === this.#header.length) this.#readBar(fields);
    else {
      this.#assertText(fields);
      throw this.#fault(`wrong number of fields: expected ${this.#header.length}, got ${fields.length}`);
    }
  }

  #readHeader(fields: readonly string[]): void {
    this.#assertText(fields);
    const names = fields.map((name) => name.trim().toLowerCase()).join();
    const expected = this.#header.join();
    if (names !== expected.toLowerCase()) {
      throw this.#fault(`header is ${quoted(fields.join())}, expected "${expected}"`);
    }
    this.hasHeader = true;
  }

  #readBar(fields: readonly string[]): void {
    const [symbol = '', date = ''] = fields;
    const series = this.series.get(symbol) ?? this.#addSeries(symbol, fields);
    const bar = readRow(fields, series.lastTs, this.#days);
    if (typeof bar !== 'string') {
      if (!this.faults.has(symbol)) series.push(bar);
      return;
    }
    this.#markFaulty(symbol, fields, `${symbol}${this.#days.has(date) ? ` ${date}` : ''}: ${bar}`);
  }

  #addSeries(symbol: string, fields: readonly string[]): BarSeries {
    const series = new BarSeries();
    this.series.set(symbol, series);
    const valid = InstrumentSymbol.safeParse(symbol);
    if (!valid.success) {
      this.#markFaulty(symbol, fields, `${quoted(symbol)} ${valid.error.issues[0]?.message}`);
    }
    return series;
  }

  #markFaulty(symbol: string, fields: readonly string[], fault: string): void {
    // Every column is plain ASCII, so a row that is not text is always faulty: good rows need no such check.
    this.#assertText(fields);
    if (!this.faults.has(symbol)) this.faults.set(symbol, `${this.path}:${this.line}: ${fault}`);
  }

  #assertText(fields: readonly string[]): void {
    const text = fields.join();
    if (text.includes('\0') || text.includes('\uFFFD')) throw this.#fault('is not UTF-8 text');
    if (/[\r\n]/.test(text)) throw this.#fault('has a line break within a field');
  }

  #fault(what: string): BadInputError {
    return new BadInputError(`${this.path}:${this.line}: ${what}`);
  }
}

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

async function readRecords(path: string, onRecord: (fields: string[], line: number) => void): Promise<void> {
  const parser = parse({
    bom: true,
    // By default, the parser would expect the first line's delimiter on every line.
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    // A bar takes less than 100 bytes. Without a limit, an unclosed quote would swallow the file.
    max_record_size: 4096,
    on_record: (fields: string[], { lines }) => {
      onRecord(fields, lines);
      // Emitting no record spares the stream's queue: a million rows cost one call each.
      return null;
    },
  }).resume();
  await using file = await open(path);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(GZIP_MAGIC.length), 0, GZIP_MAGIC.length, 0);
  const source = file.createReadStream({ start: 0, autoClose: false });
  if (bytesRead === GZIP_MAGIC.length && buffer.equals(GZIP_MAGIC)) {
    await pipeline(source, createGunzip({ chunkSize: 256 * 1024 }), parser);
  } else await pipeline(source, parser);
}

const FAULTS: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'is a folder',
  Z_BUF_ERROR: 'gzip data ends too early',
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
  CSV_MAX_RECORD_SIZE: 'the row is too long',
};

/** Turns a fault of the file into an error that the user can act on; passes on a defect of this program. */
function structuralFault(path: string, line: number, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('code' in cause) || cause instanceof BadInputError) return cause;
  const code = String(cause.code);
  const fault = (where: string, otherwise: string) =>
    new BadInputError(`${where}: ${FAULTS[code] ?? otherwise}`, { cause });
  if (cause instanceof CsvError) return fault(`${path}:${line}`, 'a quote is in the wrong place');
  if (code.startsWith('Z_')) return fault(`${path}:${line}`, 'gzip data is corrupt at or after this line');
  return 'syscall' in cause ? fault(path, `cannot be read (${code})`) : cause;
}
