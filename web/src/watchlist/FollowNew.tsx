import { Button } from 'react-aria-components/Button';
import { Note } from '../ui/states.tsx';
import { stateWords } from './state-words.ts';
import { useFollow } from './useWatchlist.ts';

/** A symbol as people type it; the service decides whether it is one. */
const SYMBOL = /^\$?[A-Za-z0-9^][A-Za-z0-9.^=&/-]{0,14}$/;

/** Offers to add a stock that the installation does not cover yet. */
export function FollowNew({ text }: { text: string }) {
  const follow = useFollow();
  const symbol = text.replace(/^\$/, '').replace('/', '-').toUpperCase();
  if (!SYMBOL.test(text)) return null;
  const entry = follow.data;
  if (entry)
    return (
      <Note kind="success" title={`You follow ${entry.symbol}${entry.name ? `, ${entry.name}` : ''}.`}>
        <p>{stateWords(entry)}</p>
      </Note>
    );
  return (
    <>
      <p>
        If {symbol} is the symbol of a stock, you can follow it. The service then looks it up, and later
        updates cover it.
      </p>
      <Button
        className="button button-primary"
        isPending={follow.isPending}
        onPress={() => follow.mutate({ symbol, isFollowed: true })}
      >
        Follow {symbol}
      </Button>
    </>
  );
}
