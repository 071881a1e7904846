import { useInfiniteQuery } from '@tanstack/react-query';
import type { Me } from '../../api-types.d.ts';
import { queries } from '../api/queries.ts';
import { moment } from '../ui/format.ts';
import { LoadMore } from '../ui/LoadMore.tsx';
import { describeSource, EVENT_WORDS } from '../ui/security-events.ts';
import { Empty, Loaded } from '../ui/states.tsx';
import { TwoStep } from './TwoStep.tsx';

/** Two-step sign-in, and what happened in the account. */
export function Security({ me }: { me: Me }) {
  return (
    <section className="panel" id="security">
      <h2>Security</h2>
      <h3>Two-step sign-in</h3>
      <TwoStep me={me} />
      <h3>Recent activity</h3>
      <p className="muted">
        If you see something that you did not do, change your password, sign out everywhere, and revoke API
        keys that you do not know.
      </p>
      <Activity />
    </section>
  );
}

function Activity() {
  const events = useInfiniteQuery(queries.securityEvents());
  return (
    <>
      <Loaded query={events} what="your recent activity" rows={3}>
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <Empty title="Nothing happened in your account yet." />
          ) : (
            <ul className="rows" aria-label="Recent activity">
              {pages.flatMap(({ items }) =>
                items.map((event) => (
                  <li key={event.id}>
                    <div>
                      <p className="strong">{EVENT_WORDS[event.type]}</p>
                      <p className="muted break">
                        {moment(event.occurredAt)}, {describeSource(event)}
                      </p>
                    </div>
                  </li>
                )),
              )}
            </ul>
          )
        }
      </Loaded>
      <LoadMore query={events} />
    </>
  );
}
