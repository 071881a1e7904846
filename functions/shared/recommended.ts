import type { Sql, Transaction } from './database.ts';

/** The condition, in SQL, that an instrument `i` gets recommendations: it is active, and not only compared with others. */
export function isRecommended(sql: Sql | Transaction) {
  return sql`(i.is_active AND i.purpose IN ('recommended', 'both'))`;
}

/**
 * The condition, in SQL, that a failure `f` of a run counts. One of an instrument that is only the benchmark does not:
 * the calls of a run do not depend on it.
 */
export function isCounted(sql: Sql | Transaction) {
  return sql`NOT EXISTS (SELECT FROM instruments b WHERE b.id = f.instrument_id AND b.purpose = 'benchmark')`;
}
