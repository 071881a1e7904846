import { LABELS, type Label, PROFILES, type Profile } from '../api/profiles.ts';
import type { Query } from '../api/request.ts';
import { inWords, ofLength, oneOf, startReading } from '../ui/link-filters.ts';

export type Sort = NonNullable<Query<'GET /v1/recommendations'>['sort']>;

/** The sort orders of the list and their labels. The first one is the default. */
export const SORTS: readonly { value: Sort; label: string }[] = [
  { value: '-confidence', label: 'Highest confidence' },
  { value: 'confidence', label: 'Lowest confidence' },
  { value: '-expectedReturn', label: 'Highest estimate' },
  { value: 'expectedReturn', label: 'Lowest estimate' },
  { value: 'symbol', label: 'Symbol, A to Z' },
  { value: '-symbol', label: 'Symbol, Z to A' },
  { value: '-generatedAt', label: 'Newest first' },
  { value: 'generatedAt', label: 'Oldest first' },
];

export const PAGE_SIZES = [10, 25, 50, 100] as const;

/** The list's filters, order and page; undefined where the URL sets nothing. */
export interface Filters {
  profile: Profile | undefined;
  /** Only followed stocks. */
  following: boolean | undefined;
  label: Label | undefined;
  sector: string | undefined;
  /** From 0 to 1. */
  minConfidence: number | undefined;
  /** Part of a symbol or a name. */
  search: string | undefined;
  sort: Sort;
  limit: number;
  cursor: string | undefined;
}

/** Longest search text; the API refuses longer ones. */
export const SEARCH_LENGTH = 60;

const DEFAULT_SORT: Sort = '-confidence';
const DEFAULT_LIMIT = 25;

/**
 * Reads the filters from a URL's query. It skips invalid parameters and reports each in words, because a link may be
 * outdated or mistyped.
 *
 * @example
 * readFilters(new URLSearchParams('label=BUY&minConfidence=9')).problems
 * // ['minConfidence must be a number from 0 to 1, not “9”']
 */
export function readFilters(search: URLSearchParams): { filters: Filters; problems: string[] } {
  const { read, finish } = startReading(search);
  return finish({
    profile: read('profile', oneOf(PROFILES), inWords(PROFILES)),
    following: read('following', booleanOf, 'true or false'),
    label: read('label', oneOf(LABELS), inWords(LABELS)),
    sector: read('sector', ofLength(100), 'the name of a sector'),
    minConfidence: read('minConfidence', inRange(0, 1), 'a number from 0 to 1'),
    search: read('search', ofLength(SEARCH_LENGTH), `a text of at most ${SEARCH_LENGTH} characters`),
    sort: read('sort', oneOf(SORTS.map(({ value }) => value)), 'a sort order of the list') ?? DEFAULT_SORT,
    limit: read('limit', wholeInRange(1, 100), 'a whole number from 1 to 100') ?? DEFAULT_LIMIT,
    cursor: read('cursor', ofLength(2_000), 'a cursor from a page of this list'),
  });
}

/** Writes filters as a URL's query. It omits defaults, so that links stay short. */
export function writeFilters(filters: Filters): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value === undefined || value === '') continue;
    if (name === 'sort' && value === DEFAULT_SORT) continue;
    if (name === 'limit' && value === DEFAULT_LIMIT) continue;
    if (name === 'following' && !value) continue;
    search.set(name, String(value));
  }
  // A link that says nothing opens with the followed stocks.
  if (filters.following === false && search.size === 0) search.set('following', 'false');
  return search;
}

/** The filters after a change; the changed list starts at its first page. */
export function updateFilters(filters: Filters, change: Partial<Filters>): Filters {
  return { ...filters, cursor: undefined, ...change };
}

/** Whether any filter is set. The profile, the order and the choice of followed stocks do not count. */
export function hasFilters({ label, sector, minConfidence, search }: Filters): boolean {
  return [label, sector, minConfidence, search].some((value) => value !== undefined);
}

/** The same list without filters. */
export function withoutFilters(filters: Filters): Filters {
  return updateFilters(filters, {
    label: undefined,
    sector: undefined,
    minConfidence: undefined,
    search: undefined,
  });
}

function booleanOf(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
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
