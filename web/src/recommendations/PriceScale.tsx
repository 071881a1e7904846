import type { Recommendation } from '../../api-types.d.ts';
import { change, price } from '../ui/format.ts';
import { STOP_HINT, TARGET_HINT } from './hints.ts';

type Prices = Pick<Recommendation, 'stopLoss' | 'takeProfit' | 'lastClose' | 'currency'>;

/** A line from stop to target with the last price between them, drawn to scale. */
export function PriceScale({ item }: { item: Prices }) {
  const { stopLoss, takeProfit, lastClose, currency } = item;
  const low = Math.min(stopLoss, takeProfit);
  const high = Math.max(stopLoss, takeProfit);
  const position = lastClose === null ? undefined : ((lastClose - low) / (high - low)) * 100;
  const isSell = stopLoss > takeProfit;
  const [left, right] = isSell ? (['target', 'stop'] as const) : (['stop', 'target'] as const);
  return (
    <div className="scale">
      <div className="scale-line" aria-hidden="true">
        <span className={`scale-end scale-${left}`} />
        {position !== undefined && (
          <span className="scale-last" style={{ left: `${Math.min(100, Math.max(0, position))}%` }} />
        )}
        <span className={`scale-end scale-${right}`} />
      </div>
      <dl className="scale-numbers">
        <Level name={left} item={item} />
        {lastClose !== null && (
          <div className="scale-middle">
            <dt>Last</dt>
            <dd>{price(lastClose, currency)}</dd>
          </div>
        )}
        <Level name={right} item={item} />
      </dl>
    </div>
  );
}

function Level({ name, item }: { name: 'stop' | 'target'; item: Prices }) {
  const { lastClose: last, currency } = item;
  const value = name === 'stop' ? item.stopLoss : item.takeProfit;
  return (
    <div>
      <dt title={name === 'stop' ? STOP_HINT : TARGET_HINT}>{name === 'stop' ? 'Stop' : 'Target'}</dt>
      <dd>
        {price(value, currency)}
        {last !== null && <span className="scale-change">{change(last, value)}</span>}
      </dd>
    </div>
  );
}
