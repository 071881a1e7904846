import { toDay } from '../../shared/days.ts';
import { DELIMITER_NAMES } from './fields.ts';
import type { BarsFile, UnreadableRows } from './read-bars-file.ts';

/** Symbols and files that the report names; it counts the others. */
const MOST_NAMED = 5;

/**
 * Describes what was understood of a bars file and what was left out, as lines for a person.
 *
 * @param currency - of the symbols for which the file names none; undefined if unknown
 */
export function reportBarsFile(file: BarsFile, currency?: string): string[] {
  const { path, series, faults, findings } = file;
  const { rows, files, repeated, withoutPrices, refusedFiles, ignoredFiles, withoutSymbol } = findings;
  const where = files === 1 ? path : `${counted(files, 'file')} of ${path}`;
  const [first, last] = spanOf({ series, faults });
  const days = Number.isFinite(first) ? `, ${toDay(first)} to ${toDay(last)}` : '';
  return [
    `Read ${counted(rows, 'row')} of ${counted(series.size, 'symbol')}${days}, from ${where}.`,
    `${written(findings.dialects)}.`,
    ...currencyLine(file, currency),
    ...(repeated > 0 ? [`Dropped ${counted(repeated, 'row')} that repeated another exactly.`] : []),
    ...(withoutPrices > 0 ? [`Left out ${counted(withoutPrices, 'row')} without a price.`] : []),
    ...(ignoredFiles > 0 ? [`Ignored ${counted(ignoredFiles, 'file')} of another kind.`] : []),
    ...(withoutSymbol ? [withoutSymbolLine(withoutSymbol)] : []),
    ...firstOf(
      [...findings.unreadable].filter(([symbol]) => !faults.has(symbol)),
      'symbol',
      ([symbol, found]) => unreadableLine(symbol, found, series.get(symbol)?.size ?? 0),
    ),
    ...firstOf([...faults.values()], 'symbol', (fault) => `Refused ${fault}`),
    ...firstOf(refusedFiles, 'file', (fault) => `Refused ${fault}`),
  ];
}

/** The first and the last day of the sound symbols: a faulty date must not become a run's as-of. */
export function spanOf({ series, faults }: Pick<BarsFile, 'series' | 'faults'>): [number, number] {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [symbol, { span, size }] of series) {
    if (size === 0 || faults.has(symbol)) continue;
    first = Math.min(first, span[0]);
    last = Math.max(last, span[1]);
  }
  return [first, last];
}

function written(dialects: BarsFile['findings']['dialects']): string {
  const unique = (values: (string | undefined)[]) => [
    ...new Set(values.filter((value) => value !== undefined)),
  ];
  const delimiters = unique(
    dialects.map(({ delimiter }) => delimiter && (DELIMITER_NAMES[delimiter] ?? delimiter)),
  );
  const adjusted = unique(dialects.map(({ adjustedBy }) => adjustedBy));
  const isPartly = dialects.some(({ adjustedBy }) => adjustedBy === undefined);
  return [
    delimiters.length > 0 ? `Delimiter: ${delimiters.join(' or ')}` : 'Format: Parquet',
    ...(dialects.some(({ decimal }) => decimal === 'comma') ? ['decimal comma'] : []),
    adjusted.length > 0
      ? `prices adjusted by "${adjusted.join('" or "')}"${isPartly ? ' where there is one' : ''}`
      : 'prices taken as adjusted, because there is no adjusted close',
  ].join('; ');
}

/** The currencies of the symbols; if some are unknown, how to name them. */
function currencyLine({ series, currencies }: BarsFile, currency: string | undefined): string[] {
  const all = [...series.keys()].map((symbol) => currencies.get(symbol) ?? currency);
  const unknown = all.filter((code) => code === undefined).length;
  const named = [...new Set(all)].filter((code) => code !== undefined).sort();
  if (unknown === 0) return [`Currency: ${named.join(', ')}.`];
  return [
    `Currency: unknown for ${counted(unknown, 'symbol')}. If these prices are in US dollars, pass --currency USD.`,
  ];
}

function unreadableLine(symbol: string, { count, where, first }: UnreadableRows, read: number): string {
  return `${symbol}: ${number(count)} of ${counted(count + read, 'row')} unreadable, first at ${where}: ${first}.`;
}

function withoutSymbolLine({ count, where, first }: UnreadableRows): string {
  return `Left out ${counted(count, 'row')}, first at ${where}: ${first}.`;
}

function firstOf<T>(items: readonly T[], what: string, line: (item: T) => string): string[] {
  const more = items.length - MOST_NAMED;
  return [
    ...items.slice(0, MOST_NAMED).map(line),
    ...(more > 0 ? [`And ${counted(more, `more ${what}`)}.`] : []),
  ];
}

const number = (count: number) => count.toLocaleString('en');
const counted = (count: number, what: string) => `${number(count)} ${what}${count === 1 ? '' : 's'}`;
