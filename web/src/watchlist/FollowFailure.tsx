import { Failure } from '../ui/states.tsx';
import { useFailedFollow, useFollow } from './useWatchlist.ts';

/** Why the latest change of the watchlist failed. */
export function FollowFailure() {
  const failed = useFailedFollow();
  const follow = useFollow();
  if (!failed) return null;
  const { symbol, isFollowed } = failed.change;
  return (
    <div className="follow-failure">
      <p className="visually-hidden">
        {isFollowed ? `You do not follow ${symbol}.` : `You still follow ${symbol}.`}
      </p>
      <Failure error={failed.error} onRetry={() => follow.mutate(failed.change)} />
    </div>
  );
}
