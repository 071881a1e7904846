import { CANONICAL_SYMBOL, canonicalSymbol } from '../../../shared/symbols.ts';
import { LONGEST_NOTE } from './entry.ts';

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
  return [...once.values()];
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
  const { parse } = await import('csv-parse/sync');
  const rows: string[][] = parse(text.trimStart(), {
    delimiter,
    from_line: 2,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
  });
  return rows
    .filter((row) => row[symbolAt])
    .map((row) => toPasted(row[symbolAt] ?? '', noteAt < 0 ? undefined : row[noteAt]));
}

function toPasted(written: string, note?: string): Pasted {
  const token = written.replaceAll(/^["'$]+|["']+$/g, '').replace(/^[A-Za-z_]+:/, '');
  const symbol = canonicalSymbol(token);
  if (!CANONICAL_SYMBOL.test(symbol))
    return { symbol: shown(written), fault: 'It is not a symbol such as AAPL or BRK-B.' };
  const line = note?.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  if (!line) return { symbol };
  if (line.length > LONGEST_NOTE)
    return { symbol, fault: `Its note is longer than ${LONGEST_NOTE} characters.` };
  return { symbol, note: line };
}

function shown(written: string): string {
  return written.length > LONGEST_SHOWN ? `${written.slice(0, LONGEST_SHOWN)}…` : written;
}
