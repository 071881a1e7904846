import type { EarlierRecommendation } from '../../api-types.d.ts';
import { KIND_HINTS } from '../recommendations/hints.ts';
import { compareReturn, describeTrade } from './outcome-words.ts';

/** The result of a call: whether it was right, its return next to that of the average stock, and how a trade went. */
export function Result({
  call: { kind, outcome },
}: {
  call: Pick<EarlierRecommendation, 'kind' | 'outcome'>;
}) {
  return (
    <>
      {kind !== 'live' && <span title={KIND_HINTS[kind]}>Does not count: {kind}. </span>}
      {outcome === null ? (
        'Not known yet'
      ) : (
        <>
          {outcome.right !== null && <strong>{outcome.right ? '✓ Right' : '✗ Wrong'} </strong>}
          {compareReturn(outcome)}
          <small className="result-trade">{describeTrade(outcome)}</small>
        </>
      )}
    </>
  );
}
