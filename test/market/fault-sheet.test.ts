import { describe, expect, test } from 'vitest';
import { changed, charts, DAY, lines, quote } from './fault-support.ts';
import { chartPath, fetchChart, startSynthetic } from './support.ts';

describe('missing values', () => {
  test('sends null for every price of some rows', async () => {
    const { server, bad } = await charts({ kind: 'null_prices', rows: 3 });
    const empty = quote(bad).close.flatMap((price, i) => (price === null ? [i] : []));
    expect(empty).toHaveLength(3);
    for (const column of Object.values(quote(bad)))
      expect(empty.map((i) => column[i])).toEqual([null, null, null]);
    expect(empty.map((i) => bad.indicators.adjclose?.[0].adjclose[i])).toEqual([null, null, null]);
    const csv = await lines(server, { kind: 'null_prices', rows: 1 });
    expect(csv.bad.filter((line) => /^\d{4}-\d\d-\d\d,,,,,$/.test(line))).toHaveLength(1);
  });

  test('sends null for one of the prices', async () => {
    const { server, good, bad } = await charts({ kind: 'null_prices', only: 'open' });
    const [row = -1, ...others] = changed(good, bad);
    expect(others).toEqual([]);
    expect(quote(bad).open[row]).toBeNull();
    expect(quote(bad).close).toEqual(quote(good).close);
    const csv = await lines(server, { kind: 'null_prices', only: 'volume' });
    expect(csv.bad.filter((line) => /^\d{4}-\d\d-\d\d(,[\d.]+){4},$/.test(line))).toHaveLength(1);
  });

  test('sends NaN, bare or as text', async () => {
    const server = await startSynthetic();
    const text = async (form: 'token' | 'string') => {
      server.faults.add({ fault: { kind: 'nan_prices', form } });
      return (await fetch(server.origin + chartPath({ symbol: 'US001' }))).text();
    };
    const token = await text('token');
    expect(token).toMatch(/[[,]NaN[\],]/);
    expect(() => JSON.parse(token)).toThrow(SyntaxError);
    const string = await text('string');
    expect(string.match(/"NaN"/g)).toHaveLength(1);
    expect(() => JSON.parse(string)).not.toThrow();
    const csv = await lines(server, { kind: 'nan_prices', form: 'string' });
    expect(csv.bad.filter((line) => line.includes(',NaN'))).toHaveLength(1);
  });
});

describe('missing and repeated rows', () => {
  test('leaves out the last days', async () => {
    const { server, good, bad } = await charts({ kind: 'missing_recent', days: 3 });
    expect(bad.timestamp).toEqual(good.timestamp.slice(0, -3));
    const { good: all, bad: fewer } = await lines(server, { kind: 'missing_recent', days: 3 });
    expect(fewer).toEqual([...all.slice(0, -4), '']);
    const quarters = await charts({ kind: 'missing_recent', days: 1 }, '15m');
    // The day's 26 bars and its closing print.
    expect(quarters.bad.timestamp).toEqual(quarters.good.timestamp.slice(0, -27));
  });

  test('leaves out a day in the middle', async () => {
    const { good, bad, at } = await charts({ kind: 'missing_middle', day: DAY });
    expect(bad.timestamp).toEqual(good.timestamp.filter((_, i) => i !== at));
    const { good: all, bad: fewer } = await charts({ kind: 'missing_middle' });
    const [gone] = all.timestamp.filter((ts) => !fewer.timestamp.includes(ts));
    expect(all.timestamp.slice(1, -1)).toContain(gone);
  });

  test('repeats the last row, stamped with the last trade', async () => {
    const { server, good, bad } = await charts({ kind: 'duplicate_last' });
    const close = Date.parse('2026-03-31T20:00:01Z') / 1000;
    expect(good.timestamp.at(-1)).toBe(close);
    expect(bad.timestamp.slice(-2)).toEqual([Date.parse('2026-03-31T13:30:00Z') / 1000, close]);
    expect(quote(bad).close.at(-1)).toBe(quote(bad).close.at(-2));
    const csv = await lines(server, { kind: 'duplicate_last' });
    expect(csv.bad).toEqual([...csv.good.slice(0, -1), ...csv.good.slice(-2)]);
  });

  test('sends only the last row', async () => {
    const { good, bad } = await charts({ kind: 'single_bar' });
    expect(bad.timestamp).toEqual(good.timestamp.slice(-1));
  });

  test('sends an open last row, as a cached answer has it', async () => {
    const { server, good, bad } = await charts({ kind: 'unclosed_bar' });
    const { start, end } = bad.meta.currentTradingPeriod.regular;
    expect(bad.timestamp.at(-1)).toBe(bad.meta.regularMarketTime);
    expect(bad.meta.regularMarketTime).toBeGreaterThan(start);
    expect(bad.meta.regularMarketTime).toBeLessThan(end);
    expect(changed(good, bad)).toEqual([good.timestamp.length - 1]);
    server.faults.add({ fault: { kind: 'unclosed_bar' } });
    const { headers } = await fetch(server.origin + chartPath({ symbol: 'US001' }));
    const date = Date.parse(headers.get('date') ?? '') / 1000;
    expect(date).toBeLessThan(end);
    expect(date + Number(headers.get('age'))).toBe(server.market.now() / 1000);
  });
});

test('leaves the answer unchanged where a fault finds nothing to change, and records that', async () => {
  const server = await startSynthetic();
  server.faults.add({ fault: { kind: 'price_jump', day: '1999-01-04' } });
  await fetchChart(server, { symbol: 'US001' });
  expect(server.requests[0]?.fault).toMatchObject({ changed: false });
});
