import { useFollow, useFollowed } from './useWatchlist.ts';
import './watchlist.css';

/** A button that follows a stock, pressed while the user follows it. */
export function Star({ symbol }: { symbol: string }) {
  const followed = useFollowed();
  const follow = useFollow();
  const isFollowed = followed?.has(symbol) ?? false;
  return (
    <button
      type="button"
      className="star"
      aria-label={`Follow ${symbol}`}
      aria-pressed={isFollowed}
      disabled={followed === undefined}
      onClick={() => follow.mutate({ symbol, isFollowed: !isFollowed })}
    >
      <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d="M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z" />
      </svg>
    </button>
  );
}
