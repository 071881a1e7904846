import { Star } from './Star.tsx';
import { stateWords } from './state-words.ts';
import { useFollowed } from './useWatchlist.ts';

/** Followed stocks that have no call, each with the reason. */
export function WithoutCall() {
  const followed = useFollowed();
  const entries = [...(followed?.values() ?? [])].filter(({ state }) => state !== 'current');
  if (entries.length === 0) return null;
  return (
    <section className="without-call" aria-labelledby="without-call">
      <h2 id="without-call">Without a call</h2>
      <ul>
        {entries.map((entry) => (
          <li key={entry.symbol}>
            <Star symbol={entry.symbol} />
            <span className="symbol">{entry.symbol}</span>
            <span className="stock-name">{entry.name ?? entry.exchange}</span>
            <span className="without-call-reason">
              {stateWords(entry)}
              {entry.note && <span className="follow-note"> {entry.note}</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Stocks that match a search and have no call. */
export function FoundWithoutCall({
  stocks,
}: {
  stocks: readonly { symbol: string; exchange: string; name: string | null }[];
}) {
  if (stocks.length === 0) return null;
  return (
    <section className="without-call" aria-labelledby="found-without-call">
      <h2 id="found-without-call">Matches without a call</h2>
      <ul>
        {stocks.map(({ symbol, name, exchange }) => (
          <li key={symbol}>
            <Star symbol={symbol} />
            <span className="symbol">{symbol}</span>
            <span className="stock-name">{name ?? exchange}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
