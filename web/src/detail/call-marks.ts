import type { EarlierRecommendation, RecommendationDetail } from '../../api-types.d.ts';
import type { Label } from '../api/profiles.ts';

type Call = Pick<EarlierRecommendation | RecommendationDetail, 'asOf' | 'label'>;

/** A call on the chart. */
export interface Mark {
  time: string;
  label: Label;
  position: 'aboveBar' | 'belowBar';
  shape: 'arrowUp' | 'arrowDown' | 'square';
  size: number;
}

/** Of the shape's usual size. */
const SIZES = { shown: 1.5, change: 1 };

/**
 * A mark, in the shape of its badge, for each day on which the call changed, and for the call that is shown. There is
 * a call for every day: a mark for each of them would hide the prices, and so would words; the legend has those.
 *
 * @param days - those of the chart's bars; a call of another day has no place on it
 * @returns the marks from the first day to the last
 */
export function marksOf(shown: Call, earlier: readonly Call[], days: readonly string[]): Mark[] {
  const known = new Map([...earlier, shown].map((call) => [call.asOf, call.label]));
  let before: Label | undefined;
  return days.flatMap((time) => {
    const label = known.get(time);
    const isShown = time === shown.asOf;
    const isChange = label !== undefined && label !== before;
    before = label ?? before;
    if (!label || !(isShown || isChange)) return [];
    return [{ time, size: isShown ? SIZES.shown : SIZES.change, ...looks(label) }];
  });
}

function looks(label: Label): Pick<Mark, 'label' | 'position' | 'shape'> {
  if (label === 'BUY') return { label, position: 'belowBar', shape: 'arrowUp' };
  if (label === 'SELL') return { label, position: 'aboveBar', shape: 'arrowDown' };
  return { label, position: 'belowBar', shape: 'square' };
}
