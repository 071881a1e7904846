import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Segments } from '../ui/fields.tsx';
import { LoadMore } from '../ui/LoadMore.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { AddInstrument } from './AddInstrument.tsx';
import { InstrumentRow } from './InstrumentRow.tsx';
import { adminQueries } from './queries.ts';

const STATUSES = [
  { value: 'true', label: 'Active' },
  { value: 'false', label: 'Inactive' },
  { value: 'all', label: 'All' },
] as const;

/** The instruments that runs cover, and those that they no longer cover. */
export function Component() {
  const [search, setSearch] = useState('');
  const [active, setActive] = useState<'true' | 'false' | 'all'>('true');
  const query = useInfiniteQuery(adminQueries.instruments({ active, ...(search && { search }) }));
  return (
    <section className="panel">
      <title>Instruments · Boursomatic</title>
      <div className="panel-head">
        <h2>Instruments</h2>
        <AddInstrument />
      </div>
      <div className="toolbar">
        <SearchBox value={search} onChange={setSearch} />
        <Segments label="Show" options={STATUSES} value={active} onChange={setActive} />
      </div>
      <Loaded query={query} what="the instruments">
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <Empty title="No instruments match these filters." />
          ) : (
            <ul className="rows">
              {pages.flatMap(({ items }) => items.map((item) => <InstrumentRow key={item.id} item={item} />))}
            </ul>
          )
        }
      </Loaded>
      <LoadMore query={query} />
    </section>
  );
}
