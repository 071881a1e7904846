import type { Outcome as OutcomeOfCall } from '../../api-types.d.ts';
import { day, price } from '../ui/format.ts';
import { Note } from '../ui/states.tsx';
import { compareReturn, describeTrade } from './outcome-words.ts';

/** The outcome of a call whose horizon has passed. */
export function Outcome({ outcome, currency }: { outcome: OutcomeOfCall; currency: string | null }) {
  const { right, entryClose, exitClose, exitDay } = outcome;
  const verdict =
    right === null ? 'Result of this call' : right ? 'This call was right' : 'This call was wrong';
  const trade = describeTrade(outcome);
  return (
    <Note kind="info" title={verdict}>
      <p>
        The price went from {price(entryClose, currency)} to {price(exitClose, currency)} by {day(exitDay)}:{' '}
        {compareReturn(outcome)}.
      </p>
      {trade && <p>{trade}</p>}
    </Note>
  );
}
