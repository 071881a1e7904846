import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { TOLERATED_FAILURE_SHARE } from '../../shared/constants.ts';
import { InstrumentSymbol } from '../../shared/contracts.ts';
import { BadInputError } from '../../shared/errors.ts';
import { BarSeries } from './bar-series.ts';
import { type Days, quoted, readRow } from './bars-row.ts';

/** The bars of a file: by symbol, and what is wrong with those symbols that have a faulty row. */
export interface BarsFile {
  readonly path: string;
  readonly series: ReadonlyMap<string, BarSeries>;
  /** The first fault of each faulty symbol, with file and line, in the order of the file. */
  readonly faults: ReadonlyMap<string, string>;
}

/**
 * Reads daily bars from a CSV file, plain or gzip, into memory. Lines are counted as an editor does; a byte
 * order mark, CRLF, quoted fields and blank lines are accepted.
 *
 * A faulty row spoils its symbol only, see {@link BarsFile.faults} and {@link assertUsable}; a fault of the
 * file itself is thrown.
 *
 * @example
 * const file = await readBarsFile('bars.csv.gz', ['symbol', 'date', 'open', 'high', 'low', 'close', 'volume']);
 * file.series.get('AAPL')?.bars('2013-01-01', '2013-03-01');
 *
 * @param header - the expected header; an eighth column is the adjusted close of prices as traded
 * @throws BadInputError naming file and line if the file cannot be read, is not CSV or gzip, or has another
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
 * Refuses a file of which too much is faulty: more than one symbol and more than the share that a run
 * tolerates, or all of it.
 *
 * @throws BadInputError with the first fault, and how many more symbols are faulty
 */
export function assertUsable(file: BarsFile): void {
  const faulty = file.faults.size;
  const tolerated = Math.max(1, TOLERATED_FAILURE_SHARE * file.series.size);
  if (faulty <= tolerated && faulty < file.series.size) return;
  const [first] = file.faults.values();
  const others = faulty === 1 ? '' : ` (and ${faulty - 1} more instrument${faulty === 2 ? '' : 's'})`;
  throw new BadInputError(`${first}${others}`);
}

/** Sorts records into series, one symbol after the other or interleaved. */
class RowReader implements BarsFile {
  readonly path: string;
  readonly series = new Map<string, BarSeries>();
  readonly faults = new Map<string, string>();
  /** The last line that was read. */
  line = 0;
  /** Whether the header has been read, and is the expected one. */
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
    const symbol = fields[0] ?? '';
    const series = this.series.get(symbol) ?? this.#addSeries(symbol, fields);
    const bar = readRow(fields, series.lastTs, this.#days);
    if (typeof bar !== 'string') {
      if (!this.faults.has(symbol)) series.push(bar);
      return;
    }
    const date = fields[1] ?? '';
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
    // Every column is plain ASCII, so that what is not text always ends here, and good rows pay nothing for it.
    this.#assertText(fields);
    if (!this.faults.has(symbol)) this.faults.set(symbol, `${this.path}:${this.line}: ${fault}`);
  }

  #assertText(fields: readonly string[]): void {
    const text = fields.join();
    if (text.includes('\0') || text.includes('\uFFFD')) throw this.#fault('is not UTF-8 text');
    if (/[\r\n]/.test(text)) throw this.#fault('a line break within a field');
  }

  #fault(what: string): BadInputError {
    return new BadInputError(`${this.path}:${this.line}: ${what}`);
  }
}

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

async function readRecords(path: string, onRecord: (fields: string[], line: number) => void): Promise<void> {
  const parser = parse({
    bom: true,
    // Both are accepted on any line; left to itself, the parser would take the first line's for all.
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    // A bar takes less than 100 bytes; without a limit, an unclosed quote swallows the file.
    max_record_size: 4096,
    on_record: (fields: string[], { lines }) => {
      onRecord(fields, lines);
      // Nothing is left to stream: a million rows cost a call each, and no queue.
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
  CSV_MAX_RECORD_SIZE: 'longer than a row can be',
};

/** The error that a person can act on; a defect of this program passes as it is. */
function structuralFault(path: string, line: number, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('code' in cause) || cause instanceof BadInputError) return cause;
  const code = String(cause.code);
  const fault = (where: string, otherwise: string) =>
    new BadInputError(`${where}: ${FAULTS[code] ?? otherwise}`, { cause });
  if (cause instanceof CsvError) return fault(`${path}:${line}`, 'a quote in the wrong place');
  if (code.startsWith('Z_')) return fault(`${path}:${line}`, 'gzip data is corrupt at or after this line');
  return 'syscall' in cause ? fault(path, `cannot be read (${code})`) : cause;
}
