import type { EarlierRecommendation, RecommendationDetail } from '../../api-types.d.ts';
import type { Label } from '../api/profiles.ts';

type Call = Pick<EarlierRecommendation | RecommendationDetail, 'asOf' | 'label'>;

/** The mark of a call on the chart. */
export interface Mark {
  time: string;
  label: Label;
  position: 'aboveBar' | 'belowBar';
  shape: 'arrowUp' | 'arrowDown' | 'square';
  size: number;
}

/** Multiples of the shape's default size. */
const SIZES = { shown: 1.5, change: 1 };

/**
 * Makes a mark for the shown call and for each day on which the call changed. There is a call every day, and a mark
 * for each of them would hide the prices. Marks have the shape of the call's badge, which the legend explains.
 *
 * @param shown - the call of this view; it replaces an earlier call of the same day
 * @param days - the days of the chart's bars; calls of other days get no mark
 * @returns the marks in order of time
 */
export function makeMarks(shown: Call, earlier: readonly Call[], days: readonly string[]): Mark[] {
  const labels = new Map([...earlier, shown].map((call) => [call.asOf, call.label]));
  let previous: Label | undefined;
  return days.flatMap((time) => {
    const label = labels.get(time);
    const isShown = time === shown.asOf;
    const isChange = label !== undefined && label !== previous;
    previous = label ?? previous;
    if (!label || !(isShown || isChange)) return [];
    return [{ time, size: isShown ? SIZES.shown : SIZES.change, ...styleOf(label) }];
  });
}

function styleOf(label: Label): Pick<Mark, 'label' | 'position' | 'shape'> {
  if (label === 'BUY') return { label, position: 'belowBar', shape: 'arrowUp' };
  if (label === 'SELL') return { label, position: 'aboveBar', shape: 'arrowDown' };
  return { label, position: 'belowBar', shape: 'square' };
}
