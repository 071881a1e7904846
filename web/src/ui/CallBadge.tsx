import type { Label } from '../api/profiles.ts';

const SHAPES: Record<Label, string> = {
  BUY: 'M6 1.5 11 10H1z',
  HOLD: 'M1 4h10v4H1z',
  SELL: 'M6 10.5 1 2h10z',
};

/** A call as a word, a shape and a colour, so that it is readable without colour vision. */
export function CallBadge({ label, size = 'normal' }: { label: Label; size?: 'normal' | 'large' }) {
  return (
    <span className={`call call-${label.toLowerCase()} call-${size}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        <path d={SHAPES[label]} />
      </svg>
      {label}
    </span>
  );
}
