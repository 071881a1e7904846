import { useInfiniteQuery } from '@tanstack/react-query';
import { DataTable } from '../ui/DataTable.tsx';
import { day, price } from '../ui/format.ts';
import { LoadMore } from '../ui/LoadMore.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { adminQueries } from './queries.ts';

/** Bars that the quality checks set aside as implausible. */
export function Quarantine() {
  const query = useInfiniteQuery(adminQueries.quarantined());
  return (
    <section className="panel">
      <h2>Quarantined bars</h2>
      <Loaded query={query} what="quarantined bars" rows={2}>
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <Empty title="No bars are in quarantine." />
          ) : (
            <DataTable
              label="Quarantined bars"
              columns={['Stock', 'Day', { number: 'Close' }, 'Source', 'Why']}
            >
              {pages.flatMap(({ items }) =>
                items.map((bar) => (
                  <tr key={bar.id}>
                    <th scope="row">{bar.symbol}</th>
                    <td>{day(bar.ts)}</td>
                    <td className="number">{bar.close === null ? 'none' : price(bar.close, bar.currency)}</td>
                    <td>{bar.source}</td>
                    <td className="text">{bar.message}</td>
                  </tr>
                )),
              )}
            </DataTable>
          )
        }
      </Loaded>
      <LoadMore query={query} />
    </section>
  );
}
