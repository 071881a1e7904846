import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Link } from 'react-router';
import type { EarlierRecommendation, RecommendationDetail } from '../../api-types.d.ts';
import { PROFILE_WORDS } from '../api/profiles.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { DataTable } from '../ui/DataTable.tsx';
import { day, percent, price, share } from '../ui/format.ts';
import { Loaded } from '../ui/states.tsx';
import { historyOf } from './call-history.ts';

/** Rows at first, and with each time that more are asked for. */
const ROWS = 15;

/** Every call of the stock for the profile, and what came of it. */
export function History({ item }: { item: RecommendationDetail }) {
  const query = useInfiniteQuery(historyOf(item.symbol, item.profile));
  const [rows, setRows] = useState(ROWS);
  const calls = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const showMore = () => {
    setRows(rows + ROWS);
    if (rows + ROWS > calls.length && query.hasNextPage) void query.fetchNextPage();
  };
  return (
    <section className="panel">
      <h2>Calls of {item.symbol} so far</h2>
      <p className="muted">
        For the {PROFILE_WORDS[item.profile].name.toLowerCase()} profile. A BUY is right if it did better than
        the average stock of its days, a SELL if it did worse.
      </p>
      <Loaded query={query} what="earlier calls" rows={3}>
        {() => (
          <DataTable
            label="Calls so far"
            columns={[
              'As of',
              'Call',
              { number: 'Confidence' },
              { number: 'Price' },
              { number: 'Expected' },
              { number: 'Realised' },
              'Verdict',
            ]}
          >
            {calls
              .sort((one, other) => (one.asOf < other.asOf ? 1 : -1))
              .slice(0, rows)
              .map((call) => (
                <Row key={call.id} call={call} isThis={call.id === item.id} />
              ))}
          </DataTable>
        )}
      </Loaded>
      {(rows < calls.length || query.hasNextPage) && (
        <Button className="button" isPending={query.isFetchingNextPage} onPress={showMore}>
          Earlier ones
        </Button>
      )}
    </section>
  );
}

function Row({ call, isThis }: { call: EarlierRecommendation; isThis: boolean }) {
  const { outcome } = call;
  return (
    <tr aria-current={isThis || undefined}>
      <th scope="row">
        {isThis ? day(call.asOf) : <Link to={`/recommendations/${call.id}`}>{day(call.asOf)}</Link>}
      </th>
      <td>
        <CallBadge label={call.label} />
      </td>
      <td className="number">{share(call.confidence)}</td>
      <td className="number">{call.lastClose === null ? '–' : price(call.lastClose)}</td>
      <td className="number">{percent(call.expectedReturnPct)}</td>
      <td className="number">{outcome ? percent(outcome.realisedReturnPct) : '–'}</td>
      <td>{verdict(outcome)}</td>
    </tr>
  );
}

function verdict(outcome: EarlierRecommendation['outcome']): string {
  if (!outcome) return 'Not yet known';
  if (outcome.right === null) return 'HOLD says neither';
  return outcome.right ? '✓ Right' : '✗ Wrong';
}
