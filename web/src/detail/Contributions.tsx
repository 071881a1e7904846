import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import type { Explanation } from '../../api-types.d.ts';
import { points, pointsOf } from '../ui/format.ts';
import { extent, waterfall } from './waterfall.ts';

/** Reasons that are shown at first; the others are summed up in one step. */
const SHOWN_REASONS = 7;

/** A waterfall chart from the average stock to this one's expected return against it, one bar for each input. */
export function Contributions({
  explanation,
  expectedPct,
}: {
  explanation: Explanation;
  expectedPct: number;
}) {
  const [isAll, setAll] = useState(false);
  const moved = explanation.contributions.filter(({ points }) => points !== 0).length;
  const steps = waterfall(explanation, isAll ? moved : SHOWN_REASONS);
  const { low, high } = extent([expectedPct, ...steps.map(({ to }) => to)]);
  const place = (value: number) => ((value - low) / (high - low)) * 100;
  const bar = (from: number, to: number) => ({
    left: `${place(Math.min(from, to))}%`,
    width: `${Math.abs(place(to) - place(from))}%`,
  });
  return (
    <div className="waterfall">
      <table>
        <caption>
          How each reason moves this stock’s estimate away from the average stock’s, in percentage points
        </caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Reason</th>
            <th scope="col">Percentage points</th>
            <th scope="col">Bar</th>
          </tr>
        </thead>
        <tbody>
          {steps.map(({ key, words, points: value, from, to }) => (
            <Row
              key={key}
              words={words}
              value={points(value)}
              kind={value > 0 ? 'up' : 'down'}
              style={bar(from, to)}
            />
          ))}
          <Row
            words="This stock"
            value={points(explanation.sumPct)}
            kind="total"
            style={bar(0, explanation.sumPct)}
          />
        </tbody>
      </table>
      {!explanation.addsUp && (
        <p className="muted">
          These reasons do not add up exactly to the estimate of {pointsOf(expectedPct)}.
        </p>
      )}
      {moved > SHOWN_REASONS && (
        <Button className="button button-quiet" onPress={() => setAll(!isAll)}>
          {isAll ? 'Show only the strongest reasons' : `Show all ${moved} reasons`}
        </Button>
      )}
    </div>
  );
}

function Row({
  words,
  value,
  kind,
  style,
}: {
  words: string;
  value: string;
  kind: 'total' | 'up' | 'down';
  style: { left: string; width: string };
}) {
  return (
    <tr className={`waterfall-${kind}`}>
      <th scope="row">{words}</th>
      <td className="number">{value}</td>
      <td className="waterfall-track" aria-hidden="true">
        <span className="waterfall-bar" style={style} />
      </td>
    </tr>
  );
}
