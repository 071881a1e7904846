import type { Estimate } from '../../api-types.d.ts';
import { day, points as inPoints } from '../ui/format.ts';
import type { Scale } from './chart-scale.ts';

/** A day and the estimate up to it. */
export interface ChartPoint {
  day: string;
  estimate: Estimate;
}

/** The side of the drawing in its own units; it stretches to the size of the plot. */
const SIDE = 100;

/**
 * An estimate over time as a line, with its interval as a band. The labels are outside the drawing, so that they keep
 * their size on every screen.
 */
export function LineChart({
  title,
  points,
  scale,
}: {
  title: string;
  points: readonly ChartPoint[];
  scale: Scale;
}) {
  const known = points.filter(({ estimate }) => estimate.value !== null);
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last) return null;
  const start = Date.parse(first.day);
  const span = Date.parse(last.day) - start;
  const across = (point: ChartPoint) =>
    span === 0 ? SIDE / 2 : ((Date.parse(point.day) - start) / span) * SIDE;
  const down = (value: number) => ((scale.high - value) / (scale.high - scale.low)) * SIDE;
  const line = (of: readonly ChartPoint[], end: keyof Estimate) =>
    of.map((point) => `${across(point)},${down(point.estimate[end] ?? 0)}`);
  const banded = known.filter(({ estimate }) => estimate.low !== null && estimate.high !== null);
  return (
    <figure className="line-chart">
      <figcaption>{title}</figcaption>
      <div className="line-plot" role="img" aria-label={summarise(title, first, last)}>
        <svg viewBox={`0 0 ${SIDE} ${SIDE}`} preserveAspectRatio="none" aria-hidden="true">
          {scale.ticks.map((tick) => (
            <line
              key={tick}
              className={tick === 0 ? 'line-zero' : 'line-grid'}
              x1={0}
              x2={SIDE}
              y1={down(tick)}
              y2={down(tick)}
            />
          ))}
          <polygon
            className="line-band"
            points={[...line(banded, 'low'), ...line(banded, 'high').reverse()].join(' ')}
          />
          {/* The last, tiny step lets a single point be drawn as a dot. */}
          <path
            className={span === 0 ? 'line-value line-dot' : 'line-value'}
            d={`M${line(known, 'value').join('L')}h0.01`}
          />
        </svg>
        {scale.ticks.map((tick) => (
          <span key={tick} className="line-tick" style={{ top: `${down(tick)}%` }}>
            {inPoints(tick)}
          </span>
        ))}
      </div>
      <p className="line-days">
        <span>{day(first.day)}</span>
        {span > 0 && <span>{day(last.day)}</span>}
      </p>
    </figure>
  );
}

function summarise(title: string, first: ChartPoint, last: ChartPoint): string {
  const { value, low, high } = last.estimate;
  const band = low === null || high === null ? '' : `, 95% interval ${inPoints(low)} to ${inPoints(high)}`;
  return `${title}, from ${day(first.day)} to ${day(last.day)}. At the end: ${inPoints(value ?? 0)} points${band}.`;
}
