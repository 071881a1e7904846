import { Field } from '../ui/fields.tsx';

/** The form's values before the user types anything. */
export const EMPTY_FACTS = { symbol: '', exchange: '', name: '', sector: '' };
export type Facts = typeof EMPTY_FACTS;

/** The form's values as the API takes them; an empty name or sector becomes null. */
export function readFacts({ symbol, exchange, name, sector }: Facts) {
  return {
    symbol: symbol.trim(),
    ...(exchange.trim() && { exchange: exchange.trim() }),
    name: name.trim() || null,
    sector: sector.trim() || null,
  };
}

/** The fields of the form for a new or an existing instrument. */
export function InstrumentFields({ facts, onChange }: { facts: Facts; onChange: (facts: Facts) => void }) {
  const set = (name: keyof Facts) => (value: string) => onChange({ ...facts, [name]: value });
  return (
    <>
      <Field
        label="Symbol"
        isRequired
        value={facts.symbol}
        onChange={set('symbol')}
        hint="As Yahoo writes it, for example BRK-B. Upper or lower case."
      />
      <Field label="Exchange" value={facts.exchange} onChange={set('exchange')} />
      <Field label="Name" value={facts.name} onChange={set('name')} />
      <Field label="Sector" value={facts.sector} onChange={set('sector')} />
    </>
  );
}
