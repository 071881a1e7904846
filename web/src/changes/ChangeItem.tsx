import { Link } from 'react-router';
import type { Change } from '../../api-types.d.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { day } from '../ui/format.ts';

/** The kinds of changes in words. A change of the label is shown as the two calls. */
const WORDS: Record<Exclude<Change['kind'], 'label'>, string> = {
  stop: 'Stop reached',
  target: 'Target reached',
  withheld: 'No current call',
  new: 'First call',
  back: 'Has a call again',
};

/** One change: the stock, what changed and why. */
export function ChangeItem({ change }: { change: Change }) {
  const { kind, from, to, recommendationId, symbol, name, why, asOf } = change;
  return (
    <li className="change">
      <Link className="stock-link" to={`/recommendations/${recommendationId}`}>
        <span className="symbol">{symbol}</span>
        {name && <span className="stock-name">{name}</span>}
      </Link>
      <span className="change-what">
        {kind === 'label' ? from && <CallBadge label={from} /> : <span>{WORDS[kind]}</span>}
        {kind === 'label' && <span aria-hidden="true">→</span>}
        {kind === 'label' && <span className="visually-hidden">to</span>}
        {to && <CallBadge label={to} />}
      </span>
      <p className="change-why">{why}</p>
      <time className="change-day" dateTime={asOf}>
        {day(asOf)}
      </time>
    </li>
  );
}
