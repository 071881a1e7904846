import type { Recommendation } from '../../api-types.d.ts';

/** What to know about a stock before using its calls, as labels. */
export function Marks({ marks }: { marks: Recommendation['marks'] }) {
  return marks.map((mark) => (
    <span key={mark} className="tag">
      {mark.replaceAll('_', ' ')}
    </span>
  ));
}
