import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { Edges } from '../model/Edges.tsx';
import { HitRates } from '../model/HitRates.tsx';
import { day, whole } from '../ui/format.ts';
import { Loaded } from '../ui/states.tsx';
import '../model/model.css';

/** The test of the active model on past years, which stands in until live calls have results. */
export function PastTest() {
  const query = useQuery(queries.activeModel());
  return (
    <section className="record" aria-label="A test on past years">
      <h2>Until then: a test on past years</h2>
      <Loaded query={query} what="the test on past years" rows={4}>
        {({ version, card }) => (
          <p className="muted">
            No live call is old enough for a result. Instead, this shows how model {version} did on past days
            that it had not seen in training{periodOf(card.folds)}
            {card.rows !== null && `, ${whole(card.rows)} cases in all`}. A test is not a record: the service
            did not publish these calls, and live figures never include them.
          </p>
        )}
      </Loaded>
      {query.data && (
        <>
          <Edges edges={query.data.edges} />
          <HitRates rates={query.data.card.hitRates} />
        </>
      )}
    </section>
  );
}

/** The period of the test, such as ` (3 Jan 2012 to 31 Dec 2015)`. */
function periodOf(folds: readonly { testFrom: string | null; testTo: string | null }[]): string {
  const [from] = folds.flatMap(({ testFrom }) => testFrom ?? []).sort();
  const to = folds
    .flatMap(({ testTo }) => testTo ?? [])
    .sort()
    .at(-1);
  return from && to ? ` (${day(from)} to ${day(to)})` : '';
}
