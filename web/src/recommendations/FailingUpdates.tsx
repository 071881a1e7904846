import type { Health } from '../../api-types.d.ts';
import { dayAndTime } from '../ui/format.ts';
import { Note } from '../ui/states.tsx';

/** Says since when updates fail, why, and when the next one begins; empty while they succeed. */
export function FailingUpdates({ health }: { health: Health | undefined }) {
  const { failingSince, reason, nextAt } = health?.updates ?? {};
  if (!failingSince) return null;
  return (
    <Note kind="warning" title={`Updates have failed since ${dayAndTime(failingSince)}`}>
      <p>
        {reason} The calls below are older.
        {nextAt && ` The next attempt is at ${dayAndTime(nextAt)}.`}
      </p>
    </Note>
  );
}
