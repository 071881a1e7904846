import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { EMPTY_FACTS, InstrumentFields, readFacts } from './InstrumentFields.tsx';

/** A button with a form that adds an instrument. The next run includes it. */
export function AddInstrument() {
  const client = useQueryClient();
  const [facts, setFacts] = useState(EMPTY_FACTS);
  const add = async () => {
    await api('POST /v1/admin/instruments', { body: readFacts(facts) });
    setFacts(EMPTY_FACTS);
    await client.invalidateQueries({ queryKey: ['instruments'] });
    await client.invalidateQueries({ queryKey: ['facets'] });
  };
  return (
    <Confirm trigger="Add…" title="Add an instrument" action="Add" isDanger={false} onConfirm={add}>
      <InstrumentFields facts={facts} onChange={setFacts} />
    </Confirm>
  );
}
