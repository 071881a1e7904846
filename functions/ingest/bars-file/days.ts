import { BadInputError } from '../../shared/errors.ts';
import { quoted } from './text.ts';

/** The order of day, month and year in dates such as 03/04/2015. */
export const DATE_FORMATS = ['dmy', 'mdy', 'ymd'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = String.raw`(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?`;
const YEAR_FIRST = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${TIME}$`, 'i');
const YEAR_LAST = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4})${TIME}$`, 'i');
const SHORT_YEAR = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{1,2})${TIME}$`, 'i');
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const DAY_OF_NAMED_MONTH = /^(?:[a-z]{3}, )?(\d{1,2})[- ]([a-z]{3,9})\.?[-, ]+(\d{4}|\d{2})$/i;
const NAMED_MONTH = /^([a-z]{3,9})\.? (\d{1,2}),? +(\d{4})$/i;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** Below every instant that a bar can have: see {@link DayColumn.read}. */
const UNRESOLVED = -1e15;

/** The earliest year that the database has a partition for. */
const FIRST_YEAR = 1900;

/** Days by their text. A file repeats the same few thousand days for each symbol, so each is parsed once. */
export type Days = Map<string, number>;

/** A hostile file has a different text in each row. */
const MOST_TEXTS = 100_000;

/** Midnight UTC of a day, `YYYY-MM-DD`; NaN if the calendar does not have it. */
export function dayStart(text: string, days: Days): number {
  const known = days.get(text);
  if (known !== undefined) return known;
  const ts = ISO_DAY.test(text)
    ? midnight(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8)))
    : Number.NaN;
  if (!Number.isNaN(ts)) days.set(text, ts);
  return ts;
}

/** Midnight UTC of a day; NaN if the calendar does not have it. */
function midnight(year: number, month: number, day: number): number {
  const ts = Date.UTC(year, month - 1, day);
  const date = new Date(ts);
  // Date.UTC rolls 30 February over into March, and year 99 into 1999.
  const isDay =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay ? ts : Number.NaN;
}

const monthOf = (name = '') => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
const century = (year: number) => (year >= 100 ? year : year + (year < 70 ? 2000 : 1900));

/** The first date that shows an order, and its place. */
interface Evidence {
  text: string;
  where: string;
}

/**
 * The dates of a file, or of all files of a folder. In dates such as 03/04/2015 the order of day and month stays open
 * until one of them, such as 13/04/2015, shows it.
 */
export class DayColumn {
  readonly #format: DateFormat | undefined;
  readonly #days: Days = new Map();
  readonly #evidence: Partial<Record<'dmy' | 'mdy' | 'either', Evidence>> = {};

  constructor(format: DateFormat | undefined) {
    this.#format = format;
  }

  /**
   * Reads a date. A timestamp names the day of its own offset from UTC.
   *
   * @param where - gives the date's place for a message
   * @returns midnight UTC of the day, or a number for {@link resolve}; NaN for text that is not a day
   */
  read(text: string, where: () => string): number {
    const known = this.#days.get(text);
    if (known !== undefined) return known;
    const day = this.#parse(text.trim(), where);
    if (this.#days.size >= MOST_TEXTS) this.#days.clear();
    if (!Number.isNaN(day)) this.#days.set(text, day);
    return day;
  }

  #parse(text: string, where: () => string): number {
    const [, year, , month, day] = YEAR_FIRST.exec(text) ?? [];
    if (year !== undefined) return midnightOf(Number(year), Number(month), Number(day));
    const [, compactYear, compactMonth, compactDay] = COMPACT.exec(text) ?? [];
    if (compactYear !== undefined)
      return midnightOf(Number(compactYear), Number(compactMonth), Number(compactDay));
    const [, a, separator, b, last] = YEAR_LAST.exec(text) ?? [];
    if (a !== undefined)
      return this.#numeric([Number(a), Number(b), Number(last)], { text, where, separator });
    const [, x, , y, z] = SHORT_YEAR.exec(text) ?? [];
    if (x !== undefined) return this.#short(Number(x), Number(y), Number(z));
    const [, dayFirst, monthSecond, yearLast] = DAY_OF_NAMED_MONTH.exec(text) ?? [];
    if (dayFirst !== undefined)
      return midnightOf(century(Number(yearLast)), monthOf(monthSecond), Number(dayFirst));
    const [, monthFirst, daySecond, namedYear] = NAMED_MONTH.exec(text) ?? [];
    return midnightOf(Number(namedYear), monthOf(monthFirst), Number(daySecond));
  }

  /** A date such as 03/04/2015. With dots between, every country that writes so begins with the day. */
  #numeric(
    [a, b, year]: [number, number, number],
    { text, where, separator }: { text: string; where: () => string; separator: string | undefined },
  ): number {
    const format = this.#format ?? (separator === '.' ? 'dmy' : undefined);
    if (format === 'dmy') return midnightOf(year, b, a);
    if (format === 'mdy') return midnightOf(year, a, b);
    const [asDmy, asMdy] = [midnightOf(year, b, a), midnightOf(year, a, b)];
    if (Number.isNaN(asDmy) && Number.isNaN(asMdy)) return Number.NaN;
    if (asDmy === asMdy) return asDmy;
    const shows = Number.isNaN(asMdy) ? 'dmy' : Number.isNaN(asDmy) ? 'mdy' : 'either';
    this.#evidence[shows] ??= { text, where: where() };
    return UNRESOLVED - (year * 10_000 + a * 100 + b);
  }

  /** A year of two digits fits in several places, so only an order that the user names is read. */
  #short(a: number, b: number, c: number): number {
    if (this.#format === 'dmy') return midnightOf(century(c), b, a);
    if (this.#format === 'mdy') return midnightOf(century(c), a, b);
    return this.#format === 'ymd' ? midnightOf(century(a), b, c) : Number.NaN;
  }

  /**
   * Gives a function that turns the numbers of {@link read} into midnights, once all dates have been read.
   *
   * @throws BadInputError if the order of day and month stays open, or differs between dates
   */
  resolve(): (day: number) => number {
    const { dmy, mdy, either } = this.#evidence;
    if (dmy && mdy) {
      throw new BadInputError(
        `${dmy.where}: date ${quoted(dmy.text)} has the day first, and ${quoted(mdy.text)} (${mdy.where}) the month: say which with --date-format dmy or mdy`,
      );
    }
    if (either && !dmy && !mdy) {
      throw new BadInputError(
        `${either.where}: date ${quoted(either.text)} may begin with the day or the month: say which with --date-format dmy or mdy`,
      );
    }
    return (day) => {
      if (day >= UNRESOLVED) return day;
      const packed = UNRESOLVED - day;
      const [year, a, b] = [Math.floor(packed / 10_000), Math.floor(packed / 100) % 100, packed % 100];
      return dmy ? midnight(year, b, a) : midnight(year, a, b);
    };
  }
}

function midnightOf(year: number, month: number, day: number): number {
  return year >= FIRST_YEAR ? midnight(year, month, day) : Number.NaN;
}
