import type { Label } from './constants.ts';

/** Cost of one trade as a share of its price: 10 basis points a side, for the spread, commission and market impact. */
export const COST_PER_SIDE = 0.001;

/**
 * The return of a stock as someone who follows the call receives it, after {@link COST_PER_SIDE} for each of two trades.
 *
 * - BUY: the return of buying and selling the stock.
 * - SELL: the return that the holder avoids by selling and buying back. The costs raise it, so it falls short of the
 *   average less easily.
 * - HOLD: the return itself, because nobody trades.
 *
 * @param returnPct - the return before costs in percent
 * @returns percent
 *
 * @example
 * afterCosts('BUY', 2); // 1.7962…
 * afterCosts('SELL', -5); // -4.8098…
 */
export function afterCosts(label: Label, returnPct: number): number {
  if (label === 'HOLD') return returnPct;
  const kept = (1 - COST_PER_SIDE) / (1 + COST_PER_SIDE);
  const growth = 1 + returnPct / 100;
  return ((label === 'BUY' ? growth * kept : growth / kept) - 1) * 100;
}
