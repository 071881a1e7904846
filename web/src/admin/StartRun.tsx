import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { RunInput } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { Choice, Field } from '../ui/fields.tsx';

type Mode = NonNullable<RunInput['mode']>;

const MODES: { value: Mode; label: string }[] = [
  { value: 'daily', label: 'Daily: the days since the last bar' },
  { value: 'backfill', label: 'Backfill: the whole history again' },
  { value: 'intraday', label: 'Intraday: 15-minute bars' },
];

/** Starts a run, of everything unless something is said. */
export function StartRun() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [mode, setMode] = useState<Mode>('daily');
  const [symbols, setSymbols] = useState('');
  const [to, setTo] = useState('');
  const start = async () => {
    const chosen = symbols
      .toUpperCase()
      .split(/[\s,]+/)
      .filter(Boolean);
    const body: RunInput = { mode, ...(chosen.length > 0 && { symbols: chosen }), ...(to && { to }) };
    const { id } = await api('POST /v1/admin/runs', { body });
    await Promise.all([
      client.invalidateQueries({ queryKey: ['admin', 'runs'] }),
      client.invalidateQueries({ queryKey: ['health'] }),
    ]);
    navigate(`/admin/runs/${encodeURIComponent(id)}`);
  };
  return (
    <Confirm trigger="Start a run…" title="Start a run" action="Start" isDanger={false} onConfirm={start}>
      <Choice label="What it does" options={MODES} value={mode} onChange={setMode} />
      <Field
        label="Only these stocks"
        value={symbols}
        onChange={setSymbols}
        hint="Symbols with commas between; none for all."
      />
      <Field
        label="As of"
        type="date"
        value={to}
        onChange={setTo}
        hint="The last day that it may read; today if empty."
      />
    </Confirm>
  );
}
