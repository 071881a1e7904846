import { useQueries } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { RecommendationDetail } from '../../api-types.d.ts';
import { PROFILE_WORDS, PROFILES } from '../api/profiles.ts';
import { queries } from '../api/queries.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { price, share } from '../ui/format.ts';
import { Failure } from '../ui/states.tsx';

/** The stock's current call in each risk profile. */
export function OtherProfiles({ item }: { item: RecommendationDetail }) {
  const lists = useQueries({
    queries: PROFILES.map((profile) => queries.recommendations({ profile, symbol: item.symbol })),
  });
  const failed = lists.find(({ isError, data }) => isError && !data);
  return (
    <section className="panel">
      <h2>{item.symbol} in each risk profile</h2>
      {failed && <Failure error={failed.error} onRetry={failed.refetch} />}
      <ul className="profile-cards">
        {PROFILES.map((profile, index) => {
          const call = lists[index]?.data?.items.find(({ exchange }) => exchange === item.exchange);
          const isThis = profile === item.profile;
          return (
            <li key={profile} className={`profile-card${isThis ? ' profile-card-current' : ''}`}>
              <p className="profile-card-name">{PROFILE_WORDS[profile].name}</p>
              {call ? (
                <>
                  <CallBadge label={call.label} />
                  <p className="muted">
                    confidence {share(call.confidence)} · stop {price(call.stopLoss, call.currency)} · target{' '}
                    {price(call.takeProfit, call.currency)}
                  </p>
                  {call.id === item.id ? (
                    <p className="profile-card-here">The call on this page</p>
                  ) : (
                    <Link to={`/recommendations/${call.id}`}>See the {profile} call</Link>
                  )}
                </>
              ) : (
                <p className="muted">{lists[index]?.isPending ? 'Loading…' : 'No current call'}</p>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
