import type { Sql, Transaction } from './database.ts';

/** The condition, in SQL, that an instrument `i` gets recommendations: it is active, and not for reference only. */
export function isRecommended(sql: Sql | Transaction) {
  return sql`(i.is_active AND i.purpose <> 'reference')`;
}
