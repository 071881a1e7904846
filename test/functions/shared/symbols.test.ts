import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { vendorsOf } from '../../../functions/ingest/providers/descriptor.ts';
import { PROVIDERS } from '../../../functions/ingest/providers/registry.ts';
import { rawKey } from '../../../functions/ingest/raw.ts';
import { AnySymbol, InstrumentSymbol } from '../../../functions/shared/fields.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { canonicalSymbol } from '../../../functions/shared/symbols.ts';
import { readTarget } from '../../../local/serving/gateway-routes.ts';
import { random } from '../../market/random.ts';

test.each([
  ['AAPL', 'AAPL'],
  [' msft ', 'MSFT'],
  ['BRK.B', 'BRK-B'],
  ['BRK/B', 'BRK-B'],
  ['BRK-B', 'BRK-B'],
  ['brk.b', 'BRK-B'],
  ['bf.b', 'BF-B'],
  ['MOG.A', 'MOG-A'],
  // A slash never separates an exchange.
  ['ABC/L', 'ABC-L'],
  // Letters after a dot that are an exchange at Yahoo: London, Tokyo, Frankfurt.
  ['VOD.L', 'VOD.L'],
  ['7203.T', '7203.T'],
  ['SAP.DE', 'SAP.DE'],
  ['^GSPC', '^GSPC'],
  ['EURUSD=X', 'EURUSD=X'],
  ['btc-usd', 'BTC-USD'],
  ['M&M.NS', 'M&M.NS'],
])('reads %j as %s', (text, symbol) => {
  expect(canonicalSymbol(text)).toBe(symbol);
  expect(InstrumentSymbol.safeParse(symbol).success).toBe(true);
});

test.each(['A A', 'BRK B', 'A+B', 'A\tB', '', '&M', 'AAPL\n', 'ſ', 'ABCDEFGHIJKLMNOP'])(
  'refuses %j',
  (text) => {
    expect(AnySymbol.safeParse(text).success).toBe(false);
    expect(InstrumentSymbol.safeParse(text).success).toBe(false);
  },
);

test('stores no second form of an instrument', () => {
  expect(InstrumentSymbol.safeParse('BRK.B').success).toBe(false);
  expect(InstrumentSymbol.safeParse('aapl').success).toBe(false);
});

/** Legal symbols: ordinary ones, and any combination of the legal characters. */
function legalSymbols(count: number): string[] {
  const source = random(16);
  const pick = (from: string) => from.charAt(source.int(from.length));
  const stem = () => Array.from({ length: 1 + source.int(6) }, () => pick('ABCXYZ0123456789')).join('');
  const endings = ['', '-B', '.L', '.HK', '.WA', '.DE', '.NS', '=X', '-USD'];
  const symbols = Array.from({ length: count }, (_, i) => {
    if (i % 2 === 0) return `${stem()}${endings[source.int(endings.length)]}`;
    const rest = Array.from({ length: source.int(15) }, () => pick('ABCLTYZ0189.^=&-'));
    return `${pick('ABCLTYZ0189^')}${rest.join('')}`;
  });
  return [...new Set([...symbols, '00700.HK', '0700.HK', '0.HK', 'A..', '^SPX', 'M&M.NS'])].filter(
    (symbol) => InstrumentSymbol.safeParse(symbol).success,
  );
}

const LEGAL = legalSymbols(4000);

test('maps every accepted spelling to a legal symbol, once and for all', () => {
  expect(LEGAL.length).toBeGreaterThan(3000);
  for (const symbol of LEGAL) {
    expect(canonicalSymbol(symbol)).toBe(symbol);
    expect(AnySymbol.parse(symbol.toLowerCase())).toBe(symbol);
  }
  const source = random(17);
  const characters = 'abzABLTZ019.^=&-';
  for (let i = 0; i < 4000; i++) {
    const text = Array.from({ length: 1 + source.int(5) }, () =>
      characters.charAt(source.int(characters.length)),
    ).join('');
    const { data, success } = AnySymbol.safeParse(text);
    if (success) expect(InstrumentSymbol.safeParse(data).success).toBe(true);
  }
});

test('keeps every legal symbol through the path and the query of a URL', () => {
  for (const symbol of LEGAL) {
    const url = new URL(`http://localhost/v1/instruments/${encodeURIComponent(symbol)}/bars`);
    url.search = new URLSearchParams({ symbol }).toString();
    expect(readTarget(`${url.pathname}${url.search}`)?.path).toBe(`/v1/instruments/${symbol}/bars`);
    expect(url.searchParams.get('symbol')).toBe(symbol);
  }
});

test('keeps every legal symbol apart in the keys of raw records', async () => {
  const scope = { runId: 'run-1', interval: 'daily', from: '2026-03-02' } as const;
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-symbols-'));
  try {
    const objects = openObjects(pathToFileURL(`${folder}/`).href);
    const some = [...LEGAL.slice(0, 300), ...LEGAL.slice(-6)];
    for (const symbol of some) await objects.put(rawKey(scope, symbol), Buffer.from(symbol));
    for (const symbol of some) {
      expect(Buffer.from((await objects.get(rawKey(scope, symbol))) ?? []).toString()).toBe(symbol);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each(vendorsOf(PROVIDERS).map((vendor) => [vendor.name, vendor] as const))(
  'maps every legal symbol that %s has to its form and back',
  (_name, { symbols }) => {
    const codes = new Map<string, string>();
    for (const symbol of LEGAL) {
      const code = symbols.toVendor(symbol);
      if (code === undefined) continue;
      expect(symbols.fromVendor(code)).toBe(symbol);
      expect(codes.get(code) ?? symbol).toBe(symbol);
      codes.set(code, symbol);
    }
    expect(codes.size).toBeGreaterThan(100);
  },
);
