import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BarRequest } from '../../../../../functions/ingest/providers/provider.ts';
import { openYahooProvider } from '../../../../../functions/ingest/providers/yahoo/yahoo-provider.ts';
import { type ChartRow, chart, startYahooServer, type YahooServer } from './yahoo-server.ts';

let yahoo: YahooServer;
beforeAll(async () => {
  yahoo = await startYahooServer();
});
afterAll(() => yahoo.close());
beforeEach(() => {
  yahoo.asked.length = 0;
  vi.stubEnv('CLOCK', '2024-03-06T12:00:00Z');
});
afterEach(() => vi.unstubAllEnvs());

const DAYS: BarRequest = { symbol: 'TEST', interval: 'daily', from: '2024-03-01', to: '2024-03-05' };

function fetchBars(request: Partial<BarRequest> = {}) {
  return openYahooProvider({ origin: yahoo.origin }).fetchBars({ ...DAYS, ...request });
}

function answer(rows: readonly ChartRow[], meta?: Record<string, unknown>) {
  yahoo.answer = (_request, response) => {
    response
      .setHeader('content-type', 'application/json;charset=utf-8')
      .end(JSON.stringify(chart(rows, meta)));
  };
}

const seconds = (instant: string) => Date.parse(instant) / 1000;
const days = async (request?: Partial<BarRequest>) =>
  (await fetchBars(request)).map(({ ts }) => new Date(ts).toISOString());

const FRIDAY: ChartRow = [seconds('2024-03-01T14:30Z'), 179.5, 180.5, 177.4, 179.7, 73_488_000, 179.7];
const MONDAY: ChartRow = [seconds('2024-03-04T14:30Z'), 176.2, 176.9, 173.8, 175.1, 81_510_100, 175.1];
const TUESDAY: ChartRow = [seconds('2024-03-05T14:30Z'), 170.8, 172, 169.6, 170.1, 95_132_400, 170.1];

describe('daily bars', () => {
  test('start at midnight UTC of their trading day', async () => {
    answer([FRIDAY, MONDAY]);
    expect(await fetchBars()).toEqual([
      { ts: Date.UTC(2024, 2, 1), o: 179.5, h: 180.5, l: 177.4, c: 179.7, v: 73_488_000 },
      { ts: Date.UTC(2024, 2, 4), o: 176.2, h: 176.9, l: 173.8, c: 175.1, v: 81_510_100 },
    ]);
  });

  test('are asked for with the symbol as it is, and both days within', async () => {
    answer([]);
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

  test('rows without prices are skipped, a missing volume is none', async () => {
    const [start] = MONDAY;
    answer([
      FRIDAY,
      [start, null, null, null, null, null, null],
      [seconds('2024-03-05T14:30Z'), 1, 2, 1, 2, null, 2],
    ]);
    const bars = await fetchBars();
    expect(bars.map(({ v }) => v)).toEqual([73_488_000, 0]);
    answer([FRIDAY, [start, 176.2, 176.9, 173.8, 175.1, 10, null]]);
    expect(await fetchBars()).toHaveLength(1);
  });

  test('without adjusted close are refused', async () => {
    answer([[FRIDAY[0], 100, 104, 98, 102, 1000]]);
    await expect(fetchBars()).rejects.toMatchObject({
      reason: 'schema_drift',
      message: 'TEST: unexpected answer: daily bars without adjusted close',
    });
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

describe('a session that is open', () => {
  const LIVE: ChartRow = [seconds('2024-03-05T20:59:40Z'), 170.8, 172, 169.6, 170, 90_000_000, 170];

  test('gives no daily bar', async () => {
    vi.stubEnv('CLOCK', '2024-03-05T20:59:59Z');
    answer([MONDAY, LIVE]);
    expect(await days()).toEqual(['2024-03-04T00:00:00.000Z']);
  });

  test('gives one as soon as it ends', async () => {
    vi.stubEnv('CLOCK', '2024-03-05T21:00:00Z');
    answer([MONDAY, LIVE]);
    expect(await days()).toEqual(['2024-03-04T00:00:00.000Z', '2024-03-05T00:00:00.000Z']);
  });

  test('is told by the clock, also when that stands in the past', async () => {
    vi.stubEnv('CLOCK', '2024-03-04T15:00:00Z');
    answer([FRIDAY, MONDAY, TUESDAY]);
    expect(await days()).toEqual(['2024-03-01T00:00:00.000Z']);
  });

  test('that Yahoo gives twice counts once, as its last quote', async () => {
    answer([MONDAY, TUESDAY, [seconds('2024-03-05T21:00:01Z'), 170.8, 172, 169.6, 170.5, 95_200_000, 170.5]]);
    expect((await fetchBars()).map(({ c }) => c)).toEqual([175.1, 170.5]);
  });
});

describe('15-minute bars', () => {
  const rows: ChartRow[] = [
    [seconds('2024-03-05T14:30Z'), 170.7, 171.5, 170.1, 171, 6_000_000],
    [seconds('2024-03-05T14:45Z'), 171, 171.2, 170.2, 170.4, 3_000_000],
    [seconds('2024-03-05T15:00Z'), 170.4, 170.9, 170, 170.6, 1_000_000],
  ];

  test('keep their start and their prices', async () => {
    answer(rows);
    expect((await fetchBars({ interval: '15m' }))[1]).toEqual({
      ts: Date.UTC(2024, 2, 5, 14, 45),
      o: 171,
      h: 171.2,
      l: 170.2,
      c: 170.4,
      v: 3_000_000,
    });
    expect(yahoo.asked[0]?.searchParams.get('interval')).toBe('15m');
  });

  test('of an open session are those that have ended', async () => {
    vi.stubEnv('CLOCK', '2024-03-05T15:05:00Z');
    answer(rows);
    expect(await days({ interval: '15m' })).toEqual(['2024-03-05T14:30:00.000Z', '2024-03-05T14:45:00.000Z']);
  });
});
