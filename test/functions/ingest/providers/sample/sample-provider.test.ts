import { beforeAll, expect, test } from 'vitest';
import type { FileProvider } from '../../../../../functions/ingest/providers/provider.ts';
import { openSampleProvider } from '../../../../../functions/ingest/providers/sample/sample-provider.ts';
import { BadInputError } from '../../../../../functions/shared/errors.ts';
import { defined } from '../../../../../functions/shared/invariant.ts';
import { fixture, SAMPLE } from '../fixtures.ts';

let sample: FileProvider;
beforeAll(async () => {
  sample = await openSampleProvider(SAMPLE);
});

const bars = async (symbol: string, from = '2000-01-01', to = '2013-12-31') =>
  (await sample.fetchBars({ symbol, interval: 'daily', from, to })).bars;

test.each([
  ['AAPL', 3270],
  ['FB', 196],
  ['GOOG', 2148],
  ['IBM', 3270],
  ['MSFT', 3270],
])('has for %s %i bars up to 2013-03-01', async (symbol, rows) => {
  const all = await bars(symbol);
  expect(all).toHaveLength(rows);
  expect(all.at(-1)?.ts).toBe(Date.UTC(2013, 2, 1));
});

test('describes its five instruments', () => {
  expect(sample.name).toBe('sample');
  expect(sample.lastDay()).toBe('2013-03-01');
  expect(sample.listings().map(({ symbol, exchange }) => `${symbol} ${exchange}`)).toEqual([
    'AAPL NASDAQ',
    'FB NASDAQ',
    'GOOG NASDAQ',
    'IBM NYSE',
    'MSFT NASDAQ',
  ]);
  for (const listing of sample.listings()) {
    expect(listing.name).toBeTruthy();
    expect(listing.sector).toBeTruthy();
  }
});

test.each([
  ['AAPL', '2000-06-20', '2000-06-21'],
  ['AAPL', '2005-02-25', '2005-02-28'],
  ['MSFT', '2003-02-14', '2003-02-18'],
])('leaves no jump at the split of %s between %s and %s', async (symbol, before, after) => {
  const [last, first] = await bars(symbol, before, after);
  expect(Math.abs(Math.log(defined(first?.c, 'close') / defined(last?.c, 'close')))).toBeLessThan(0.15);
});

test('keeps every adjusted bar consistent', async () => {
  for (const { symbol } of sample.listings()) {
    const faulty = (await bars(symbol)).filter(
      ({ o, h, l, c, v }) => l > Math.min(o, c) || h < Math.max(o, c) || l <= 0 || v < 0,
    );
    expect(faulty).toEqual([]);
  }
});

test('multiplies prices by the adjustment factor, and divides volumes by it', async () => {
  const provider = await openSampleProvider(fixture('ok/as-traded-with-a-split.csv'));
  const request = { symbol: 'AAPL', interval: 'daily', from: '2005-02-25', to: '2005-02-28' } as const;
  expect(await provider.fetchBars(request)).toEqual({
    bars: [
      { ts: Date.UTC(2005, 1, 25), o: 44.81, h: 44.955, l: 44.095, c: 44.495, v: 32_696_800 },
      { ts: Date.UTC(2005, 1, 28), o: 44.68, h: 45.14, l: 43.96, c: 44.86, v: 11_635_900 },
    ],
    actions: [],
    currency: 'USD',
  });
});

test('leaves a bar without an adjusted close to the quality gate', async () => {
  const provider = await openSampleProvider(fixture('not-ok/adjusted-close-missing.csv'));
  const request = { symbol: 'IBM', interval: 'daily', from: '2005-01-01', to: '2005-12-31' } as const;
  const { bars } = await provider.fetchBars(request);
  expect(bars).toHaveLength(1);
  expect(bars[0]?.c).toBeNaN();
});

test('refuses a file of another format', async () => {
  await expect(openSampleProvider(fixture('not-ok/wrong-header.csv'))).rejects.toThrow(BadInputError);
});
