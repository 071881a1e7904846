import type { Outcome as OutcomeOfCall } from '../../api-types.d.ts';
import { day, percent, price } from '../ui/format.ts';
import { Note } from '../ui/states.tsx';

/** What came of a call whose horizon has passed. */
export function Outcome({ outcome }: { outcome: OutcomeOfCall }) {
  const { right, realisedReturnPct, marketReturnPct, entryClose, exitClose, exitDay } = outcome;
  const verdict = right === null ? 'What came of it' : right ? 'This call was right' : 'This call was wrong';
  return (
    <Note kind="info" title={verdict}>
      <p>
        {price(entryClose)} became {price(exitClose)} by {day(exitDay)}: {percent(realisedReturnPct)}
        {marketReturnPct !== null && `, where the average stock made ${percent(marketReturnPct)}`}.
      </p>
    </Note>
  );
}
