import { describe, expect, test, vi } from 'vitest';
import { PartialAnswerError, SchemaDriftError } from '../../../../../functions/ingest/providers/errors.ts';
import type { ChartRow } from './charts.ts';
import { answer, days, FRIDAY, fetchBars, MONDAY, seconds, TUESDAY, yahoo } from './yahoo-support.ts';

describe('daily bars', () => {
  test('start at midnight UTC of their trading day', async () => {
    answer([FRIDAY, MONDAY]);
    expect(await fetchBars()).toEqual([
      { ts: Date.UTC(2024, 2, 1), o: 179.5, h: 180.5, l: 177.4, c: 179.7, v: 73_488_000 },
      { ts: Date.UTC(2024, 2, 4), o: 176.2, h: 176.9, l: 173.8, c: 175.1, v: 81_510_100 },
    ]);
  });

  test('are asked for with the symbol as it is, and both days within', async () => {
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

  test('are adjusted for a split and a dividend by their adjusted close', async () => {
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
    ['without any price is left out', [FRIDAY, NOTHING, TUESDAY], [179.7, 170.1]],
    ['of zeros is left out', [FRIDAY, [start, 0, 0, 0, 0, 0, 0], TUESDAY], [179.7, 170.1]],
    ['without prices at the end is left out', [FRIDAY, NOTHING], [179.7]],
    ['that is not settled at the end is left out', [FRIDAY, [start, 176, 177, 173, null, 5, null]], [179.7]],
    ['that repeats the last day replaces it', [FRIDAY, MONDAY, [start + 5, 1, 2, 1, 2, 5, 2]], [179.7, 2]],
    ['that repeats the last day without a price takes it away', [FRIDAY, MONDAY, NOTHING], [179.7]],
  ])('a row %s', async (_, rows, expected) => {
    answer(rows);
    expect((await fetchBars()).map(({ c }) => c)).toEqual(expected);
  });

  test.each<[string, ChartRow]>([
    ['its open', [start, null, 177, 173, 175, 5, 175]],
    ['its high', [start, 176, null, 173, 175, 5, 175]],
    ['its low', [start, 176, 177, null, 175, 5, 175]],
    ['its adjusted close', [start, 176, 177, 173, 175, 5, null]],
    ['its close, amid the others', [start, 176, 177, 173, null, 5, null]],
  ])('a settled row without %s condemns the answer', async (_, row) => {
    answer([FRIDAY, row, TUESDAY]);
    await expect(fetchBars()).rejects.toThrow(
      new PartialAnswerError('TEST: the bar of 2024-03-04T00:00 lacks some of its prices'),
    );
  });

  test('a missing volume is none, and prices that cannot be are left for Load to refuse', async () => {
    answer([FRIDAY, [start, 1, 2, 0, 1, null, 1], [TUESDAY[0], 1, 2, 1, -1, 5, 1]]);
    expect(await fetchBars()).toMatchObject([{ c: 179.7 }, { l: 0, v: 0 }, { c: -1 }]);
  });

  test('without adjusted close are refused', async () => {
    answer([[FRIDAY[0], 100, 104, 98, 102, 1000]]);
    await expect(fetchBars()).rejects.toMatchObject({
      reason: 'schema_drift',
      message: 'TEST: unexpected answer: daily bars without adjusted close',
    });
  });

  test('of another symbol are refused', async () => {
    answer([FRIDAY], { symbol: 'TEXT' });
    await expect(fetchBars()).rejects.toThrow(new SchemaDriftError('TEST: unexpected answer: for TEXT'));
  });

  test('that end before the day of the last trade are refused', async () => {
    answer([FRIDAY], { regularMarketTime: MONDAY[0] });
    await expect(fetchBars()).rejects.toThrow(
      new PartialAnswerError('TEST: the answer ends on 2024-03-01, but reports a trade on 2024-03-04'),
    );
    answer([], { regularMarketTime: MONDAY[0] });
    await expect(fetchBars()).rejects.toThrow('TEST: the answer is empty, but reports a trade on');
    answer([FRIDAY], { regularMarketTime: TUESDAY[0] });
    expect(await fetchBars({ to: '2024-03-04' })).toHaveLength(1);
  });

  test('that begin long after the first day, of an instrument that is older, are refused', async () => {
    answer([TUESDAY]);
    await expect(fetchBars({ from: '2024-01-02' })).rejects.toThrow(
      new PartialAnswerError('TEST: the answer begins on 2024-03-05, after the requested 2024-01-02'),
    );
    // Two weeks without trading are possible, and so is a first day of all.
    expect(await fetchBars({ from: '2024-02-20' })).toHaveLength(1);
    answer([TUESDAY], { firstTradeDate: TUESDAY[0] });
    expect(await fetchBars({ from: '2024-01-02' })).toHaveLength(1);
  });

  test('without a time zone that there is are refused', async () => {
    answer([FRIDAY], { exchangeTimezoneName: 'America/Gotham' });
    await expect(fetchBars()).rejects.toThrow(SchemaDriftError);
  });

  test('none in the span is not an error', async () => {
    answer([]);
    expect(await fetchBars()).toEqual([]);
  });

  test('outside the days asked for are dropped', async () => {
    answer([FRIDAY, MONDAY, TUESDAY]);
    expect(await days({ from: '2024-03-04', to: '2024-03-04' })).toEqual(['2024-03-04T00:00:00.000Z']);
  });

  test('of a session east of Greenwich belong to the day there', async () => {
    vi.stubEnv('CLOCK', '2024-03-07T12:00:00Z');
    answer([[seconds('2024-03-04T23:00Z'), 10, 11, 9, 10, 5, 10]], {
      exchangeTimezoneName: 'Australia/Sydney',
    });
    expect(await days({ from: '2024-03-05' })).toEqual(['2024-03-05T00:00:00.000Z']);
  });
});
