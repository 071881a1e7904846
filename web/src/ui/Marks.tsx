import type { Recommendation } from '../../api-types.d.ts';
import { KIND_HINTS } from '../recommendations/hints.ts';

/** What to know about a call before using it, as labels: marks of the stock, and a kind that does not count. */
export function Marks({ marks, kind }: Pick<Recommendation, 'marks' | 'kind'>) {
  return (
    <>
      {kind !== 'live' && (
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
