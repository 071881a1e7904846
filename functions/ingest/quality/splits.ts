import { toDay } from '../../shared/days.ts';
import type { CorporateAction } from '../providers/provider.ts';
import type { RawBar } from '../raw.ts';
import type { Fault } from './findings.ts';

/** Ratios nearer to one cannot be told from a day's move, and a stock dividend of a few percent is one. */
const LEAST_RATIO = Math.log(1.25);

/** How near a step must be to the ratio, as a share of it: the day's own move is in it too. */
const NEAR = 1 / 4;

/**
 * Compares the splits that a source tells of with its prices: adjusted for a split, they go on across its ex day as
 * on any other. A step by about the ratio, down or up, says that the source has the one and not yet the other, or
 * has adjusted twice.
 *
 * @param bars - without faults
 */
export function findUnappliedSplit(
  bars: readonly RawBar[],
  actions: readonly CorporateAction[],
): Fault | undefined {
  for (const { kind, exDay, value } of actions) {
    const ratio = Math.log(value);
    if (kind !== 'split' || !Number.isFinite(ratio) || Math.abs(ratio) < LEAST_RATIO) continue;
    const ex = Date.parse(exDay);
    const at = bars.findIndex(([ts]) => ts >= ex);
    const [before, after] = [bars[at - 1], bars[at]];
    if (!before || !after) continue;
    const step = Math.log(before[4] / after[4]);
    if (Math.abs(Math.abs(step) - Math.abs(ratio)) > NEAR * Math.abs(ratio)) continue;
    return {
      reason: 'split_unapplied',
      message: `close ${before[4]} of ${toDay(before[0])} and ${after[4]} of ${toDay(after[0])} disagree with the split of ${exDay}, ${value} for 1`,
    };
  }
  return undefined;
}
