import { Field } from '../ui/fields.tsx';

/** What is typed about an instrument. */
export const EMPTY_FACTS = { symbol: '', exchange: '', name: '', sector: '' };
export type Facts = typeof EMPTY_FACTS;

/** What was typed as the API takes it: nothing typed is nothing known. */
export function readFacts({ symbol, exchange, name, sector }: Facts) {
  return {
    symbol: symbol.trim().toUpperCase(),
    ...(exchange.trim() && { exchange: exchange.trim() }),
    name: name.trim() || null,
    sector: sector.trim() || null,
  };
}

/** The facts of an instrument, to be typed. */
export function InstrumentFields({ facts, onChange }: { facts: Facts; onChange: (facts: Facts) => void }) {
  const set = (name: keyof Facts) => (value: string) => onChange({ ...facts, [name]: value });
  return (
    <>
      <Field
        label="Symbol"
        isRequired
        value={facts.symbol}
        onChange={set('symbol')}
        hint="As Yahoo writes it: BRK-B."
      />
      <Field label="Exchange" value={facts.exchange} onChange={set('exchange')} />
      <Field label="Name" value={facts.name} onChange={set('name')} />
      <Field label="Sector" value={facts.sector} onChange={set('sector')} />
    </>
  );
}
