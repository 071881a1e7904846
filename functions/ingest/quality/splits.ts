import { toDay } from '../../shared/days.ts';
import type { CorporateAction } from '../providers/provider.ts';
import type { RawBar } from '../raw.ts';
import type { Fault } from './findings.ts';

/** Smaller ratios cannot be distinguished from a day's move; a stock dividend of a few percent is an example. */
const LEAST_RATIO = Math.log(1.25);

/** The largest difference of a step from the ratio, as a share of it: the step includes the day's own move. */
const NEAR = 1 / 4;

/**
 * Compares the splits that a source reports with its prices. Adjusted prices have no step on the ex day. A step by
 * about the ratio, down or up, means that the source has not adjusted for the split yet, or has adjusted twice.
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
      message: `closes ${before[4]} of ${toDay(before[0])} and ${after[4]} of ${toDay(after[0])} are not adjusted for the split of ${value} for 1 on ${exDay}`,
    };
  }
  return undefined;
}
