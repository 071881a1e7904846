import { BadInputError } from '../../shared/errors.ts';
import { InstrumentSymbol } from '../../shared/fields.ts';
import { defined } from '../../shared/invariant.ts';
import { canonicalSymbol } from '../../shared/symbols.ts';
import { type Columns, type Role, readHeader } from './columns.ts';
import type { DayColumn } from './days.ts';
import { sniffDelimiter, splitFields } from './fields.ts';
import { LONGEST_LINE } from './lines.ts';
import { type Decimal, readNumber, readWrittenNumber, sniffDecimal } from './numbers.ts';
import { symbolInName } from './sources.ts';
import { quoted } from './text.ts';

/** Where a table's rows go. */
export interface RowSink {
  /** The dates of all tables. */
  readonly days: DayColumn;
  push(symbol: string, row: RowNumbers, line: number): void;
  /** Records a symbol's row that cannot be read. */
  refuse(symbol: string, line: number, fault: string): void;
  /** Records a row that cannot be read and names no symbol. */
  refuseRow(line: number, fault: string): void;
  /** Records a row without any price. */
  skip(): void;
  /** Records the currency of a symbol's row, as `readCurrency` reads it. */
  name(symbol: string, currency: string, line: number): void;
}

/** The numbers of a row, adjusted; NaN for a missing one. `day` is a number of {@link DayColumn.read}. */
export interface RowNumbers {
  day: number;
  o: number;
  h: number;
  l: number;
  c: number;
  v: number;
}

/** How a table is written, for the report. */
export interface Dialect {
  delimiter?: string | undefined;
  decimal?: Decimal | undefined;
  /** The name of the column of adjusted closes. */
  adjustedBy?: string | undefined;
}

/** Rows that decide how a table writes its decimal places. */
const SAMPLE_ROWS = 1000;

const NUMBERS: readonly Role[] = ['open', 'high', 'low', 'close', 'volume', 'adjusted close'];
type RowValues = [o: number, h: number, l: number, c: number, v: number, adjustedClose: number];

/** Reads the rows of one table: its header first, then its bars. */
export class TableReader {
  readonly #name: string;
  readonly #sink: RowSink;
  readonly dialect: Dialect = {};
  #delimiter: string | undefined;
  #columns: Columns | undefined;
  /** The first rows, until they have shown how numbers are written; undefined from then on. */
  #sample: { fields: string[]; line: number }[] | undefined = [];
  #decimal: Decimal = 'point';
  /** The symbol of a table without a column of symbols. */
  #only: string | undefined;
  /** Canonical symbols by their text; undefined for text that is not a symbol. */
  readonly #symbols = new Map<string, string | undefined>();
  /** The columns of numbers that the table has, with their places in {@link NUMBERS}. */
  #measures: { role: Role; place: number; i: number }[] = [];
  /** The numbers of the current row; 0 for a column that the table lacks. */
  readonly #numbers = new Float64Array(NUMBERS.length);
  /** Whether rows that belong to the header may follow. */
  #isInHeader = false;

  constructor(name: string, sink: RowSink) {
    this.#name = name;
    this.#sink = sink;
  }

