import { afterEach, describe, expect, test, vi } from 'vitest';
import { registerInstruments } from '../../../../functions/ingest/instruments.ts';
import {
  bundledReference,
  deployedReference,
  setReference,
} from '../../../../functions/ingest/reference/reference.ts';
import { InstrumentSymbol } from '../../../../functions/shared/fields.ts';
import { useStore } from '../store-support.ts';

const store = useStore();

const listed = (...symbols: string[]) => symbols.map((symbol) => ({ symbol }));
const stored = async () => {
  const rows = await store.db.sql<{ symbol: string; purpose: string; is_active: boolean }[]>`
    SELECT symbol, purpose, is_active FROM instruments ORDER BY symbol`;
  return rows.map(({ symbol, purpose, is_active }) => `${symbol} ${purpose}${is_active ? '' : ', inactive'}`);
};

describe('setReference', () => {
  test('replaces the reference, and keeps what gets recommendations', async () => {
    await registerInstruments(store.sql, listed('AAPL', 'MINE'));
    await setReference(store.sql, listed('AAPL', 'KO', 'PEP'));
    expect(await stored()).toEqual(['AAPL both', 'KO reference', 'MINE recommended', 'PEP reference']);
    await setReference(store.sql, listed('KO', 'MMM'));
    const changed = ['AAPL recommended', 'KO reference', 'MINE recommended', 'MMM reference'];
    expect(await stored()).toEqual([...changed, 'PEP recommended, inactive']);
    await setReference(store.sql, listed('KO', 'MMM'));
    expect(await stored()).toEqual([...changed, 'PEP recommended, inactive']);
  });

  test('ends the reference with an empty list, and reactivates a former member', async () => {
    await setReference(store.sql, listed('KO'));
    await setReference(store.sql, []);
    expect(await stored()).toEqual(['KO recommended, inactive']);
    await setReference(store.sql, listed('KO'));
    expect(await stored()).toEqual(['KO reference']);
  });
});

describe('deployedReference', () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    ['sp500', bundledReference('sp500')],
    ['basket', bundledReference('basket')],
    ['none', []],
    ['imported', undefined],
    [undefined, undefined],
  ])('reads %s from the environment', (name, listings) => {
    vi.stubEnv('REFERENCE', name);
    expect(deployedReference()).toEqual(listings);
  });

  test('refuses an unknown name', () => {
    vi.stubEnv('REFERENCE', 'dax');
    expect(deployedReference).toThrow(/REFERENCE/);
  });
});

describe('bundledReference', () => {
  const sectorsOf = (listings: { sector?: string }[]) => {
    const counts: Record<string, number> = {};
    for (const { sector = 'none' } of listings) counts[sector] = (counts[sector] ?? 0) + 1;
    return counts;
  };

  test('has about 500 companies, each once, with name and sector', () => {
    const all = bundledReference('sp500');
    expect(all.length).toBeGreaterThan(490);
    expect(new Set(all.map(({ symbol }) => symbol)).size).toBe(all.length);
    for (const { symbol, name, sector } of all)
      expect(InstrumentSymbol.safeParse(symbol).success && name && sector, symbol).toBeTruthy();
  });

  test('has a basket of 150 of them, with the same shares of every sector', () => {
    const all = bundledReference('sp500');
    const basket = bundledReference('basket');
    expect(basket).toHaveLength(150);
    const [of, among] = [sectorsOf(basket), sectorsOf(all)];
    expect(Object.keys(of).sort()).toEqual(Object.keys(among).sort());
    for (const [sector, count] of Object.entries(among))
      expect(Math.abs((of[sector] ?? 0) - (150 * count) / all.length), sector).toBeLessThan(1);
  });

  test('has nothing for none', () => {
    expect(bundledReference('none')).toEqual([]);
  });
});
