import { describe, expect, test } from 'vitest';
import { Market } from './market.ts';
import {
  chartPath,
  dailyBars,
  expectBars,
  fetchChart,
  quotedTruth,
  start,
  startSynthetic,
  yahooClient,
} from './support.ts';
import { NYSE } from './trading-hours.ts';
import { localTime } from './zone.ts';

const ALL = ['2000-01-01', '2100-01-01'] as const;

describe('daily charts', () => {
  test('gives a simple client the true daily bars on every exchange', async () => {
    const server = await startSynthetic({ instruments: 8, days: 500 });
    const { market } = server;
    for (const symbol of market.symbols()) {
      const bars = dailyBars(await fetchChart(server, { symbol }), market.now());
      expect(bars).toHaveLength(500);
      expectBars(bars, quotedTruth(market, symbol, 'daily', ...ALL));
    }
  });

  test('passes the schema of yahoo-finance2, which reads the true bars', async () => {
    const server = await startSynthetic({ instruments: 8, days: 300 });
    const { market } = server;
    for (const symbol of market.symbols()) {
      const query = {
        period1: '2000-01-01',
        interval: '1d',
        events: 'div|split',
        includePrePost: false,
      } as const;
      const { quotes, events } = await yahooClient(server).chart(symbol, query);
      const { timeZone } = market.view(symbol).instrument.exchange;
      const bars = quotes.map(({ date, open, high, low, close, volume, adjclose }) => {
        const factor = (adjclose ?? 0) / (close ?? 0);
        const [o = 0, h = 0, l = 0, c = 0] = [open, high, low, close].map((price) => (price ?? 0) * factor);
        const day = localTime(date.getTime(), timeZone).slice(0, 10);
        return { ts: Date.parse(day), o, h, l, c, v: (volume ?? 0) / factor };
      });
      expect(bars).toHaveLength(300);
      expectBars(bars, quotedTruth(market, symbol, 'daily', ...ALL));
      const told = (events?.splits?.length ?? 0) + (events?.dividends?.length ?? 0);
      expect(told).toBe(market.actions(symbol, ...ALL).length);
    }
  });

  test('sends 32-bit prices, whole volumes, and quotes without dividend adjustment', async () => {
    const bar = (day: string, c: number, v: number) => ({ day, o: c, h: c, l: c, c, v });
    const market = new Market({
      clock: '2026-03-13T00:00:00Z',
      instruments: [
        {
          symbol: 'T',
          exchange: NYSE,
          name: 'Test',
          bars: [bar('2026-03-09', 100.1, 1001), bar('2026-03-10', 66.7, 1500), bar('2026-03-11', 66, 7)],
          actions: [
            { exDay: '2026-03-11', kind: 'dividend', value: 0.667 },
            { exDay: '2026-03-10', kind: 'split', value: 1.5 },
          ],
        },
      ],
    });
    const chart = await fetchChart(await start({ market }), { symbol: 't' });
    const [quote] = chart.indicators.quote;
    expect(quote.close).toEqual([Math.fround(100.1 / 1.5), Math.fround(66.7), 66]);
    expect(quote.volume).toEqual([Math.round(1001 * 1.5), 1500, 7]);
    expect(chart.indicators.adjclose?.[0].adjclose[1]).toBe(Math.fround(66.7 * (1 - 0.667 / 66.7)));
    const [monday = 0, tuesday = 0, wednesday = 0] = chart.timestamp;
    expect(new Date(monday * 1000).toISOString()).toBe('2026-03-09T13:30:00.000Z');
    expect(chart.events).toEqual({
      dividends: { [wednesday]: { amount: 0.667, date: wednesday } },
      splits: { [tuesday]: { date: tuesday, numerator: 3, denominator: 2, splitRatio: '3:2' } },
    });
  });

  test("states dividends in today's shares", async () => {
    const server = await startSynthetic({ instruments: 1, actions: false });
    const { bars } = server.market.view('US001');
    server.market.addAction('US001', { exDay: bars[10]?.day ?? '', kind: 'dividend', value: 0.4 });
    server.market.split('US001', bars[20]?.day ?? '', 4);
    const { events } = await fetchChart(server, { symbol: 'US001' });
    expect(Object.values(events?.dividends ?? {}).map(({ amount }) => amount)).toEqual([0.1]);
  });

  test('sends only the requested days and kinds of events', async () => {
    const server = await startSynthetic({ instruments: 1, days: 600 });
    const [split] = server.market.actions('US001', ...ALL).filter(({ kind }) => kind === 'split');
    const exDay = split?.exDay ?? '';
    const chart = await fetchChart(server, { symbol: 'US001', from: exDay, to: '2026-03-14' });
    expect(new Date((chart.timestamp[0] ?? 0) * 1000).toISOString().slice(0, 10)).toBe(exDay);
    expect(new Date((chart.timestamp.at(-1) ?? 0) * 1000).toISOString().slice(0, 10)).toBe('2026-03-13');
    const none = await fetch(server.origin + chartPath({ symbol: 'US001' }).replace('div%7Csplit', 'div'));
    expect(await none.text()).not.toContain('splitRatio');
  });
});

