import type { SortOrder } from '../lists/keyset.ts';

const id = { column: 'r.id', kind: 'uuid' } as const;
const generatedAt = { column: 'r.generated_at', kind: 'instant' } as const;

/**
 * The sort keys of the list, each with the columns of a unique order. Each order matches an index, read forward or
 * backward:
 *
 * - confidence: `recommendations_list`, or `recommendations_list_all` without a label. As in the founding document's
 *   first query, the newer of two equal rows comes first
 * - expectedReturn: `recommendations_list_return`
 * - generatedAt: `recommendations_list_generated`
 * - symbol: `instruments_one_active_per_symbol`, and for each instrument `recommendations_one_active`. Active symbols are
 *   unique, so the order needs no id
 */
const COLUMNS = {
  confidence: [{ column: 'r.confidence', kind: 'number' }, generatedAt, id],
  expectedReturn: [{ column: 'r.expected_return_pct', kind: 'number' }, id],
  generatedAt: [generatedAt, id],
  symbol: [{ column: 'i.symbol', kind: 'symbol' }],
} as const satisfies Record<string, SortOrder['columns']>;

type SortKey = keyof typeof COLUMNS;

/** The values of the parameter `sort`. A minus sorts in descending order. */
export const SORTS = [
  '-confidence',
  'confidence',
  '-expectedReturn',
  'expectedReturn',
  '-generatedAt',
  'generatedAt',
  '-symbol',
  'symbol',
] as const satisfies readonly (SortKey | `-${SortKey}`)[];
export type Sort = (typeof SORTS)[number];

/** The columns that the orders use. */
export interface SortedRow {
  id: string;
  confidence: number;
  expected_return_pct: number;
  /** `generated_at` to the microsecond. */
  generated_key: string;
  symbol: string;
}

/** The order for a value of `sort`. */
export function orderOf(sort: Sort): SortOrder {
  return { columns: COLUMNS[nameOf(sort)], descending: sort.startsWith('-') };
}

/** The sort keys of a row. */
export function keysOf(sort: Sort, row: SortedRow): (string | number)[] {
  const keys = {
    confidence: [row.confidence, row.generated_key, row.id],
    expectedReturn: [row.expected_return_pct, row.id],
    generatedAt: [row.generated_key, row.id],
    symbol: [row.symbol],
  };
  return keys[nameOf(sort)];
}

function nameOf(sort: Sort): SortKey {
  return sort.replace('-', '') as SortKey;
}
