import type { Sql, Transaction } from '../../shared/database.ts';
import { oldestFresh } from '../lists/age.ts';
import { instantKey, ordering, type PageRequest, pageText } from '../lists/keyset.ts';
import { PUBLICATION } from './freshness.ts';
import type { RecommendationsQuery } from './list-query.ts';
import { CALL_COLUMNS, type RecommendationRow } from './recommendation.ts';
import { orderOf, type SortedRow } from './sorts.ts';

/** The inputs of a page of the list. */
export interface ListPage {
  query: RecommendationsQuery;
  keys?: PageRequest['keys'];
  now: Date;
}

/** A row of the list, and the publication that it belongs to. */
export type ListedRow = RecommendationRow & SortedRow & { publication: string };

type Value = string | number | Date;

/** Reads a page of active recommendations. */
export function selectRecommendations(sql: Sql | Transaction, page: ListPage) {
  const { text, values } = listStatement(page);
  return sql.unsafe<ListedRow[]>(text, values, { prepare: true });
}

/**
 * The statement of a page: the founding document's first query with filters and a keyset cursor.
 *
 * It is built as text from constants and placeholders, unlike other statements. Each nested template costs the client
 * as much time as a row, and this is the most frequent request. The outer query extracts values from the
 * recommendation's JSON, so that only the page's rows pay for it and not every sorted row.
 */
export function listStatement(page: ListPage): { text: string; values: Value[] } {
  const values: Value[] = [];
  const bind = (value: Value, type: string) => `$${values.push(value)}::${type}`;
  const { sort, limit } = page.query;
  const order = orderOf(sort);
  const text = `
    SELECT ${CALL_COLUMNS}, r.symbol, r.exchange, r.name, r.sector, r.instrument_currency, r.justification,
      r.is_carried_over AS carried_over, r.expected_return_pct,
      ${instantKey('r.generated_at')} AS generated_key, ${PUBLICATION} AS publication
    FROM (
      SELECT r.*, i.symbol, i.exchange, i.name, i.sector, i.currency AS instrument_currency
      FROM recommendations r
      JOIN instruments i ON i.id = r.instrument_id AND i.is_active
      WHERE ${filters(page, bind)} ${pageText(order, { keys: page.keys, limit }, bind)}
    ) r
    JOIN model_versions m ON m.id = r.model_version_id
    ORDER BY ${ordering(order, 'r')}`;
  return { text, values };
}

function filters({ query, now }: ListPage, bind: (value: Value, type: string) => string): string {
  const { profile, label, sector, exchange, symbol, minConfidence, followedBy } = query;
  const conditions = [
    'r.is_active',
    `r.profile = ${bind(profile, 'text')}`,
    `r.as_of >= ${bind(oldestFresh(now), 'timestamptz')}`,
  ];
  if (label !== undefined) conditions.push(`r.label = ${bind(label, 'text')}`);
  if (minConfidence !== undefined) conditions.push(`r.confidence >= ${bind(minConfidence, 'float8')}`);
  if (sector !== undefined) conditions.push(`i.sector = ${bind(sector, 'text')}`);
  if (exchange !== undefined) conditions.push(`i.exchange = ${bind(exchange, 'text')}`);
  if (symbol !== undefined)
    conditions.push(`i.symbol = ANY (string_to_array(${bind(symbol.join(), 'text')}, ','))`);
  if (followedBy !== undefined)
    conditions.push(
      `r.instrument_id IN (SELECT instrument_id FROM watchlist_entries WHERE user_id = ${bind(followedBy, 'uuid')})`,
    );
  return conditions.join(' AND ');
}
