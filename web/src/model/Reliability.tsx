import type { ReactNode } from 'react';
import { LABELS, type Label } from '../api/profiles.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { share, whole } from '../ui/format.ts';
import './reliability.css';

/** Cases with a similar stated chance; `probability` and `frequency` are from 0 to 1. */
export interface ReliabilityBin {
  probability: number;
  /** How often the label came true. */
  frequency: number;
  /** The number of cases. */
  rows: number;
}

/** Side of the plot and space for the axis labels, in units of the drawing. */
const SIZE = 260;
const EDGE = 34;

/** Reliability diagrams: the stated probability on the x axis, the observed frequency on the y axis. */
export function Reliability({
  cases,
  bins,
  children,
}: {
  /** The cases in words, such as `test cases`. */
  cases: string;
  bins: Record<Label, readonly ReliabilityBin[]>;
  /** More to say below the diagrams. */
  children?: ReactNode;
}) {
  const values = LABELS.flatMap((label) =>
    bins[label].flatMap(({ probability, frequency }) => [probability, frequency]),
  );
  if (values.length === 0) return null;
  // Both axes share one range, rounded to tenths, so that perfect calibration is the diagonal.
  const low = Math.floor(Math.min(...values) * 10) / 10;
  const high = Math.max(Math.ceil(Math.max(...values) * 10), low * 10 + 1) / 10;
  const place = (value: number) => ((value - low) / (high - low)) * SIZE;
  const ticks = Array.from({ length: Math.round((high - low) * 10) + 1 }, (_, index) => low + index / 10);
  return (
    <section className="panel">
      <h2>Do its percentages mean what they say?</h2>
      <p className="muted">
        Each dot is a group of {cases} with a similar stated chance. On the dashed line, the model’s chance
        matches how often the outcome happened. Below the line, the model was too confident; above it, too
        cautious.
      </p>
      <div className="reliability">
        {LABELS.map((label) => (
          <figure key={label}>
            <figcaption>
              <CallBadge label={label} />
            </figcaption>
            <svg
              viewBox={`0 0 ${SIZE + EDGE + 10} ${SIZE + EDGE + 18}`}
              role="img"
              aria-label={describe(label, bins[label])}
            >
              <g transform={`translate(${EDGE} 10)`}>
                {ticks.map((tick) => (
                  <g key={tick} className="reliability-grid">
                    <line x1={place(tick)} x2={place(tick)} y1={0} y2={SIZE} />
                    <line x1={0} x2={SIZE} y1={SIZE - place(tick)} y2={SIZE - place(tick)} />
                    <text x={place(tick)} y={SIZE + 16} textAnchor="middle">
                      {share(tick)}
                    </text>
                    <text x={-6} y={SIZE - place(tick) + 4} textAnchor="end">
                      {share(tick)}
                    </text>
                  </g>
                ))}
                <line className="reliability-diagonal" x1={0} y1={SIZE} x2={SIZE} y2={0} />
                <polyline
                  className={`reliability-line reliability-${label.toLowerCase()}`}
                  points={bins[label]
                    .map(({ probability, frequency }) => `${place(probability)},${SIZE - place(frequency)}`)
                    .join(' ')}
                />
                {bins[label].map(({ probability, frequency, rows }) => (
                  <circle
                    key={probability}
                    className={`reliability-dot reliability-${label.toLowerCase()}`}
                    cx={place(probability)}
                    cy={SIZE - place(frequency)}
                    r={4.5}
                  >
                    <title>{`Stated ${share(probability)}, happened ${share(frequency)}, ${whole(rows)} cases`}</title>
                  </circle>
                ))}
                <text className="reliability-axis" x={SIZE / 2} y={SIZE + 32} textAnchor="middle">
                  stated chance (across), how often it happened (up)
                </text>
              </g>
            </svg>
          </figure>
        ))}
      </div>
      {children}
    </section>
  );
}

function describe(label: Label, bins: readonly ReliabilityBin[]): string {
  const pairs = bins.map(
    ({ probability, frequency }) => `${share(probability)} stated, ${share(frequency)} happened`,
  );
  return `${label}: ${pairs.join('; ')}`;
}
