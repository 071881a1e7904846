import { toDay } from '../../shared/days.ts';
import { adjust } from './adjust.ts';
import type { Bar } from './provider.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const MEASURES = ['open', 'high', 'low', 'close', 'volume', 'adjusted close'] as const;

/** The numbers of a row whose fields have been counted. */
type Measures = [o: number, h: number, l: number, c: number, v: number, adjClose?: number];

/** Days by their text. A file repeats the same few thousand days for each symbol, so each is parsed once. */
export type Days = Map<string, number>;

/**
 * Reads a row: symbol, date, open, high, low, close, volume and, where prices are unadjusted, the adjusted close.
 *
 * @param fields - all of them, the symbol first
 * @param lastTs - the ts of the symbol's previous bar; -Infinity for its first
 * @returns the adjusted bar, or the fault of the row
 */
export function readRow(fields: readonly string[], lastTs: number, days: Days): Bar | string {
  const [, date = '', ...measures] = fields;
  const ts = dayStart(date, days);
  if (Number.isNaN(ts)) return `date ${quoted(date)} is not a day such as 2013-01-02`;
  if (ts === lastTs) return 'a second bar of this day';
  if (ts < lastTs) return `comes after ${toDay(lastTs)}`;

  const numbers: number[] = [];
  for (const [i, text] of measures.entries()) {
    const number = readNumber(text);
    const measure = MEASURES[i];
    if (!Number.isFinite(number)) return `${measure} ${quoted(text)} is not a number`;
    if (number <= 0 && measure !== 'volume') return `${measure} ${number} is not positive`;
    numbers.push(number);
  }
  const [o, h, l, c, v, adjClose] = numbers as Measures;
  if (h < l) return `high ${h} below low ${l}`;
  if (o < l || o > h) return `open ${o} outside low ${l} to high ${h}`;
  if (c < l || c > h) return `close ${c} outside low ${l} to high ${h}`;
  if (v < 0) return `volume ${v} is negative`;
  const bar = { ts, o, h, l, c, v };
  return adjClose === undefined ? bar : adjust(bar, adjClose);
}

/** Reads a decimal number. Gives NaN for an empty text and for JavaScript's other forms, such as 0x10. */
export function readNumber(text: string): number {
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

/** Midnight UTC of a day; NaN if the calendar does not have it. */
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

/** Makes text from a file safe to print in a message: short, printable ASCII, on one line. */
export function quoted(text: string): string {
  const printable = text.slice(0, 100).replace(/[^ -~]/g, '?');
  return `"${printable}${text.length > 100 ? '...' : ''}"`;
}