describe('open session', () => {
  test('ends the daily chart with an unclosed bar stamped with its last trade', async () => {
    const server = await startSynthetic({ clock: '2026-03-31T15:07:30Z' });
    const { meta, timestamp, indicators } = await fetchChart(server, { symbol: 'US001' });
    const last = Date.parse('2026-03-31T15:07:30Z') / 1000;
    expect(timestamp.at(-1)).toBe(last);
    expect(meta.regularMarketTime).toBe(last);
    expect(meta.currentTradingPeriod.regular).toMatchObject({
      start: Date.parse('2026-03-31T13:30:00Z') / 1000,
      end: Date.parse('2026-03-31T20:00:00Z') / 1000,
    });
    server.market.setClock('2026-04-01T20:00:00Z');
    const after = await fetchChart(server, { symbol: 'US001' });
    expect(after.timestamp.at(-1)).toBe(Date.parse('2026-03-31T13:30:00Z') / 1000);
    const volume = ({ quote }: typeof indicators) => quote[0].volume.at(-1) ?? 0;
    expect(volume(indicators)).toBeLessThan(volume(after.indicators));
  });

  test.each([
    ['before the open', '2026-03-31T13:29:59Z', 59],
    ['amid the session', '2026-03-31T15:07:30Z', 59],
    ['after the close', '2026-03-31T20:00:05Z', 60],
  ])('leaves the last bar open: %s', async (_when, clock, count) => {
    const server = await startSynthetic({ clock });
    const now = server.market.now();
    const bars = dailyBars(await fetchChart(server, { symbol: 'US001' }), now);
    expect(bars).toHaveLength(count);
    expectBars(bars, server.market.truth('US001', 'daily', ...ALL));
  });

  test('gives the last session as the current one on a weekend, with its early close', async () => {
    const server = await startSynthetic({ endDay: '2026-11-27', clock: '2026-11-28T12:00:00Z' });
    const { meta } = await fetchChart(server, { symbol: 'US001' });
    expect(meta.currentTradingPeriod.regular).toEqual({
      timezone: 'EST',
      start: Date.parse('2026-11-27T14:30:00Z') / 1000,
      end: Date.parse('2026-11-27T18:00:00Z') / 1000,
      gmtoffset: -18_000,
    });
  });
});

test('adds up the dividends of one day', async () => {
  const server = await startSynthetic({ actions: false });
  const exDay = '2026-03-10';
  for (const value of [0.5, 0.25]) server.market.addAction('US001', { exDay, kind: 'dividend', value });
  const { events } = await fetchChart(server, { symbol: 'US001' });
  expect(Object.values(events?.dividends ?? {})).toMatchObject([{ amount: 0.75 }]);
});
