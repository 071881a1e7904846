import type { Sql } from '../../functions/shared/database.ts';
import { isRecommended } from '../../functions/shared/recommended.ts';
import { EVERY_DAY, marketOf, NEW_YORK } from './exchanges.ts';
import type { Market } from './market.ts';

/** Days whose bars show whether an instrument trades at weekends. */
const DAYS_SHOWN = 30;

/** The markets whose closes decide when runs are due. */
export interface FollowedMarkets {
  markets: Market[];
  /** Symbols of unknown exchanges, which are followed as American ones are. */
  unknown: string[];
}

/** Reads the markets of the active instruments that get recommendations. Empty without any instrument. */
export async function followedMarkets(sql: Sql): Promise<FollowedMarkets> {
  const instruments = await sql<{ symbol: string; tradesEveryDay: boolean }[]>`
    SELECT i.symbol, (
      SELECT count(DISTINCT extract(isodow FROM b.ts AT TIME ZONE 'UTC')) FROM price_bars b
      WHERE b.instrument_id = i.id AND b.interval = 'daily' AND b.ts > now() - make_interval(days => ${DAYS_SHOWN})
        AND extract(isodow FROM b.ts AT TIME ZONE 'UTC') >= 6
    ) = 2 AS "tradesEveryDay" FROM instruments i
    WHERE ${isRecommended(sql)} ORDER BY i.symbol`;
  const found = instruments.map(({ symbol, tradesEveryDay }) => ({
    symbol,
    market: tradesEveryDay ? EVERY_DAY : marketOf(symbol),
  }));
  return {
    markets: [...new Set(found.map(({ market }) => market ?? NEW_YORK))],
    unknown: found.filter(({ market }) => !market).map(({ symbol }) => symbol),
  };
}
