import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AdminInstrument } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { exchangeName } from '../ui/format.ts';
import { Marks } from '../ui/Marks.tsx';
import { EMPTY_FACTS, InstrumentFields, readFacts } from './InstrumentFields.tsx';

/** One instrument, with buttons that edit, deactivate or reactivate it. */
export function InstrumentRow({ item }: { item: AdminInstrument }) {
  const client = useQueryClient();
  const [facts, setFacts] = useState({
    ...EMPTY_FACTS,
    symbol: item.symbol,
    exchange: item.exchange,
    name: item.name ?? '',
    sector: item.sector ?? '',
  });
  const path = { id: item.id };
  const refreshAfter = (change: () => Promise<unknown>) => async () => {
    await change();
    await client.invalidateQueries({ queryKey: ['instruments'] });
    await client.invalidateQueries({ queryKey: ['facets'] });
  };
  return (
    <li>
      <div>
        <p className="strong">
          {item.symbol} <span className="muted">{item.name}</span>
          {!item.isActive && <span className="tag">inactive</span>}
          <Marks marks={item.marks} />
        </p>
        <p className="muted">{[exchangeName(item.exchange), item.sector].filter(Boolean).join(' · ')}</p>
      </div>
      <div className="row-actions">
        <Confirm
          trigger="Edit…"
          title={`Edit ${item.symbol}`}
          action="Save"
          isDanger={false}
          isQuiet
          onConfirm={refreshAfter(() =>
            api('PATCH /v1/admin/instruments/{id}', { path, body: readFacts(facts) }),
          )}
        >
          <InstrumentFields facts={facts} onChange={setFacts} />
        </Confirm>
        {item.isActive ? (
          <Confirm
            trigger="Deactivate"
            title={`Deactivate ${item.symbol}?`}
            action="Deactivate"
            isQuiet
            onConfirm={refreshAfter(() => api('DELETE /v1/admin/instruments/{id}', { path }))}
          >
            <p>Runs skip it and its recommendations are hidden. Its history is kept.</p>
          </Confirm>
        ) : (
          <Confirm
            trigger="Reactivate"
            title={`Reactivate ${item.symbol}?`}
            action="Reactivate"
            isDanger={false}
            isQuiet
            onConfirm={refreshAfter(() => api('POST /v1/admin/instruments/{id}/reactivate', { path }))}
          >
            <p>The next run includes it again.</p>
          </Confirm>
        )}
      </div>
    </li>
  );
}
