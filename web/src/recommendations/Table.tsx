import { Link, useLocation } from 'react-router';
import type { Recommendation } from '../../api-types.d.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { exchangeName, pointsOf } from '../ui/format.ts';
import { Marks } from '../ui/Marks.tsx';
import { Star } from '../watchlist/Star.tsx';
import { Age } from './Age.tsx';
import { Confidence } from './Confidence.tsx';
import type { Sort } from './filters.ts';
import { CONFIDENCE_HINT, ESTIMATE_HINT, HORIZON_HINT } from './hints.ts';
import { PriceScale } from './PriceScale.tsx';

const AGE_HINT = 'Days since the last trading day whose prices the model used.';

type Column = 'symbol' | 'confidence' | 'expectedReturn' | 'generatedAt';

/** The recommendations as a table, for wide screens. */
export function Table({
  items,
  sort,
  onSort,
}: {
  items: Recommendation[];
  sort: Sort;
  onSort: (sort: Sort) => void;
}) {
  const { search } = useLocation();
  const header = { sort, onSort };
  return (
    <table className="calls">
      <caption className="visually-hidden">
        Recommendations. Use the buttons in the headers to sort them.
      </caption>
      <thead>
        <tr>
          <SortHeader {...header} column="symbol" first="symbol" name="Stock" />
          <th scope="col">Call</th>
          <SortHeader
            {...header}
            column="confidence"
            first="-confidence"
            name="Confidence"
            hint={CONFIDENCE_HINT}
          />
          <SortHeader
            {...header}
            column="expectedReturn"
            first="-expectedReturn"
            name="Estimate"
            hint={ESTIMATE_HINT}
            isNumber
          />
          <th scope="col" className="number" title={HORIZON_HINT}>
            Horizon
          </th>
          <th scope="col" className="calls-scale">
            Stop · last price · target
          </th>
          <SortHeader
            {...header}
            column="generatedAt"
            first="-generatedAt"
            name="Age"
            hint={AGE_HINT}
            isNumber
          />
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            <th scope="row">
              <span className="starred">
                <Star symbol={item.symbol} />
                <Link to={`/recommendations/${item.id}`} state={{ list: search }} className="stock-link">
                  <span className="symbol">{item.symbol}</span>
                  <span className="stock-name">{item.name ?? exchangeName(item.exchange)}</span>
                </Link>
              </span>
              <Marks marks={item.marks} kind={item.kind} />
            </th>
            <td>
              <CallBadge label={item.label} />
            </td>
            <td>
              <Confidence value={item.confidence} label={item.label} />
            </td>
            <td className="number strong">{pointsOf(item.expectedReturnPct)}</td>
            <td className="number muted">{item.horizonDays} days</td>
            <td className="calls-scale">
              <PriceScale item={item} />
            </td>
            <td className="number muted">
              <Age item={item} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function SortHeader({
  column,
  first,
  name,
  hint,
  isNumber = false,
  sort,
  onSort,
}: {
  column: Column;
  /** The order that the first click selects. */
  first: Sort;
  name: string;
  hint?: string;
  isNumber?: boolean;
  sort: Sort;
  onSort: (sort: Sort) => void;
}) {
  const isSorted = sort.replace('-', '') === column;
  const isDown = sort.startsWith('-');
  const reversed = (isDown ? column : `-${column}`) as Sort;
  return (
    <th
      scope="col"
      className={isNumber ? 'number' : ''}
      aria-sort={isSorted ? (isDown ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        className="sort-button"
        title={hint}
        onClick={() => onSort(isSorted ? reversed : first)}
      >
        {name}
        <span className="sort-mark" aria-hidden="true">
          {isSorted ? (isDown ? '↓' : '↑') : '↕'}
        </span>
      </button>
    </th>
  );
}
