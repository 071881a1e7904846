import { ToggleButton } from 'react-aria-components/ToggleButton';
import { useFollow, useFollowed } from './useWatchlist.ts';
import './watchlist.css';

/** A button that follows a stock, pressed while the user follows it. */
export function Star({ symbol }: { symbol: string }) {
  const followed = useFollowed();
  const follow = useFollow();
  return (
    <ToggleButton
      className="star"
      aria-label={`Follow ${symbol}`}
      isSelected={followed?.has(symbol) ?? false}
      isDisabled={followed === undefined}
      onChange={(isFollowed) => follow.mutate({ symbol, isFollowed })}
    >
      <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d="M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z" />
      </svg>
    </ToggleButton>
  );
}
