import {
  addDays,
  type Calendar,
  LONDON_CALENDAR,
  NEW_YORK_CALENDAR,
  TOKYO_CALENDAR,
  weekday,
} from './calendar.ts';
import { localTime, offsetMinutes, standardOffset, zonedInstant } from './zone.ts';

/** An exchange in Yahoo's form, with its trading hours. Times of day are local, `HH:MM`. */
export interface Exchange {
  /** Yahoo's short and long names. */
  readonly code: string;
  readonly name: string;
  readonly timeZone: string;
  /** The time zone's abbreviations in winter and in summer. */
  readonly zoneNames: readonly [standard: string, daylight: string];
  readonly currency: string;
  /** The smallest price step, in that currency. */
  readonly tick: number;
  /** Stooq's suffix of its symbols. */
  readonly stooqSuffix: string;
  readonly open: string;
  /** The regular closes, each with its first day. */
  readonly closes: readonly (readonly [from: string, close: string])[];
  readonly lunch?: readonly [start: string, end: string];
  /** The start of pre-market trading and the end of post-market trading. */
  readonly extended: readonly [pre: string, post: string];
  /** Seconds from the close to the last print: a closing auction takes minutes. */
  readonly lastPrintSeconds: number;
  readonly calendar: Calendar;
  /** Whether it trades on Saturdays, Sundays and holidays, too. */
  readonly everyDay?: boolean;
}

/** Instants are in milliseconds since the epoch. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The session of an exchange on a day. */
export interface Session extends Span {
  readonly day: string;
  readonly lunch: Span | undefined;
  readonly pre: Span;
  readonly post: Span;
  /** Seconds east of UTC, and the time zone's name on that day. */
  readonly gmtoffset: number;
  readonly timezone: string;
}

const NO_HOLIDAYS: Calendar = { isHoliday: () => false, earlyClose: () => undefined };

const NEW_YORK = {
  timeZone: 'America/New_York',
  zoneNames: ['EST', 'EDT'],
  currency: 'USD',
  tick: 0.01,
  stooqSuffix: '.us',
  open: '09:30',
  closes: [['0000', '16:00']],
  extended: ['04:00', '20:00'],
  lastPrintSeconds: 1,
  calendar: NEW_YORK_CALENDAR,
} as const;

/** Nasdaq's Global Select market. */
export const NASDAQ: Exchange = { ...NEW_YORK, code: 'NMS', name: 'NasdaqGS' };

/** The New York Stock Exchange. */
export const NYSE: Exchange = { ...NEW_YORK, code: 'NYQ', name: 'NYSE' };

/** The London Stock Exchange, which quotes in pence. */
export const LONDON: Exchange = {
  code: 'LSE',
  name: 'LSE',
  timeZone: 'Europe/London',
  zoneNames: ['GMT', 'BST'],
  currency: 'GBp',
  tick: 0.1,
  stooqSuffix: '.uk',
  open: '08:00',
  closes: [['0000', '16:30']],
  extended: ['07:15', '17:15'],
  lastPrintSeconds: 319,
  calendar: LONDON_CALENDAR,
};

/** The Tokyo Stock Exchange, with a lunch break, and half an hour longer since November 2024. */
export const TOKYO: Exchange = {
  code: 'JPX',
  name: 'Tokyo',
  timeZone: 'Asia/Tokyo',
  zoneNames: ['JST', 'JST'],
  currency: 'JPY',
  tick: 1,
  stooqSuffix: '.jp',
  open: '09:00',
  closes: [
    ['0000', '15:00'],
    ['2024-11-05', '15:30'],
  ],
  lunch: ['11:30', '12:30'],
  extended: ['09:00', '15:30'],
  lastPrintSeconds: 0,
  calendar: TOKYO_CALENDAR,
};

/** Yahoo's market of cryptocurrencies: its days are whole days in UTC, and it never closes. */
export const CRYPTO: Exchange = {
  code: 'CCC',
  name: 'CCC',
  timeZone: 'UTC',
  zoneNames: ['UTC', 'UTC'],
  currency: 'USD',
  tick: 0.01,
  stooqSuffix: '.v',
  open: '00:00',
  closes: [['0000', '24:00']],
  extended: ['00:00', '24:00'],
  lastPrintSeconds: 0,
  calendar: NO_HOLIDAYS,
  everyDay: true,
};

