/**
 * Holidays and early closes of exchanges, by their published rules and the exceptions since 2000. Days are
 * `YYYY-MM-DD` in the exchange's time zone.
 */

/** An exchange's holidays and early closes. */
export interface Calendar {
  /** Whether a weekday is a holiday. */
  isHoliday(day: string): boolean;
  /** The local time at which an early close ends trading. */
  earlyClose(day: string): string | undefined;
}

/** New York: NYSE and Nasdaq have the same holidays. */
export const NEW_YORK_CALENDAR = calendar(newYorkHolidays, (day, holidays) => {
  const [, month = 0, date = 0] = split(day);
  const thanksgiving = nthWeekday(yearOf(day), 11, 4, 4);
  const early =
    day === addDays(thanksgiving, 1) ||
    (month === 12 && date === 24) ||
    (month === 7 && date === 3 && weekday(day) < 5);
  return early && !holidays.has(day) ? '13:00' : undefined;
});

/** London. The last trading days before Christmas and before the New Year end at half past twelve. */
export const LONDON_CALENDAR = calendar(londonHolidays, (day) => {
  const year = yearOf(day);
  const lastBefore = (date: string) => addDays(date, -Math.max(0, ((weekday(date) + 6) % 7) - 4));
  return day === lastBefore(`${year}-12-24`) || day === lastBefore(`${year}-12-31`) ? '12:30' : undefined;
});

/** Tokyo: national holidays, and the turn of the year from 31 December to 3 January. No early closes. */
export const TOKYO_CALENDAR = calendar(tokyoHolidays, () => undefined);

/** Adds days to a day, or subtracts them if negative. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** 0 for Sunday to 6 for Saturday. */
export function weekday(day: string): number {
  return new Date(day).getUTCDay();
}

function calendar(
  holidaysOf: (year: number) => readonly string[],
  earlyClose: (day: string, holidays: ReadonlySet<string>) => string | undefined,
): Calendar {
  const years = new Map<number, ReadonlySet<string>>();
  const holidays = (year: number) => {
    const known = years.get(year) ?? new Set(holidaysOf(year));
    years.set(year, known);
    return known;
  };
  return {
    isHoliday: (day) => holidays(yearOf(day)).has(day),
    earlyClose: (day) => earlyClose(day, holidays(yearOf(day))),
  };
}

function newYorkHolidays(year: number): string[] {
  const nearest = (day: string) => addDays(day, { 6: -1, 0: 1 }[weekday(day)] ?? 0);
  const newYear = `${year}-01-01`;
  return [
    // A New Year's Day on a Saturday has no substitute: the Friday belongs to the old year's accounts.
    weekday(newYear) === 6 ? newYear : nearest(newYear),
    nthWeekday(year, 1, 1, 3),
    nthWeekday(year, 2, 1, 3),
    addDays(easter(year), -2),
    lastWeekday(year, 5, 1),
    ...(year >= 2022 ? [nearest(`${year}-06-19`)] : []),
    nearest(`${year}-07-04`),
    nthWeekday(year, 9, 1, 1),
    nthWeekday(year, 11, 4, 4),
    nearest(`${year}-12-25`),
    // Attacks, hurricanes and days of mourning.
    ...['2001-09-11', '2001-09-12', '2001-09-13', '2001-09-14', '2004-06-11', '2007-01-02', '2012-10-29'],
    ...['2012-10-30', '2018-12-05', '2025-01-09'],
  ];
}

function londonHolidays(year: number): string[] {
  const weekend = (day: string) => weekday(day) === 0 || weekday(day) === 6;
  const nextMonday = (day: string) => (weekend(day) ? addDays(day, weekday(day) === 6 ? 2 : 1) : day);
  const christmas = `${year}-12-25`;
  const boxing = `${year}-12-26`;
  const moved: Record<number, readonly string[]> = {
    2002: ['2002-06-03', '2002-06-04'],
    2012: ['2012-06-04', '2012-06-05'],
    2022: ['2022-06-02', '2022-06-03'],
  };
  return [
    nextMonday(`${year}-01-01`),
    addDays(easter(year), -2),
    addDays(easter(year), 1),
    year === 2020 ? '2020-05-08' : nthWeekday(year, 5, 1, 1),
    ...(moved[year] ?? [lastWeekday(year, 5, 1)]),
    lastWeekday(year, 8, 1),
    // Where both fall on a weekend, the following Monday and Tuesday are holidays.
    weekend(christmas) ? `${year}-12-27` : christmas,
    weekend(boxing) ? `${year}-12-28` : boxing,
    ...['2011-04-29', '2022-09-19', '2023-05-08'],
  ];
}

function tokyoHolidays(year: number): string[] {
  const leapDays = Math.floor((year - 1980) / 4);
  const equinox = (base: number) => Math.floor(base + 0.242194 * (year - 1980) - leapDays);
  const date = (month: number, day: number) => iso(year, month, day);
  const games: Record<number, readonly string[]> = {
    2020: ['2020-07-23', '2020-07-24', '2020-08-10'],
    2021: ['2021-07-22', '2021-07-23', '2021-08-08'],
  };
  const summer = [
    nthWeekday(year, 7, 1, 3),
    nthWeekday(year, 10, 1, 2),
    ...(year >= 2016 ? [date(8, 11)] : []),
  ];
  const national = new Set([
    ...[date(1, 1), nthWeekday(year, 1, 1, 2), date(2, 11), date(3, equinox(20.8431)), date(4, 29)],
    ...[date(5, 3), date(5, 4), date(5, 5), nthWeekday(year, 9, 1, 3), date(9, equinox(23.2488))],
    ...[date(11, 3), date(11, 23), ...(games[year] ?? summer)],
    ...(year >= 2020 ? [date(2, 23)] : year <= 2018 ? [date(12, 23)] : []),
    ...(year === 2019 ? ['2019-04-30', '2019-05-01', '2019-05-02', '2019-10-22'] : []),
  ]);
  const free = new Set([...national, date(1, 2), date(1, 3), date(12, 31)]);
  for (const day of national) {
    // A holiday on a Sunday moves to the next working day. A day between two holidays is a holiday.
    if (weekday(day) === 0) {
      let substitute = addDays(day, 1);
      while (national.has(substitute)) substitute = addDays(substitute, 1);
      free.add(substitute);
    }
    if (national.has(addDays(day, 2))) free.add(addDays(day, 1));
  }
  return [...free];
}

/** Easter Sunday, by the anonymous Gregorian algorithm. */
function easter(year: number): string {
  const century = Math.floor(year / 100);
  const golden = year % 19;
  const epact =
    (19 * golden + century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 15) % 30;
  const moon = epact - Math.floor((epact + 11 * golden) / 319);
  const sunday = (2 * (century % 4) + 2 * Math.floor((year % 100) / 4) - moon - (year % 4) + 32) % 7;
  const month = Math.floor((moon + sunday + 90) / 25);
  return iso(year, month, (moon + sunday + month + 19) % 32);
}

function nthWeekday(year: number, month: number, day: number, nth: number): string {
  const first = iso(year, month, 1);
  return addDays(first, ((day - weekday(first) + 7) % 7) + 7 * (nth - 1));
}

function lastWeekday(year: number, month: number, day: number): string {
  const last = addDays(iso(year, month + 1, 1), -1);
  return addDays(last, -((weekday(last) - day + 7) % 7));
}

function iso(year: number, month: number, day: number): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function split(day: string): number[] {
  return day.split('-').map(Number);
}

function yearOf(day: string): number {
  return Number(day.slice(0, 4));
}
