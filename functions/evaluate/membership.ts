import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { BadInputError } from '../shared/errors.ts';
import { Day } from '../shared/fields.ts';

/** Largest rank of a member; training chose it (docs/adr/0042). */
export const UNIVERSE_SIZE = 1000;

const HEADER = 'month,symbol,rank';

/** The symbols of a universe, by month. */
export class Membership {
  /** First days of months, ascending. A month lasts until the next. */
  readonly #months: readonly string[];
  readonly #members: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(members: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#members = members;
    this.#months = [...members.keys()].sort();
  }

  /** The members on a day; none before the first month. */
  on(day: string): ReadonlySet<string> {
    const month = this.#months.findLast((first) => first <= day);
    return (month === undefined ? undefined : this.#members.get(month)) ?? new Set();
  }

  /**
   * Checks that some symbol was a member.
   *
   * @throws BadInputError if none was on any day
   */
  assertNames(symbols: readonly string[]): void {
    if (symbols.some((symbol) => [...this.#members.values()].some((members) => members.has(symbol)))) return;
    throw new BadInputError('the membership file names no symbol of the bars');
  }
}

/**
 * Reads lines of month (its first day), symbol and rank, and keeps the ranks up to `size`.
 *
 * @param content - CSV, possibly gzipped
 * @param name - how messages name the file
 * @throws BadInputError naming the line that is malformed or repeats a symbol
 */
export function parseMembership(content: Uint8Array, name: string, size = UNIVERSE_SIZE): Membership {
  const wrong = (fault: string, cause?: unknown) => new BadInputError(`${name}: ${fault}`, { cause });
  let lines: { record: string[]; info: { lines: number } }[];
  try {
    const isZipped = content[0] === 0x1f && content[1] === 0x8b;
    const text = isZipped ? gunzipSync(content) : Buffer.from(content);
    lines = parse(text, { bom: true, info: true, relax_column_count: true, skip_empty_lines: true }) as never;
  } catch (cause) {
    throw wrong('is not a CSV file', cause);
  }
  if (lines.shift()?.record.join(',') !== HEADER) throw wrong(`the first line is not ${HEADER}`);
  const months = new Map<string, Set<string>>();
  for (const { record, info } of lines) {
    const [month = '', symbol = '', rank = ''] = record;
    if (record.length !== 3 || !Day.safeParse(month).success || symbol === '' || !/^[1-9]\d{0,8}$/.test(rank))
      throw wrong(`line ${info.lines} is not a day, a symbol and a rank`);
    const members = months.get(month) ?? new Set<string>();
    months.set(month, members);
    if (Number(rank) > size) continue;
    if (members.has(symbol)) throw wrong(`line ${info.lines} names ${symbol} twice in ${month}`);
    members.add(symbol);
  }
  if (months.size === 0) throw wrong('has no rows');
  return new Membership(months);
}
