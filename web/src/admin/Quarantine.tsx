import { useInfiniteQuery } from '@tanstack/react-query';
import { day, price } from '../ui/format.ts';
import { Scroll } from '../ui/Scroll.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { More } from './More.tsx';
import { adminQueries } from './pages.ts';

/** Bars that are kept aside because they are hard to believe. */
export function Quarantine() {
  const query = useInfiniteQuery(adminQueries.quarantined());
  return (
    <section className="panel">
      <h2>Bars kept aside</h2>
      <Loaded query={query} what="quarantined bars" rows={2}>
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <Empty title="No bar is in quarantine" />
          ) : (
            <Scroll label="Quarantined bars">
              <table className="data">
                <thead>
                  <tr>
                    <th scope="col">Stock</th>
                    <th scope="col">Day</th>
                    <th scope="col" className="number">
                      Close
                    </th>
                    <th scope="col">Source</th>
                    <th scope="col">Why</th>
                  </tr>
                </thead>
                <tbody>
                  {pages.flatMap(({ items }) =>
                    items.map((bar) => (
                      <tr key={bar.id}>
                        <th scope="row">{bar.symbol}</th>
                        <td>{day(bar.ts)}</td>
                        <td className="number">{price(bar.close)}</td>
                        <td>{bar.source}</td>
                        <td className="text">{bar.message}</td>
                      </tr>
                    )),
                  )}
                </tbody>
              </table>
            </Scroll>
          )
        }
      </Loaded>
      <More query={query} />
    </section>
  );
}
