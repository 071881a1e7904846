import { describe, expect, test } from 'vitest';
import { DAY, different, lines } from './fault-support.ts';
import type { MarketServer } from './server.ts';
import { chartPath, dailyBars, expectBars, fetchChart, startSynthetic } from './support.ts';

describe('persistent faults', () => {
  const chartOf = (server: MarketServer) => fetchChart(server, { symbol: 'US001' });
  const truthOf = (server: MarketServer) => server.market.truth('US001', 'daily', '2000-01-01', '2100-01-01');

  test('restates the past and the true bars by a regular split', async () => {
    const server = await startSynthetic({ actions: false });
    const before = truthOf(server);
    server.faults.add({ fault: { kind: 'split', exDay: DAY, ratio: 4 } });
    const chart = await chartOf(server);
    expect(Object.values(chart.events?.splits ?? {})).toMatchObject([{ splitRatio: '4:1' }]);
    expect(truthOf(server).map(({ c }) => c)).toEqual(before.map(({ c }) => expect.closeTo(c / 4, 9)));
    for (let i = 0; i < 2; i++)
      expectBars(dailyBars(await chartOf(server), server.market.now()), truthOf(server));
  });

  test('restates a day', async () => {
    const server = await startSynthetic({ actions: false });
    const before = truthOf(server);
    server.faults.add({ fault: { kind: 'restated_close', factor: 1.02 } });
    await chartOf(server);
    const changedDays = different(
      before.map(({ c }) => c),
      truthOf(server).map(({ c }) => c),
    );
    expect(changedDays).toHaveLength(1);
    expect(changedDays[0]).toBeLessThan(before.length - 1);
    expectBars(dailyBars(await chartOf(server), server.market.now()), truthOf(server));
  });

  test('renames a symbol', async () => {
    const server = await startSynthetic({ actions: false });
    const before = truthOf(server);
    server.faults.add({ symbol: 'LN003.L', fault: { kind: 'renamed' } });
    server.faults.add({ symbol: 'US001', fault: { kind: 'renamed', to: 'META' } });
    const ask = async (symbol: string) => (await fetch(server.origin + chartPath({ symbol }))).status;
    expect([await ask('US001'), await ask('US001'), await ask('META')]).toEqual([404, 404, 200]);
    expect([await ask('LN003.L'), await ask('LN003X.L')]).toEqual([404, 200]);
    expect(server.market.truth('META', 'daily', '2000-01-01', '2100-01-01')).toEqual(before);
  });

  test('delists a symbol at Yahoo and at Stooq', async () => {
    const server = await startSynthetic();
    server.faults.add({ symbol: 'US001', fault: { kind: 'delisted' } });
    const { bad } = await lines(server, { kind: 'delisted' });
    expect(bad).toEqual(['No data']);
    expect((await fetch(server.origin + chartPath({ symbol: 'US001' }))).status).toBe(404);
  });
});