/** The Johannesburg Stock Exchange, which quotes in cents. Its own holidays are left out. */
export const JOHANNESBURG: Exchange = {
  code: 'JNB',
  name: 'Johannesburg',
  timeZone: 'Africa/Johannesburg',
  zoneNames: ['SAST', 'SAST'],
  currency: 'ZAc',
  tick: 1,
  stooqSuffix: '.za',
  open: '09:00',
  closes: [['0000', '17:00']],
  extended: ['08:30', '17:15'],
  lastPrintSeconds: 420,
  calendar: NO_HOLIDAYS,
};

/** The Tel Aviv Stock Exchange with its week since January 2026, which quotes in agorot. Its own holidays are left out. */
export const TEL_AVIV: Exchange = {
  code: 'TLV',
  name: 'Tel Aviv',
  timeZone: 'Asia/Jerusalem',
  zoneNames: ['IST', 'IDT'],
  currency: 'ILA',
  tick: 1,
  stooqSuffix: '.il',
  open: '09:59',
  closes: [['0000', '17:15']],
  extended: ['09:30', '17:25'],
  lastPrintSeconds: 600,
  calendar: NO_HOLIDAYS,
};

/** Yahoo's market of currencies, whose days are those of London. */
export const FOREX: Exchange = {
  code: 'CCY',
  name: 'CCY',
  timeZone: 'Europe/London',
  zoneNames: ['GMT', 'BST'],
  currency: 'USD',
  tick: 0.0001,
  stooqSuffix: '.fx',
  open: '00:00',
  closes: [['0000', '23:59']],
  extended: ['00:00', '23:59'],
  lastPrintSeconds: 0,
  calendar: NO_HOLIDAYS,
};

/** Whether an exchange trades on a day. */
export function isTradingDay({ calendar, everyDay }: Exchange, day: string): boolean {
  if (everyDay) return true;
  return weekday(day) % 6 !== 0 && !calendar.isHoliday(day);
}

/** The last trading day up to and including a day. */
export function tradingDayUpTo(exchange: Exchange, day: string): string {
  let candidate = day;
  while (!isTradingDay(exchange, candidate)) candidate = addDays(candidate, -1);
  return candidate;
}

/** The last trading days up to a day, ascending. */
export function lastTradingDays(exchange: Exchange, day: string, count: number): string[] {
  const days: string[] = [];
  for (let last = day; days.length < count; last = addDays(last, -1)) {
    last = tradingDayUpTo(exchange, last);
    days.push(last);
  }
  return days.reverse();
}

const sessions = new WeakMap<Exchange, Map<string, Session>>();

/**
 * The session of a day. A holiday gets a regular day's session: bars prove trading, even if the calendar has a holiday.
 */
export function sessionOf(exchange: Exchange, day: string): Session {
  const known = sessions.get(exchange) ?? new Map<string, Session>();
  sessions.set(exchange, known);
  const session = known.get(day) ?? buildSession(exchange, day);
  known.set(day, session);
  return session;
}

function buildSession(exchange: Exchange, day: string): Session {
  const start = zonedInstant(day, exchange.open, exchange.timeZone);
  const offset = offsetMinutes(start, exchange.timeZone);
  // Clocks change at night, so the offset at the open holds for the whole day.
  const at = (time: string) => Date.parse(`${day}T${time}:00Z`) - offset * 60_000;
  const usual = exchange.closes.findLast(([from]) => from <= day)?.[1] ?? exchange.open;
  const end = at(exchange.calendar.earlyClose(day) ?? usual);
  const [pre, post] = exchange.extended;
  return {
    day,
    start,
    end,
    lunch: exchange.lunch && { start: at(exchange.lunch[0]), end: at(exchange.lunch[1]) },
    pre: { start: at(pre), end: start },
    post: { start: end, end: Math.max(end, at(post)) },
    gmtoffset: offset * 60,
    timezone: exchange.zoneNames[offset > standardOffset(day, exchange.timeZone) ? 1 : 0],
  };
}

/** The exchange's local day of an instant, `YYYY-MM-DD`. */
export function dayAt({ timeZone }: Exchange, instant: number): string {
  return localTime(instant, timeZone).slice(0, 10);
}
