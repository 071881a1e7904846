import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Link } from 'react-router';
import type { EarlierRecommendation, RecommendationDetail } from '../../api-types.d.ts';
import { listAsCsv } from '../api/client.ts';
import { PROFILE_WORDS } from '../api/profiles.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { DataTable } from '../ui/DataTable.tsx';
import { DownloadCsv } from '../ui/DownloadCsv.tsx';
import { day, points, price, share } from '../ui/format.ts';
import { Loaded } from '../ui/states.tsx';
import { historyQuery } from './history-query.ts';
import { Result } from './Result.tsx';

/** Rows at first, and rows that each press of the button adds. */
const ROWS = 15;

/** All calls for the stock and profile, with their outcomes. */
export function History({ item }: { item: RecommendationDetail }) {
  const query = useInfiniteQuery(historyQuery(item.symbol, item.profile));
  const [rows, setRows] = useState(ROWS);
  const calls = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const showMore = () => {
    setRows(rows + ROWS);
    if (rows + ROWS > calls.length && query.hasNextPage) void query.fetchNextPage();
  };
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>All calls for {item.symbol}</h2>
        <DownloadCsv
          file={`${item.symbol}-calls.csv`}
          load={() =>
            listAsCsv('GET /v1/instruments/{symbol}/recommendations', {
              path: { symbol: item.symbol },
              query: { profile: item.profile },
            })
          }
        />
      </div>
      <p className="muted">
        For the {PROFILE_WORDS[item.profile].name.toLowerCase()} profile. A BUY is right if the stock did
        better than the average stock over the same days, and a SELL is right if it did worse. HOLD calls are
        not scored. Calls made later than four days after their day, or with hindsight, do not count. The
        estimate is in percentage points against the average stock.
      </p>
      <Loaded query={query} what="earlier calls" rows={3}>
        {() => (
          <DataTable
            label="All calls"
            columns={[
              'As of',
              'Call',
              { number: 'Confidence' },
              { number: 'Price' },
              { number: 'Estimate' },
              'Result',
            ]}
          >
            {calls
              .sort((one, other) => (one.asOf < other.asOf ? 1 : -1))
              .slice(0, rows)
              .map((call) => (
                <Row key={call.id} call={call} isCurrent={call.id === item.id} />
              ))}
          </DataTable>
        )}
      </Loaded>
      {(rows < calls.length || query.hasNextPage) && (
        <Button className="button" isPending={query.isFetchingNextPage} onPress={showMore}>
          Show earlier calls
        </Button>
      )}
    </section>
  );
}

function Row({ call, isCurrent }: { call: EarlierRecommendation; isCurrent: boolean }) {
  return (
    <tr aria-current={isCurrent || undefined}>
      <th scope="row">
        {isCurrent ? day(call.asOf) : <Link to={`/recommendations/${call.id}`}>{day(call.asOf)}</Link>}
      </th>
      <td>
        <CallBadge label={call.label} />
      </td>
      <td className="number">{share(call.confidence)}</td>
      <td className="number">{call.lastClose === null ? '–' : price(call.lastClose, call.currency)}</td>
      <td className="number">{points(call.expectedReturnPct)}</td>
      <td className="text">
        <Result call={call} />
      </td>
    </tr>
  );
}
