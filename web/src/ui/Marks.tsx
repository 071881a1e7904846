import type { Recommendation } from '../../api-types.d.ts';
import { KIND_HINTS } from '../recommendations/hints.ts';

type MarksProps = Pick<Recommendation, 'marks'> & Partial<Pick<Recommendation, 'kind'>>;

/** What to know about a stock or its call, as labels: marks of the stock, and a kind of call that does not count. */
export function Marks({ marks, kind }: MarksProps) {
  return (
    <>
      {kind && kind !== 'live' && (
        <span className="tag" title={KIND_HINTS[kind]}>
          {kind}
        </span>
      )}
      {marks.map((mark) => (
        <span key={mark} className="tag">
          {mark.replaceAll('_', ' ')}
        </span>
      ))}
    </>
  );
}
