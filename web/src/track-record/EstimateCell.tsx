import type { CallEntry, Estimate } from '../../api-types.d.ts';
import { VERDICT_NAMES } from './words.ts';

/** A table cell with a value, and below it its 95% interval and the verdict that follows from it. */
export function EstimateCell({
  estimate: { value, low, high },
  show,
  verdict = null,
}: {
  estimate: Estimate;
  show: (value: number) => string;
  verdict?: CallEntry['verdict'];
}) {
  return (
    <td className="number">
      {value === null ? '–' : show(value)}
      {low !== null && high !== null && (
        <span className="interval">
          {show(low)} to {show(high)}
        </span>
      )}
      {value !== null && verdict !== null && <span className="interval">{VERDICT_NAMES[verdict]}</span>}
    </td>
  );
}
