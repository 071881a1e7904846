import type { Outcome as OutcomeOfCall } from '../../api-types.d.ts';
import { day, percent, price } from '../ui/format.ts';
import { Note } from '../ui/states.tsx';

/** The outcome of a call whose horizon has passed. */
export function Outcome({ outcome, currency }: { outcome: OutcomeOfCall; currency: string | null }) {
  const { right, realisedReturnPct, marketReturnPct, entryClose, exitClose, exitDay } = outcome;
  const verdict =
    right === null ? 'Result of this call' : right ? 'This call was right' : 'This call was wrong';
  return (
    <Note kind="info" title={verdict}>
      <p>
        The price went from {price(entryClose, currency)} to {price(exitClose, currency)} by {day(exitDay)}, a
        change of {percent(realisedReturnPct)}.
        {marketReturnPct !== null && ` The average stock changed by ${percent(marketReturnPct)}.`}
        {right === null && ' HOLD calls are not scored.'}
      </p>
    </Note>
  );
}
