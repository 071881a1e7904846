import type { Outcome } from '../../api-types.d.ts';
import { distance, percent } from '../ui/format.ts';

/** The return of a call next to that of the average stock: `-5.0%, average stock -7.2%: 2.20 points better`. */
export function compareReturn({ realisedReturnPct, marketReturnPct }: Outcome): string {
  const own = percent(realisedReturnPct);
  if (marketReturnPct === null) return own;
  const difference = realisedReturnPct - marketReturnPct;
  return `${own}, average stock ${percent(marketReturnPct)}: ${distance(difference)} points ${difference < 0 ? 'worse' : 'better'}`;
}
