import type { WatchlistImport } from '../../api-types.d.ts';
import { count } from '../ui/format.ts';
import { Note } from '../ui/states.tsx';

type Items = WatchlistImport['items'];

/** What an import did: how many stocks the user follows by it, and why not the others. */
export function ImportResult({ items }: { items: Items }) {
  const number = (...outcomes: Items[number]['outcome'][]) =>
    items.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const followed = number('followed', 'added');
  const added = number('added');
  const before = number('already_followed');
  const others = items.filter(({ reason }) => reason !== null);
  return (
    <>
      <Note
        kind={followed > 0 ? 'success' : 'info'}
        title={
          followed > 0 ? `You now follow ${count(followed, 'more stock', 'more stocks')}.` : 'Nothing to add.'
        }
      >
        <p>
          {before > 0 && `You followed ${before} of them already. `}
          {added > 0 &&
            `${count(added, 'stock is', 'stocks are')} new here: the next update loads their prices.`}
        </p>
      </Note>
      {others.length > 0 && (
        <div className="import-others">
          <p>{count(others.length, 'symbol was', 'symbols were')} not imported:</p>
          <ul>
            {others.map(({ symbol, reason }) => (
              <li key={symbol}>
                <span className="symbol">{symbol}</span> {reason}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
