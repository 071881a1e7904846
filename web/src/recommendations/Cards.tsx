import { Link, useLocation } from 'react-router';
import type { Recommendation } from '../../api-types.d.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { exchangeName, pointsOf } from '../ui/format.ts';
import { Marks } from '../ui/Marks.tsx';
import { Star } from '../watchlist/Star.tsx';
import { Age } from './Age.tsx';
import { Confidence } from './Confidence.tsx';
import { CONFIDENCE_HINT } from './hints.ts';
import { PriceScale } from './PriceScale.tsx';

/** The recommendations as cards, for narrow screens. */
export function Cards({ items }: { items: Recommendation[] }) {
  const { search } = useLocation();
  return (
    <ul className="cards">
      {items.map((item) => (
        <li key={item.id} className="card">
          <div className="card-head">
            <span className="starred">
              <Star symbol={item.symbol} />
              <Link to={`/recommendations/${item.id}`} state={{ list: search }} className="stock-link">
                <span className="symbol">{item.symbol}</span>
                <span className="stock-name">{item.name ?? exchangeName(item.exchange)}</span>
              </Link>
            </span>
            <CallBadge label={item.label} />
          </div>
          <Marks marks={item.marks} kind={item.kind} />
          <div className="card-facts">
            <div>
              <span className="fact-name" title={CONFIDENCE_HINT}>
                Confidence
              </span>
              <Confidence value={item.confidence} label={item.label} />
            </div>
            <div>
              <span className="fact-name">Estimate, {item.horizonDays} days</span>
              <span className="strong">{pointsOf(item.expectedReturnPct)}</span>
            </div>
            <div>
              <span className="fact-name">Age</span>
              <span>
                <Age item={item} />
              </span>
            </div>
          </div>
          <PriceScale item={item} />
        </li>
      ))}
    </ul>
  );
}
