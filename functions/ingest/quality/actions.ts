import type { CorporateAction } from '../providers/provider.ts';
import type { RawBar } from '../raw.ts';
import { findDividendDoubts } from './dividends.ts';
import type { LevelDoubt } from './findings.ts';
import { findSplitDoubts, findUntoldSplits } from './splits.ts';

/** Prices of an instrument, and how its source adjusted them. */
export interface AdjustedSeries {
  /** Sound bars, ascending. */
  bars: readonly RawBar[];
  actions: readonly CorporateAction[];
  /** The factor adjusted close / close at the first bar and wherever it changes; absent where it is unknown. */
  adjustments?: readonly (readonly [ts: number, factor: number])[] | undefined;
  /** Stored bars before them, ascending, which show what is ordinary; needed where `hasEarlyMove` is true. */
  earlier?: readonly RawBar[] | undefined;
  /** Bars within the series that are in quarantine for their own values, ascending. */
  held?: readonly RawBar[] | undefined;
}

/**
 * Finds splits and dividends that a source announced and did not apply, applied wrongly, or applied without announcing
 * them. The bars before such an action are on another level than those after it.
 */
export function findActionDoubts({
  bars,
  actions,
  adjustments,
  earlier,
  held,
}: AdjustedSeries): LevelDoubt[] {
  return [
    ...findSplitDoubts(bars, actions),
    ...findUntoldSplits(bars, actions, { earlier, held }),
    ...findDividendDoubts(bars, actions, adjustments),
  ];
}
