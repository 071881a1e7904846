import { Link, useLocation } from 'react-router';
import type { Recommendation } from '../../api-types.d.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { age, percent } from '../ui/format.ts';
import { Confidence } from './Confidence.tsx';
import type { Sort } from './filters.ts';
import { PriceScale } from './PriceScale.tsx';

type Column = 'symbol' | 'confidence' | 'expectedReturn' | 'generatedAt';

/** The list on wide screens. */
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
      <caption className="visually-hidden">Recommendations; the headers with a button order them</caption>
      <thead>
        <tr>
          <SortHeader {...header} column="symbol" first="symbol" name="Stock" />
          <th scope="col">Call</th>
          <SortHeader {...header} column="confidence" first="-confidence" name="Confidence" />
          <SortHeader {...header} column="expectedReturn" first="-expectedReturn" name="Expected" isNumber />
          <th scope="col" className="number">
            Horizon
          </th>
          <th scope="col" className="calls-scale">
            Stop · last price · target
          </th>
          <SortHeader {...header} column="generatedAt" first="-generatedAt" name="Age" isNumber />
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            <th scope="row">
              <Link to={`/recommendations/${item.id}`} state={{ list: search }} className="stock-link">
                <span className="symbol">{item.symbol}</span>
                <span className="stock-name">{item.name ?? item.exchange}</span>
              </Link>
            </th>
            <td>
              <CallBadge label={item.label} />
            </td>
            <td>
              <Confidence value={item.confidence} label={item.label} />
            </td>
            <td className="number strong">{percent(item.expectedReturnPct)}</td>
            <td className="number muted">{item.horizonDays} days</td>
            <td className="calls-scale">
              <PriceScale item={item} />
            </td>
            <td className="number muted">{age(item.dataAgeDays)}</td>
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
  isNumber = false,
  sort,
  onSort,
}: {
  column: Column;
  /** The order that one would want first. */
  first: Sort;
  name: string;
  isNumber?: boolean;
  sort: Sort;
  onSort: (sort: Sort) => void;
}) {
  const isSorted = sort.replace('-', '') === column;
  const isDown = sort.startsWith('-');
  const turned = (isDown ? column : `-${column}`) as Sort;
  return (
    <th
      scope="col"
      className={isNumber ? 'number' : ''}
      aria-sort={isSorted ? (isDown ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className="sort-button" onClick={() => onSort(isSorted ? turned : first)}>
        {name}
        <span className="sort-mark" aria-hidden="true">
          {isSorted ? (isDown ? '↓' : '↑') : '↕'}
        </span>
      </button>
    </th>
  );
}
