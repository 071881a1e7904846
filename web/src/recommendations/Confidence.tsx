import { Meter } from 'react-aria-components/Meter';
import type { Label } from '../api/profiles.ts';
import { share } from '../ui/format.ts';

/** A call's confidence as a number and a bar. */
export function Confidence({ value, label }: { value: number; label: Label }) {
  return (
    <Meter
      className={`confidence confidence-${label.toLowerCase()}`}
      aria-label="Confidence"
      value={value}
      maxValue={1}
      valueLabel={share(value)}
    >
      {({ percentage }) => (
        <>
          <span className="confidence-number">{share(value)}</span>
          <span className="confidence-track">
            <span className="confidence-fill" style={{ width: `${percentage}%` }} />
          </span>
        </>
      )}
    </Meter>
  );
}
