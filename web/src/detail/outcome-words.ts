import type { Outcome } from '../../api-types.d.ts';
import { count, distance, percent } from '../ui/format.ts';

const HIT_WORDS = { stop: 'Stop', target: 'Target' };

/** The return of a call next to that of the average stock: `-5.0%, average stock -7.2%: 2.20 points better`. */
export function compareReturn({ realisedReturnPct, marketReturnPct }: Outcome): string {
  const own = percent(realisedReturnPct);
  if (marketReturnPct === null) return own;
  const difference = realisedReturnPct - marketReturnPct;
  return `${own}, average stock ${percent(marketReturnPct)}: ${distance(difference)} points ${difference < 0 ? 'worse' : 'better'}`;
}

/** How a trade on a call went, in up to two sentences; empty for outcomes from before this was stored. */
export function describeTrade({ firstHit, entryOpen, openReturnAfterCostsPct }: Outcome): string {
  const hit = firstHit
    ? `${HIT_WORDS[firstHit.which]} reached after ${count(firstHit.sessions, 'trading day')}.`
    : entryOpen !== null && 'Neither stop nor target reached.';
  const open =
    openReturnAfterCostsPct !== null &&
    `From the next open, after costs: ${percent(openReturnAfterCostsPct)}.`;
  return [hit, open].filter((sentence) => sentence !== false).join(' ');
}
