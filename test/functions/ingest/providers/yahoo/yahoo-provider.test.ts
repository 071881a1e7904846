import { describe, expect, test, vi } from 'vitest';
import { PartialAnswerError, SchemaDriftError } from '../../../../../functions/ingest/providers/errors.ts';
import type { Bar } from '../../../../../functions/ingest/providers/provider.ts';
import type { ChartRow } from './charts.ts';
import { answer, days, FRIDAY, fetchBars, MONDAY, seconds, TUESDAY, yahoo } from './yahoo-support.ts';

describe('daily bars', () => {
  test('stamps daily bars with midnight UTC of their trading day', async () => {
    answer([FRIDAY, MONDAY]);
    expect(await fetchBars()).toEqual([
      { ts: Date.UTC(2024, 2, 1), o: 179.5, h: 180.5, l: 177.4, c: 179.7, v: 73_488_000 },
      { ts: Date.UTC(2024, 2, 4), o: 176.2, h: 176.9, l: 173.8, c: 175.1, v: 81_510_100 },
    ]);
  });

  test('requests the symbol unchanged, with both days inclusive', async () => {
    answer([], { symbol: 'BRK-B' });
    await fetchBars({ symbol: 'BRK-B' });
    expect(yahoo.asked).toHaveLength(1);
    const [url] = yahoo.asked;
    expect(url?.pathname).toBe('/v8/finance/chart/BRK-B');
    expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject({
      period1: String(seconds('2024-02-29T00:00Z')),
      period2: String(seconds('2024-03-06T00:00Z')),
      interval: '1d',
      events: 'div|split',
      includePrePost: 'false',
    });
  });

  test('adjusts daily bars by their adjusted close', async () => {
    answer([
      [seconds('2024-03-01T14:30Z'), 100, 104, 98, 102, 1000, 50],
      [seconds('2024-03-04T14:30Z'), 51, 52, 50, 51, 2000, 50.5],
      [seconds('2024-03-05T14:30Z'), 50, 53, 49, 52, 2100, 52],
    ]);
    const bars = await fetchBars();
    expect(bars.map(({ c }) => c)).toEqual([expect.closeTo(50, 9), expect.closeTo(50.5, 9), 52]);
    expect(bars[0]?.o).toBeCloseTo((100 * 50) / 102, 9);
    expect(bars[0]?.v).toBeCloseTo((1000 * 102) / 50, 9);
    for (const { o, h, l, c } of bars) expect(l <= Math.min(o, c) && h >= Math.max(o, c)).toBe(true);
  });

  const [start] = MONDAY;
  const NOTHING: ChartRow = [start, null, null, null, null, null, null];

  test.each<[string, ChartRow[], number[]]>([
    ['leaves out a row without any price', [FRIDAY, NOTHING, TUESDAY], [179.7, 170.1]],
    ['leaves out a row of zeros', [FRIDAY, [start, 0, 0, 0, 0, 0, 0], TUESDAY], [179.7, 170.1]],
    ['leaves out a last row without prices', [FRIDAY, NOTHING], [179.7]],
    ['leaves out a last row that is not settled', [FRIDAY, [start, 176, 177, 173, null, 5, null]], [179.7]],
    [
      'replaces the last day by a row that repeats it',
      [FRIDAY, MONDAY, [start + 5, 1, 2, 1, 2, 5, 2]],
      [179.7, 2],
    ],
    ['drops the last day where a row repeats it without a price', [FRIDAY, MONDAY, NOTHING], [179.7]],
  ])('%s', async (_, rows, expected) => {
    answer(rows);
    expect((await fetchBars()).map(({ c }) => c)).toEqual(expected);
  });

  const NONE = { o: Number.NaN, h: Number.NaN, l: Number.NaN, c: Number.NaN };

  test.each<[string, ChartRow, Partial<Bar>]>([
    ['its open', [start, null, 177, 173, 175, 5, 175], { o: Number.NaN, h: 177, l: 173, c: 175, v: 5 }],
    ['its high', [start, 176, null, 173, 175, 5, 175], { o: 176, h: Number.NaN, c: 175 }],
    ['its low', [start, 176, 177, null, 175, 5, 175], { o: 176, l: Number.NaN, c: 175 }],
    ['its adjusted close', [start, 176, 177, 173, 175, 5, null], NONE],
    ['a finite adjusted close', [start, 176, 177, 173, 175, 5, Number.POSITIVE_INFINITY], NONE],
    ['its close, amid the others', [start, 176, 177, 173, null, 5, null], NONE],
  ])('keeps the other bars of an answer with a settled row without %s', async (_, row, expected) => {
    answer([FRIDAY, row, TUESDAY]);
    expect(await fetchBars()).toMatchObject([
      { c: 179.7 },
      { ts: Date.UTC(2024, 2, 4), ...expected },
      { c: 170.1 },
    ]);
  });

  test('reads a missing volume as 0, and leaves impossible prices to Load', async () => {
    answer([FRIDAY, [start, 1, 2, 0, 1, null, 1], [TUESDAY[0], 1, 2, 1, -1, 5, 1]]);
    expect(await fetchBars()).toMatchObject([{ c: 179.7 }, { l: 0, v: 0 }, { c: -1 }]);
  });

  test('refuses daily bars without adjusted close', async () => {
    answer([[FRIDAY[0], 100, 104, 98, 102, 1000]]);
    await expect(fetchBars()).rejects.toMatchObject({
      reason: 'schema_drift',
      message: 'TEST: unexpected answer: daily bars without adjusted close',
    });
  });

  test('refuses the bars of another symbol', async () => {
    answer([FRIDAY], { symbol: 'TEXT' });
    await expect(fetchBars()).rejects.toThrow(new SchemaDriftError('TEST: unexpected answer: for TEXT'));
  });

  test('refuses daily bars that end before the day of the last trade', async () => {
    answer([FRIDAY], { regularMarketTime: MONDAY[0] });
    await expect(fetchBars()).rejects.toThrow(
      new PartialAnswerError('TEST: the answer ends on 2024-03-01, but reports a trade on 2024-03-04'),
    );
    answer([], { regularMarketTime: MONDAY[0] });
    await expect(fetchBars()).rejects.toThrow('TEST: the answer is empty, but reports a trade on');
    answer([FRIDAY], { regularMarketTime: TUESDAY[0] });
    expect(await fetchBars({ to: '2024-03-04' })).toHaveLength(1);
  });

  test('refuses daily bars of an older instrument that begin long after the first day', async () => {
    answer([TUESDAY]);
    await expect(fetchBars({ from: '2024-01-02' })).rejects.toThrow(
      new PartialAnswerError('TEST: the answer begins on 2024-03-05, after the requested 2024-01-02'),
    );
    // Two weeks without trading are possible, and so is a first trading day.
    expect(await fetchBars({ from: '2024-02-20' })).toHaveLength(1);
    answer([TUESDAY], { firstTradeDate: TUESDAY[0] });
    expect(await fetchBars({ from: '2024-01-02' })).toHaveLength(1);
  });

  test('refuses a chart with an unknown time zone', async () => {
    answer([FRIDAY], { exchangeTimezoneName: 'America/Gotham' });
    await expect(fetchBars()).rejects.toThrow(SchemaDriftError);
  });

  test('accepts an answer without bars', async () => {
    answer([]);
    expect(await fetchBars()).toEqual([]);
  });

  test('drops bars outside the requested days', async () => {
    answer([FRIDAY, MONDAY, TUESDAY]);
    expect(await days({ from: '2024-03-04', to: '2024-03-04' })).toEqual(['2024-03-04T00:00:00.000Z']);
  });

  test('stamps the bar of a session east of UTC with its local day', async () => {
    vi.stubEnv('CLOCK', '2024-03-07T12:00:00Z');
    answer([[seconds('2024-03-04T23:00Z'), 10, 11, 9, 10, 5, 10]], {
      exchangeTimezoneName: 'Australia/Sydney',
    });
    expect(await days({ from: '2024-03-05' })).toEqual(['2024-03-05T00:00:00.000Z']);
  });
});
