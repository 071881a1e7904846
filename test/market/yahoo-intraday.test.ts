import { describe, expect, test } from 'vitest';
import { expectBars, fetchChart, quarterBars, quotedTruth, startSynthetic } from './support.ts';
import { sessionOf, TOKYO } from './trading-hours.ts';

describe('15-minute charts', () => {
  const clocks = [
    '2026-04-01T02:00:00Z',
    '2026-03-31T15:07:30Z',
    '2026-03-31T05:40:00Z',
    '2026-03-31T10:00:00Z',
  ];

  test.each(clocks)(
    'gives a simple client the true 15-minute bars on every exchange at %s',
    async (clock) => {
      const server = await startSynthetic({ instruments: 8, days: 60, clock });
      const { market } = server;
      for (const symbol of market.symbols()) {
        const intraday = await fetchChart(server, { symbol, interval: '15m', from: '2026-02-02' });
        const daily = await fetchChart(server, { symbol });
        const bars = quarterBars(intraday, daily, market.now());
        expect(bars.length).toBeGreaterThan(700);
        expectBars(bars, quotedTruth(market, symbol, '15m', '2026-02-02', '2026-04-01'));
      }
    },
  );

  test('lists the sessions on both sides of a clock change', async () => {
    const server = await startSynthetic({ instruments: 3 });
    const periods = async (symbol: string, from: string, to: string) => {
      const { meta } = await fetchChart(server, { symbol, interval: '15m', from, to });
      return meta.tradingPeriods?.map(([period]) => period?.gmtoffset);
    };
    expect(await periods('US001', '2026-03-06', '2026-03-10')).toEqual([-18_000, -14_400]);
    expect(await periods('LN003.L', '2026-03-27', '2026-03-31')).toEqual([0, 3600]);
  });

  test('ends with the last trade, or with the close on the day itself and after an early close', async () => {
    const server = await startSynthetic({ endDay: '2026-11-27', clock: '2026-11-27T16:20:10Z' });
    const query = { symbol: 'US001', interval: '15m', from: '2026-11-25' } as const;
    const times = ({ timestamp }: { timestamp: number[] }) =>
      timestamp.map((ts) => new Date(ts * 1000).toISOString().slice(8, 19));
    const amid = await fetchChart(server, query);
    expect(times(amid).slice(-2)).toEqual(['27T16:15:00', '27T16:20:10']);
    expect(amid.indicators.quote[0].volume.at(-1)).toBe(0);
    // A regular session of an earlier day has no such row.
    expect(times(amid)[25]).toBe('25T20:45:00');
    expect(times(amid)[26]).toBe('27T14:30:00');
    server.market.setClock('2026-11-30T12:00:00Z');
    const after = await fetchChart(server, query);
    expect(times(after).slice(-2)).toEqual(['27T17:45:00', '27T18:00:00']);
    expect(after.indicators.quote[0].volume.at(-1)).toBe(0);
    expect(after.indicators.quote[0].close.at(-1)).toBe(after.indicators.quote[0].close.at(-2));
  });

  test('has a lunch break in Tokyo', async () => {
    const server = await startSynthetic();
    const { timestamp } = await fetchChart(server, { symbol: '9004.T', interval: '15m', from: '2026-03-30' });
    const { lunch } = sessionOf(TOKYO, '2026-03-31');
    const within = timestamp.filter((ts) => lunch && ts * 1000 >= lunch.start && ts * 1000 < lunch.end);
    expect(within).toEqual([]);
    expect(timestamp.filter((ts) => ts * 1000 === lunch?.end)).toHaveLength(1);
  });
});
