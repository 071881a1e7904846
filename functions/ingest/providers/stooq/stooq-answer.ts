import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { defined } from '../../../shared/invariant.ts';
import { type Days, dayStart } from '../../bars-file/days.ts';
import { readNumber } from '../../bars-file/numbers.ts';
import { quoted } from '../../bars-file/text.ts';
import { PartialAnswerError, SchemaDriftError } from '../errors.ts';
import type { Answer } from '../http.ts';
import type { Bar } from '../provider.ts';
import { stooqRefusal } from './stooq-refusal.ts';

const PRICES = ['Date', 'Open', 'High', 'Low', 'Close'];
const COLUMNS = [...PRICES, 'Volume'];

/**
 * Reads Stooq's CSV. Stooq sends nearly all refusals with HTTP 200 and a sentence or a page, so only a body that
 * begins with the header is data. Columns after the known ones are ignored. Load judges whether the numbers are
 * plausible.
 *
 * @throws ProviderError of the matching class
 */
export function readStooqAnswer(symbol: string, answer: Answer): Bar[] {
  const { status, body } = answer;
  if (status !== 200 || !body.startsWith('Date,')) throw stooqRefusal(symbol, answer);
  // Stooq ends every line. A row that is cut off within a number would look complete.
  if (!body.endsWith('\n')) throw new PartialAnswerError(`${symbol}: the answer is cut off`);
  const [first, ...rows] = parseCsv(symbol, body);
  const header = defined(first, 'the header of the CSV');
  // An index itself is not traded, so its volume may be missing.
  const expected = symbol.startsWith('^') && header[PRICES.length] !== 'Volume' ? PRICES : COLUMNS;
  if (expected.some((name, i) => header[i] !== name)) {
    throw new SchemaDriftError(`${symbol}: unexpected answer: header is ${quoted(header.join())}`);
  }
  if (rows.length === 0) throw new PartialAnswerError(`${symbol}: the answer has no rows`);
  const bars: Bar[] = [];
  const days: Days = new Map();
  for (const [i, row] of rows.entries()) {
    if (row.length !== header.length) {
      throw new SchemaDriftError(`${symbol}: unexpected answer: ${row.length} columns in row ${i + 2}`);
    }
    const isLast = i === rows.length - 1;
    const bar = readBar(symbol, row.slice(0, expected.length), days, isLast);
    if (!bar) continue;
    // Stooq may repeat the last day. Two other rows of one day are both kept: the quality gate decides on them.
    if (isLast && bars.at(-1)?.ts === bar.ts) bars.pop();
    bars.push(bar);
  }
  if (bars.length > 0 && bars.every(({ o, h, l, c }) => Number.isNaN(o + h + l + c)))
    throw new SchemaDriftError(`${symbol}: unexpected answer: no row has four readable prices`);
  return bars;
}

function parseCsv(symbol: string, body: string): string[][] {
  try {
    return parse(body, { trim: true, relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    // Not kept as the cause, since it contains the text around the fault.
    const code = error instanceof CsvError ? error.code : 'not CSV';
    throw new SchemaDriftError(`${symbol}: unexpected answer: ${code}`);
  }
}

/**
 * Reads a row; undefined for one to leave out. A number that is missing or cannot be read is NaN: the quality gate
 * doubts that bar alone.
 */
function readBar(symbol: string, row: readonly string[], days: Days, isLast: boolean): Bar | undefined {
  const [day = '', ...values] = row;
  const ts = dayStart(day, days);
  if (Number.isNaN(ts)) throw new SchemaDriftError(`${symbol}: unexpected answer: ${quoted(day)} for a day`);
  const [o, h, l, c, v = 0] = values.map((text) => (text === '' ? undefined : readNumber(text)));
  const isEmpty = o === undefined && h === undefined && l === undefined;
  if (c === undefined && (isLast || isEmpty)) return undefined;
  return { ts, o: o ?? Number.NaN, h: h ?? Number.NaN, l: l ?? Number.NaN, c: c ?? Number.NaN, v };
}
