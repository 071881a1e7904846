import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { RunInput } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { Choice, Field } from '../ui/fields.tsx';

type Mode = NonNullable<RunInput['mode']>;

const MODES: { value: Mode; label: string }[] = [
  { value: 'daily', label: 'Daily: only new days' },
  { value: 'backfill', label: 'Backfill: reload the full history' },
  { value: 'intraday', label: 'Intraday: 15-minute bars' },
];

/** A button with a form that starts a run; by default, a daily run of all active instruments. */
export function StartRun() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [mode, setMode] = useState<Mode>('daily');
  const [symbols, setSymbols] = useState('');
  const [to, setTo] = useState('');
  const start = async () => {
    const chosen = symbols.split(/[\s,]+/).filter(Boolean);
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
      <Choice label="Type of run" options={MODES} value={mode} onChange={setMode} />
      <Field
        label="Only these stocks"
        value={symbols}
        onChange={setSymbols}
        hint="Symbols separated by commas. Leave empty for all stocks."
      />
      <Field
        label="As of"
        type="date"
        value={to}
        onChange={setTo}
        hint="The last day whose prices the run uses. Leave empty for today."
      />
    </Confirm>
  );
}
