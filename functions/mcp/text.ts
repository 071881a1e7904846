import { type CallKind, KIND_WORDS } from '../shared/call-kinds.ts';

/** The end of every text about calls. */
export const NOT_ADVICE = 'This is information, not advice.';

const LONGEST = 120;

/**
 * Cleans a text that a vendor or a user wrote: one line without control, format and invisible characters, and not long.
 * Such characters could hide an instruction from the person who reads the same text.
 */
export function clean(text: string): string;
export function clean(text: string | null): string | null;
export function clean(text: string | null): string | null {
  if (text === null) return null;
  const line = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const characters = [...line];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : line;
}

/** Marks a cleaned text as a quotation; empty without one. */
export function quoted(text: string | null): string {
  return text === null ? '' : JSON.stringify(text);
}

/** @example inHundred(0.384); // '38 in 100' */
export function inHundred(share: number): string {
  return `${(share * 100).toFixed(0)} in 100`;
}

/** @example signed(-0.14); // '-0.14' */
export function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(2)}`;
}

/** @example price(190.1, 'USD'); // '190.10 USD' */
export function price(value: number | null, currency: string | null): string {
  if (value === null) return 'unknown';
  return `${value.toFixed(Math.abs(value) < 1 ? 4 : 2)}${currency === null ? '' : ` ${currency}`}`;
}

/** @example daysOld(1); // '1 day old' */
export function daysOld(days: number): string {
  return `${days} ${days === 1 ? 'day' : 'days'} old`;
}

/** Says of some calls which of them are not live, and why that matters. */
export function kindNotes(calls: readonly { kind: CallKind }[]): string[] {
  return [...new Set(calls.map(({ kind }) => kind))].flatMap((kind) =>
    kind === 'live' ? [] : [KIND_WORDS[kind]],
  );
}

/** How to get the next page of a list; empty at its end. */
export function nextPage(cursor: string | null): string[] {
  return cursor === null
    ? []
    : [`There are more. Repeat the call with the same arguments and cursor ${quoted(cursor)}.`];
}

/** Joins the lines that are there. */
export function lines(...parts: readonly (string | readonly string[] | null | undefined)[]): string {
  return parts
    .flat()
    .filter((part) => part !== null && part !== undefined && part !== '')
    .join('\n');
}
