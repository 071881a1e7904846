import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AdminInstrument } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { EMPTY_FACTS, InstrumentFields, readFacts } from './InstrumentFields.tsx';

/** One instrument, and what can be done with it. */
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
  const act = (work: () => Promise<unknown>) => async () => {
    await work();
    await client.invalidateQueries({ queryKey: ['instruments'] });
    await client.invalidateQueries({ queryKey: ['facets'] });
  };
  return (
    <li>
      <div>
        <p className="strong">
          {item.symbol} <span className="muted">{item.name}</span>
          {!item.isActive && <span className="tag">inactive</span>}
        </p>
        <p className="muted">{[item.exchange, item.sector].filter(Boolean).join(' · ')}</p>
      </div>
      <div className="row-actions">
        <Confirm
          trigger="Change…"
          title={`Change ${item.symbol}`}
          action="Save"
          isDanger={false}
          isQuiet
          onConfirm={act(() => api('PATCH /v1/admin/instruments/{id}', { path, body: readFacts(facts) }))}
        >
          <InstrumentFields facts={facts} onChange={setFacts} />
        </Confirm>
        {item.isActive ? (
          <Confirm
            trigger="Deactivate"
            title={`Take ${item.symbol} out of the runs?`}
            action="Deactivate"
            isQuiet
            onConfirm={act(() => api('DELETE /v1/admin/instruments/{id}', { path }))}
          >
            <p>Its recommendations are no longer shown. Its history stays.</p>
          </Confirm>
        ) : (
          <Confirm
            trigger="Reactivate"
            title={`Take ${item.symbol} into the runs again?`}
            action="Reactivate"
            isDanger={false}
            isQuiet
            onConfirm={act(() => api('POST /v1/admin/instruments/{id}/reactivate', { path }))}
          >
            <p>The next run covers it.</p>
          </Confirm>
        )}
      </div>
    </li>
  );
}
