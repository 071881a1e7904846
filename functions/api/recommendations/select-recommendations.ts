import type { Sql, Transaction } from '../../shared/database.ts';
import type { CursorKey } from '../lists/cursor.ts';
import { afterText, instantKeyText, orderingText, rowsToReadText } from '../lists/keyset.ts';
import { oldestFresh, PUBLICATION } from './freshness.ts';
import type { RecommendationsQuery } from './list-query.ts';
import { CALL_COLUMNS, type RecommendationRow } from './recommendation.ts';
import { orderOf, type SortedRow } from './sorts.ts';

/** What decides a page of the list. */
export interface ListPage {
  query: RecommendationsQuery;
  keys?: readonly CursorKey[] | undefined;
  now: Date;
}

/** A row of the list, and the publication that it is of. */
export type ListedRow = RecommendationRow & SortedRow & { publication: string };

type Value = string | number | Date;

/** Reads a page of active recommendations. */
export function selectRecommendations(sql: Sql | Transaction, page: ListPage) {
  const { text, values } = listStatement(page);
  return sql.unsafe<ListedRow[]>(text, values, { prepare: true });
}

/**
 * The statement of a page: the founding document's first query, filtered, and from where the page before ended.
 *
 * It is put together as text, of constants and of places for values alone. Nested templates would say the same; but
 * each costs the client as much as a row does, and this is what clients ask for most. What is in a recommendation's
 * JSON is unpacked outside, for the rows of the page and not for all that were sorted.
 */
export function listStatement(page: ListPage): { text: string; values: Value[] } {
  const values: Value[] = [];
  const bind = (value: Value, type: string) => `$${values.push(value)}::${type}`;
  const { sort, limit } = page.query;
  const order = orderOf(sort);
  const text = `
    SELECT ${CALL_COLUMNS}, r.symbol, r.exchange, r.name, r.sector, r.justification,
      ${instantKeyText('r.generated_at')} AS generated_key, ${PUBLICATION} AS publication
    FROM (
      SELECT r.*, i.symbol, i.exchange, i.name, i.sector
      FROM recommendations r
      JOIN instruments i ON i.id = r.instrument_id AND i.is_active
      WHERE ${conditions(page, bind)} ${afterText(order, page.keys, bind)}
      ORDER BY ${orderingText(order)}
      LIMIT ${rowsToReadText(limit)}
    ) r
    JOIN model_versions m ON m.id = r.model_version_id
    ORDER BY ${orderingText(order, 'r')}`;
  return { text, values };
}

function conditions({ query, now }: ListPage, bind: (value: Value, type: string) => string): string {
  const { profile, label, sector, exchange, symbol, minConfidence } = query;
  const all = [
    'r.is_active',
    `r.profile = ${bind(profile, 'text')}`,
    `r.as_of >= ${bind(oldestFresh(now), 'timestamptz')}`,
  ];
  if (label !== undefined) all.push(`r.label = ${bind(label, 'text')}`);
  if (minConfidence !== undefined) all.push(`r.confidence >= ${bind(minConfidence, 'float8')}`);
  if (sector !== undefined) all.push(`i.sector = ${bind(sector, 'text')}`);
  if (exchange !== undefined) all.push(`i.exchange = ${bind(exchange, 'text')}`);
  if (symbol !== undefined) all.push(`i.symbol = ANY (string_to_array(${bind(symbol.join(), 'text')}, ','))`);
  return all.join(' AND ');
}
