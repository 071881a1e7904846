import { toDay } from '../../shared/days.ts';
import { adjust } from './adjust.ts';
import type { Bar } from './provider.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const MEASURES = ['open', 'high', 'low', 'close', 'volume', 'adjusted close'] as const;

/** Days by their text: a file repeats the same few thousand for each symbol, so each is parsed once. */
export type Days = Map<string, number>;

/**
 * Reads the fields of a row after its symbol: date, open, high, low, close, volume and, where prices are as
 * traded, the adjusted close.
 *
 * @param fields - the whole row, its symbol first
 * @param lastTs - the ts of the symbol's bar before, -Infinity for its first
 * @returns the adjusted bar, or a sentence saying what is wrong with the row
 */
export function readRow(fields: readonly string[], lastTs: number, days: Days): Bar | string {
  const date = fields[1] ?? '';
  const ts = dayStart(date, days);
  if (Number.isNaN(ts)) return `date ${quoted(date)} is not a day such as 2013-01-02`;
  if (ts === lastTs) return 'a second bar of this day';
  if (ts < lastTs) return `comes after ${toDay(lastTs)}`;

  const numbers: number[] = [];
  for (let i = 2; i < fields.length; i++) {
    const text = fields[i] ?? '';
    const number = readNumber(text);
    if (!Number.isFinite(number)) return `${MEASURES[i - 2]} ${quoted(text)} is not a number`;
    if (number <= 0 && i !== 6) return `${MEASURES[i - 2]} ${number} is not positive`;
    numbers.push(number);
  }
  const [o = 0, h = 0, l = 0, c = 0, v = 0, adjClose] = numbers;
  if (h < l) return `high ${h} below low ${l}`;
  if (o < l || o > h) return `open ${o} outside low ${l} to high ${h}`;
  if (c < l || c > h) return `close ${c} outside low ${l} to high ${h}`;
  if (v < 0) return `volume ${v} is negative`;
  const bar = { ts, o, h, l, c, v };
  return adjClose === undefined ? bar : adjust(bar, adjClose);
}

/** A decimal number, else NaN: neither an empty text is one, nor what JavaScript alone takes for one. */
export function readNumber(text: string): number {
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

/** Midnight UTC of a day that the calendar has, else NaN. */
export function dayStart(text: string, days: Days): number {
  const known = days.get(text);
  if (known !== undefined) return known;
  if (!DAY.test(text)) return Number.NaN;
  const ts = Date.parse(`${text}T00:00:00Z`);
  // Date.parse rolls 30 February over into March.
  if (Number.isNaN(ts) || !new Date(ts).toISOString().startsWith(text)) return Number.NaN;
  days.set(text, ts);
  return ts;
}

/** Text from a file as it may stand in a message: short, and of printable ASCII on one line. */
export function quoted(text: string): string {
  const printable = text.slice(0, 100).replace(/[^ -~]/g, '?');
  return `"${printable}${text.length > 100 ? '...' : ''}"`;
}
