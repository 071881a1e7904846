import { LABELS, type Label, PROFILES, type Profile } from '../api/profiles.ts';
import type { Query } from '../api/request.ts';

export type Sort = NonNullable<Query<'GET /v1/recommendations'>['sort']>;

/** Every order of the list, and what a person calls it. The first is the usual one. */
export const SORTS: readonly { value: Sort; label: string }[] = [
  { value: '-confidence', label: 'Surest first' },
  { value: 'confidence', label: 'Least sure first' },
  { value: '-expectedReturn', label: 'Highest expected return' },
  { value: 'expectedReturn', label: 'Lowest expected return' },
  { value: 'symbol', label: 'Symbol, A to Z' },
  { value: '-symbol', label: 'Symbol, Z to A' },
  { value: '-generatedAt', label: 'Newest first' },
  { value: 'generatedAt', label: 'Oldest first' },
];

export const PAGE_SIZES = [10, 25, 50, 100] as const;

/** What the list is narrowed to; undefined for what the address does not say. */
export interface Filters {
  profile: Profile | undefined;
  label: Label | undefined;
  sector: string | undefined;
  /** From 0 to 1. */
  minConfidence: number | undefined;
  /** A part of a symbol or a name. */
  search: string | undefined;
  sort: Sort;
  limit: number;
  cursor: string | undefined;
}

/** Longest text that is searched for; the API takes no longer one. */
export const SEARCH_LENGTH = 60;

const DEFAULT_SORT: Sort = '-confidence';
const DEFAULT_LIMIT = 25;

/**
 * Reads the filters of an address. What makes no sense is left out, and said in words: a link may be old, mistyped or
 * made up.
 *
 * @example
 * readFilters(new URLSearchParams('label=BUY&minConfidence=9')).complaints
 * // ['minConfidence is "9", and must be a number from 0 to 1']
 */
export function readFilters(search: URLSearchParams): { filters: Filters; complaints: string[] } {
  const complaints: string[] = [];
  const read = <T>(name: string, parse: (text: string) => T | undefined, rule: string): T | undefined => {
    const given = search.getAll(name);
    const [text = ''] = given;
    if (text === '') return undefined;
    const value = given.length === 1 ? parse(text) : undefined;
    if (value === undefined) {
      complaints.push(
        given.length > 1
          ? `${name} is there ${given.length} times, and must be once`
          : `${name} is “${shortened(text)}”, and must be ${rule}`,
      );
    }
    return value;
  };
  const filters: Filters = {
    profile: read('profile', oneOf(PROFILES), PROFILES.join(', ').replace(/, (\w+)$/, ' or $1')),
    label: read('label', oneOf(LABELS), 'BUY, HOLD or SELL'),
    sector: read('sector', upTo(100), 'the name of a sector'),
    minConfidence: read('minConfidence', inRange(0, 1), 'a number from 0 to 1'),
    search: read('search', upTo(SEARCH_LENGTH), `at most ${SEARCH_LENGTH} characters`),
    sort: read('sort', oneOf(SORTS.map(({ value }) => value)), 'an order of the list') ?? DEFAULT_SORT,
    limit: read('limit', wholeInRange(1, 100), 'a whole number from 1 to 100') ?? DEFAULT_LIMIT,
    cursor: read('cursor', upTo(2_000), 'what a page of the list gave'),
  };
  for (const name of new Set(search.keys())) {
    if (!Object.hasOwn(filters, name))
      complaints.push(`“${shortened(name)}” is nothing that the list can be narrowed by`);
  }
  return { filters, complaints };
}

/** Writes filters into an address. What is as usual is left out, so that links stay short. */
export function writeFilters(filters: Filters): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value === undefined || value === '') continue;
    if (name === 'sort' && value === DEFAULT_SORT) continue;
    if (name === 'limit' && value === DEFAULT_LIMIT) continue;
    search.set(name, String(value));
  }
  return search;
}

/** The filters after a change. Another list begins at its first page. */
export function changed(filters: Filters, change: Partial<Filters>): Filters {
  return { ...filters, cursor: undefined, ...change };
}

/** Whether anything is narrowed; the profile chooses another list, and the order narrows nothing. */
export function isNarrowed({ label, sector, minConfidence, search }: Filters): boolean {
  return [label, sector, minConfidence, search].some((value) => value !== undefined);
}

/** The list without anything narrowed. */
export function widened(filters: Filters): Filters {
  return changed(filters, {
    label: undefined,
    sector: undefined,
    minConfidence: undefined,
    search: undefined,
  });
}

function oneOf<T extends string>(values: readonly T[]) {
  return (text: string): T | undefined => values.find((value) => value === text);
}

function upTo(length: number) {
  return (text: string): string | undefined => (text.length <= length ? text : undefined);
}

function inRange(low: number, high: number) {
  return (text: string): number | undefined => {
    const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high ? value : undefined;
  };
}

function wholeInRange(low: number, high: number) {
  return (text: string): number | undefined => {
    const value = inRange(low, high)(text);
    return Number.isInteger(value) ? value : undefined;
  };
}

function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