  /** @param text - undefined for a line that is too long */
  readLine(text: string | undefined, line: number): void {
    if (text === undefined) {
      if (!this.#columns)
        throw this.#fault(line, `has more than ${LONGEST_LINE.toLocaleString('en')} characters`);
      this.#refuse(line, `has more than ${LONGEST_LINE.toLocaleString('en')} characters`);
      return;
    }
    if (text === '') return;
    if (!this.#columns) {
      if (text.trim() === '') return;
      // Excel reads the delimiter from such a line.
      const [, named] = /^"?sep=(.)"?$/i.exec(text) ?? [];
      if (named !== undefined) {
        this.#delimiter = named;
        return;
      }
      this.#delimiter ??= sniffDelimiter(text);
      this.dialect.delimiter = this.#delimiter;
    }
    const fields = splitFields(text, this.#delimiter ?? ',');
    if (fields) this.readFields(fields, line);
    else if (this.#columns) this.#refuse(line, 'a quote is in the wrong place, or not closed');
    else throw this.#fault(line, 'header has a quote in the wrong place, or not closed');
  }

  readFields(fields: string[], line: number): void {
    if (!this.#columns) this.#readHeader(fields, line);
    else if (this.#isInHeader && this.#continuesHeader(fields, line)) return;
    else if (this.#sample) {
      this.#sample.push({ fields, line });
      if (this.#sample.length === SAMPLE_ROWS) this.#endSample();
    } else this.#readRow(fields, line);
  }

  /** Ends the table. @throws BadInputError if it has no header, or its numbers may be read in two ways */
  end(): void {
    if (!this.#columns) throw new BadInputError(`${this.#name}: is empty`);
    this.#endSample();
  }

  #readHeader(fields: string[], line: number): void {
    const text = fields.join();
    if (text.includes('\0') || text.includes('\uFFFD')) throw this.#fault(line, 'is not UTF-8 text');
    const columns = readHeader(fields);
    if (typeof columns === 'string') throw this.#fault(line, columns);
    this.#columns = columns;
    this.#measures = NUMBERS.map((role, i) => ({ role, place: columns.places[role], i })).filter(
      ({ place }) => place >= 0,
    );
    const adjusted = columns.places['adjusted close'];
    if (adjusted >= 0) this.dialect.adjustedBy = fields[adjusted]?.trim();
    this.#isInHeader = columns.places.date === 0 && fields[0]?.trim() === 'Price';
    if (columns.places.symbol >= 0 || this.#isInHeader) return;
    this.#nameTable(symbolInName(this.#name), line, 'file name');
  }

  #nameTable(text: string, line: number, what: string): void {
    const symbol = InstrumentSymbol.safeParse(canonicalSymbol(text));
    if (symbol.success) this.#only = symbol.data;
    else throw this.#fault(line, `has no column of symbols, and the ${what} ${quoted(text)} is not a symbol`);
  }

  /** yfinance writes three lines of header: `Price,Close,…`, `Ticker,AAPL,…` and `Date,,…`. */
  #continuesHeader(fields: readonly string[], line: number): boolean {
    const [first = '', symbol = ''] = fields;
    if (first === 'Ticker') this.#nameTable(symbol, line, 'ticker');
    if (first === 'Ticker' || /^date(time)?$/i.test(first)) return true;
    this.#isInHeader = false;
    if (this.#only === undefined) this.#nameTable(symbolInName(this.#name), line, 'file name');
    return false;
  }

  #endSample(): void {
    const rows = this.#sample;
    if (!rows) return;
    this.#sample = undefined;
    const { places } = defined(this.#columns, 'the header');
    let current = 0;
    const numbers = function* () {
      for (const { fields, line } of rows) {
        current = line;
        for (const role of NUMBERS) {
          const text = fields[places[role]];
          if (text !== undefined && (text.includes(',') || text.includes('.'))) yield text;
        }
      }
    };
    const decimal = this.#delimiter === undefined ? 'point' : sniffDecimal(numbers());
    if (typeof decimal !== 'string') {
      const line = rows.find(({ fields }) => fields.includes(decimal.ambiguous))?.line ?? current;
      throw this.#fault(
        line,
        `number ${quoted(decimal.ambiguous)} may have a decimal comma or a thousands separator: write numbers with a decimal point`,
      );
    }
    this.#decimal = decimal;
    this.dialect.decimal = decimal;
    for (const { fields, line } of rows) this.#readRow(fields, line);
  }

  #readRow(fields: readonly string[], line: number): void {
    const { width, places } = defined(this.#columns, 'the header');
    if (fields.length !== width && !isPadded(fields, width)) {
      if (isBlank(fields)) return;
      this.#refuse(line, `has ${fields.length} fields, and the header ${width}`, fields);
      return;
    }
    const date = fields[places.date] ?? '';
    const day = this.#sink.days.read(date, () => `${this.#name}:${line}`);
    if (Number.isNaN(day)) {
      // A blank row of a spreadsheet, or a header that was pasted again.
      if (isBlank(fields) || date === this.#columns?.names[places.date]) return;
      this.#refuse(line, `date ${quoted(date)} is not a day such as 2013-01-02`, fields);
      return;
    }
    const symbol = this.#symbolOf(fields, line);
    if (symbol === undefined || !this.#readNumbers(fields, symbol, line)) return;
    const [o, h, l, c, v, adjusted] = this.#numbers as unknown as RowValues;
    if (Number.isNaN(o) && Number.isNaN(h) && Number.isNaN(l) && Number.isNaN(c)) {
      this.#sink.skip();
      return;
    }
    const currency = places.currency < 0 ? '' : (fields[places.currency] ?? '').trim();
    if (currency !== '') this.#sink.name(symbol, currency, line);
    const row = { day, o, h, l, c, v };
    if (places['adjusted close'] >= 0) adjustRow(row, adjusted);
    this.#sink.push(symbol, row, line);
  }

  /** Reads the numbers of a row into `#numbers`. @returns whether the row is readable; it has been refused otherwise */
  #readNumbers(fields: readonly string[], symbol: string, line: number): boolean {
    for (const { role, place, i } of this.#measures) {
      const text = fields[place] ?? '';
      let number: number | undefined = this.#decimal === 'point' ? readNumber(text) : Number.NaN;
      if (!Number.isFinite(number)) {
        number = readWrittenNumber(text, this.#decimal, role === 'volume' ? 'volume' : 'price');
        if (number === undefined) {
          this.#sink.refuse(symbol, line, `${role} ${quoted(text)} is not a number`);
          return false;
        }
        // An instrument that is not traded, such as an index, has no volume.
        if (role === 'volume' && Number.isNaN(number)) number = 0;
      }
      this.#numbers[i] = number;
    }
    return true;
  }

  #symbolOf(fields: readonly string[], line: number): string | undefined {
    if (this.#only !== undefined) return this.#only;
    const text = fields[this.#columns?.places.symbol ?? -1] ?? '';
    const known = this.#symbols.get(text);
    if (known !== undefined) return known;
    const { data, error } = InstrumentSymbol.safeParse(canonicalSymbol(text));
    if (data !== undefined) this.#symbols.set(text, data);
    else this.#sink.refuseRow(line, `${quoted(text)} ${error?.issues[0]?.message}`);
    return data;
  }

  #refuse(line: number, fault: string, fields: readonly string[] = []): void {
    const place = this.#columns?.places.symbol ?? -1;
    // Any short word may be a symbol, so only the symbol of a readable row is trusted.
    const symbol = this.#only ?? this.#symbols.get(fields[place] ?? '');
    if (symbol === undefined) this.#sink.refuseRow(line, fault);
    else this.#sink.refuse(symbol, line, fault);
  }

  #fault(line: number, what: string): BadInputError {
    return new BadInputError(`${this.#name}:${line}: ${what}`);
  }
}

/** Multiplies the prices by adjusted close / close, and divides the volume by it, as {@link adjust} does for a bar. */
function adjustRow(row: RowNumbers, adjustedClose: number): void {
  const factor = adjustedClose / row.c;
  if (factor === 1) return;
  row.o *= factor;
  row.h *= factor;
  row.l *= factor;
  row.c *= factor;
  row.v /= factor;
}

/** Whether a row has more fields than the header, all of them empty. */
function isPadded(fields: readonly string[], width: number): boolean {
  return fields.length > width && isBlank(fields.slice(width));
}

function isBlank(fields: readonly string[]): boolean {
  return fields.every((field) => field.trim() === '');
}
