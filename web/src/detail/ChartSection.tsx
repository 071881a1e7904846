import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { RecommendationDetail } from '../../api-types.d.ts';
import { Segments } from '../ui/fields.tsx';
import { Empty, Loaded, Loading } from '../ui/states.tsx';
import { BarTable } from './BarTable.tsx';
import { barsQuery } from './bars-query.ts';
import { historyQuery } from './history-query.ts';

// The charting library is large, and only this view needs it.
const PriceChart = lazy(() => import('./PriceChart.tsx'));

const RANGES = { '3m': '3 months', '6m': '6 months', '1y': '1 year', '2y': '2 years' } as const;
const DAYS = { '3m': 92, '6m': 183, '1y': 366, '2y': 732 } as const;

/** The price chart around the call. */
export function ChartSection({ item }: { item: RecommendationDetail }) {
  const [range, setRange] = useState<keyof typeof RANGES>('6m');
  const bars = useQuery(barsQuery(item.symbol, item.asOf));
  const history = useInfiniteQuery(historyQuery(item.symbol, item.profile));
  const calls = useMemo(() => history.data?.pages.flatMap(({ items }) => items) ?? [], [history.data]);
  return (
    <section className="panel chart-panel">
      <div className="panel-head">
        <h2>Price</h2>
        <Segments
          label="Time range"
          isLabelHidden
          options={Object.entries(RANGES).map(([value, label]) => ({ value, label }))}
          value={range}
          onChange={(chosen) => setRange(chosen as keyof typeof RANGES)}
        />
      </div>
      <Loaded query={bars} what="the prices" rows={8}>
        {(found) =>
          found.length === 0 ? (
            <Empty title="No prices are available for these days." />
          ) : (
            <>
              <Suspense fallback={<Loading what="the chart" rows={8} />}>
                <PriceChart bars={found} item={item} calls={calls} days={DAYS[range]} />
              </Suspense>
              <BarTable bars={found} currency={item.currency} />
            </>
          )
        }
      </Loaded>
    </section>
  );
}
