import { CANONICAL_SYMBOL, canonicalSymbol } from '../../../shared/symbols.ts';
import { problem } from '../../core/problem.ts';
import { LONGEST_NOTE } from './entry.ts';

/** The most symbols in one import. */
export const MOST_IMPORTED = 500;

/** A symbol of a pasted text. */
export interface Pasted {
  /** In canonical form; as written where it is not a symbol. */
  symbol: string;
  note?: string;
  /** Why it cannot be followed, in one sentence. */
  fault?: string;
}

const SYMBOL_COLUMNS = ['symbol', 'ticker'];
const NOTE_COLUMNS = ['note', 'notes', 'comment'];

/** The longest part of a text that is no symbol and that an answer repeats. */
const LONGEST_SHOWN = 40;

/**
 * Reads symbols from a pasted text: a list separated by commas, semicolons, tabs, spaces or line breaks, or a CSV whose
 * header has a column `symbol` or `ticker`, and perhaps `note`. `$AAPL`, `NASDAQ:AAPL` and `brk.b` are understood.
 *
 * @returns each symbol once, in the order of its first place
 * @throws ApiError (400) for a damaged CSV, and for no symbols or more than {@link MOST_IMPORTED}
 */
export async function readPasted(text: string): Promise<Pasted[]> {
  const clean = text.replace(/^\uFEFF/, '');
  const found = (await readTable(clean)) ?? readList(clean);
  const once = new Map<string, Pasted>();
  for (const pasted of found) {
    const known = once.get(pasted.symbol);
    if (!known) once.set(pasted.symbol, pasted);
    else if (known.note === undefined && pasted.note !== undefined) known.note = pasted.note;
  }
  if (once.size === 0) throw faultyText('has no symbols');
  if (once.size > MOST_IMPORTED)
    throw faultyText(
      `has ${once.size} symbols, and one import takes ${MOST_IMPORTED}: split it into several`,
    );
  return [...once.values()];
}

/** The problem for a text that is refused as a whole. */
function faultyText(fault: string) {
  const errors = [{ pointer: '#/text', detail: fault }];
  return problem('invalid-request', `The text ${fault}. Nothing was stored.`, { errors });
}

function readList(text: string): Pasted[] {
  return text
    .split(/[\s,;]+/)
    .filter((token) => token !== '')
    .map((token) => toPasted(token));
}

/** Reads a CSV with a header; undefined if the first line is no such header. */
async function readTable(text: string): Promise<Pasted[] | undefined> {
  const [header = ''] = text.trimStart().split(/\r?\n/, 1);
  const delimiter = [',', ';', '\t'].find((candidate) => header.includes(candidate)) ?? ',';
  const names = header.split(delimiter).map((name) => name.trim().replaceAll('"', '').toLowerCase());
  const symbolAt = names.findIndex((name) => SYMBOL_COLUMNS.includes(name));
  if (symbolAt < 0) return undefined;
  const noteAt = names.findIndex((name) => NOTE_COLUMNS.includes(name));
  // Few requests are imports, so its code is loaded on first use.
  const { CsvError, parse } = await import('csv-parse/sync');
  let rows: string[][];
  try {
    rows = parse(text.trimStart(), {
      delimiter,
      from_line: 2,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw faultyText(`is a CSV whose quotation marks do not match: ${error.message}`);
  }
  return rows
    .filter((row) => row[symbolAt])
    .map((row) => toPasted(row[symbolAt] ?? '', noteAt < 0 ? undefined : asWritten(row[noteAt])));
}

/** A note without the apostrophe by which an export of this service keeps spreadsheets from evaluating it. */
function asWritten(note: string | undefined): string | undefined {
  return note?.replace(/^'(?=[=+\-@'＝＋－＠])/, '');
}

function toPasted(written: string, note?: string): Pasted {
  const token = written.replaceAll(/^["'$]+|["']+$/g, '').replace(/^[A-Za-z_]+:/, '');
  const symbol = canonicalSymbol(token);
  if (!CANONICAL_SYMBOL.test(symbol))
    return { symbol: shown(written), fault: 'It is not a symbol such as AAPL or BRK-B.' };
  const line = note?.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  if (!line) return { symbol };
  if ([...line].length > LONGEST_NOTE)
    return { symbol, fault: `Its note is longer than ${LONGEST_NOTE} characters.` };
  return { symbol, note: line };
}

function shown(written: string): string {
  return written.length > LONGEST_SHOWN ? `${written.slice(0, LONGEST_SHOWN)}…` : written;
}
