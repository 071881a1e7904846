import { PRICE_NOISE } from '../shared/constants.ts';
import type { Sql, Transaction } from '../shared/database.ts';

/**
 * The condition, in SQL, that the range of a bar `s` reached a level of a call `r`. A SELL has its stop above the close
 * and its target below it. `p.factor` converts the prices of the call to the units of the bar (docs/adr/0047).
 */
export function reaches(sql: Sql | Transaction, level: 'stop' | 'target') {
  const price = sql.unsafe(`p.factor * r.${level === 'stop' ? 'stop_loss' : 'take_profit'}`);
  const above = sql`s.h >= ${price} * ${1 - PRICE_NOISE}`;
  const below = sql`s.l <= ${price} * ${1 + PRICE_NOISE}`;
  const [ofSell, ofOthers] = level === 'stop' ? [above, below] : [below, above];
  return sql`CASE WHEN r.label = 'SELL' THEN ${ofSell} ELSE ${ofOthers} END`;
}
