import { request } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { FAULT_KINDS } from './faults.ts';
import { stooqSymbol } from './instrument.ts';
import { Market } from './market.ts';
import { startMarket } from './server.ts';
import { chartPath, start, startSynthetic } from './support.ts';
import { syntheticMarket } from './synthetic.ts';
import { NYSE } from './trading-hours.ts';

describe('record of requests', () => {
  test('records each request with its time and outcome', async () => {
    const server = await startSynthetic();
    server.faults.add({ symbol: 'US001', fault: { kind: 'rate_limit' } });
    await fetch(server.origin + chartPath({ symbol: 'US001', interval: '15m', from: '2026-03-01' }), {
      headers: { 'user-agent': 'test' },
    });
    expect(server.requests).toEqual([
      {
        endpoint: 'chart',
        requested: 'US001',
        symbol: 'US001',
        interval: '15m',
        method: 'GET',
        path: '/v8/finance/chart/US001',
        query: {
          period1: String(Date.parse('2026-03-01') / 1000),
          period2: String(Date.parse('2100-01-01') / 1000),
          interval: '15m',
          events: 'div|split',
          includePrePost: 'false',
        },
        headers: expect.objectContaining({ 'user-agent': 'test' }),
        time: expect.any(Date),
        status: 429,
        fault: {
          fault: { kind: 'rate_limit' },
          source: 'planned',
          category: 'transport',
          persistent: false,
          symbols: ['US001'],
          expected: ['rate_limited'],
          changed: true,
        },
      },
    ]);
  });

  test('names no endpoint for a path of neither vendor', async () => {
    const server = await startSynthetic();
    server.faults.random({ rate: 1, seed: 1 });
    expect((await fetch(`${server.origin}/nothing`)).status).toBe(404);
    expect(server.requests[0]).not.toHaveProperty('endpoint');
    expect(server.requests[0]).not.toHaveProperty('fault');
  });
});

test('listens only on the loopback address, on the given port', async () => {
  const first = await startSynthetic();
  expect(first.origin).toBe(`http://127.0.0.1:${first.port}`);
  const market = syntheticMarket({ instruments: 1, days: 5 });
  await expect(startMarket({ market, port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('closes while answers are pending', async () => {
  const server = await startMarket({ market: syntheticMarket({ instruments: 1, days: 5 }) });
  server.faults.add({ fault: { kind: 'hang' } });
  server.faults.add({ fault: { kind: 'slow_drip', bytes: 1, everyMs: 1000 } });
  const ask = () => fetch(server.origin + chartPath({ symbol: 'US001' })).then((response) => response.text());
  const answers = [ask(), ask()].map((answer) => answer.catch(() => 'failed'));
  await vi.waitFor(() => expect(server.requests).toHaveLength(2));
  await server.close();
  expect(await Promise.all(answers)).toEqual(['failed', 'failed']);
});

test('answers concurrent requests', async () => {
  const server = await startSynthetic({ instruments: 20 });
  const symbols = server.market.symbols();
  const answers = symbols.map(async (symbol) => (await fetch(server.origin + chartPath({ symbol }))).status);
  expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
  expect(server.requests.map(({ symbol }) => symbol).sort()).toEqual([...symbols].sort());
});

const KEYS = { authorization: 'Token T', 'apca-api-key-id': 'K', 'apca-api-secret-key': 'S' };

test('answers every request with every kind of fault, without a defect', async () => {
  const market = syntheticMarket({ instruments: 12, days: 80, seed: 3 });
  const server = await start({ market, timing: { hangMs: 1, dripMs: 1, dripBytes: 20_000 } });
  const endpoints = ['chart', 'stooq', 'quote_summary', 'crumb', 'cookie', 'alpaca', 'tiingo'] as const;
  server.faults.random({ rate: 0.8, seed: 3, kinds: FAULT_KINDS, endpoints });
  const paths = market
    .symbols()
    .flatMap((symbol) => [
      chartPath({ symbol }),
      chartPath({ symbol, interval: '15m', from: '2026-03-01' }),
      `/q/d/l/?s=${stooqSymbol(market.view(symbol).instrument)}&i=d&apikey=KEY`,
      `/v10/finance/quoteSummary/${symbol}?modules=price&crumb=x`,
      `/v2/stocks/bars?symbols=${symbol},US001&start=2026-01-02&end=2026-03-31T00:00:00Z`,
      `/tiingo/daily/${symbol.toLowerCase()}/prices?startDate=2026-01-02&endDate=2026-03-31`,
    ]);
  const odd = [
    '//',
    '/quote/%zz',
    '/v8/finance/chart/%zz',
    '/v8/finance/chart/?period1=x',
    '/q/d/l/?apikey=K&i=d',
  ];
  const days = ['/q/d/l/?s=us001.us&apikey=K&i=d&d1=soon', '/q/d/l/?s=us001.us&apikey=K&i=d&d1=20269999'];
  for (let round = 0; round < 14; round++) {
    for (const path of [...paths, ...odd, ...days]) {
      await fetch(server.origin + path, { redirect: 'manual', headers: KEYS })
        .then((response) => response.text())
        .catch(() => {});
    }
  }
  const seen = new Set(server.requests.map(({ fault }) => fault?.fault.kind));
  // This request does not fetch the crumb itself.
  expect(FAULT_KINDS.filter((kind) => !seen.has(kind) && kind !== 'rate_limit_crumb')).toEqual([]);
});

test('survives a client that leaves before its answer', async () => {
  const server = await startSynthetic({}, { timing: { delayMs: 50 } });
  const left = request(server.origin + chartPath({ symbol: 'US001' }));
  left.on('error', () => {});
  left.end();
  await vi.waitFor(() => expect(server.requests).toHaveLength(1));
  left.destroy();
  expect((await fetch(server.origin + chartPath({ symbol: 'US001' }))).status).toBe(200);
});

test('answers its own defect with HTTP 500, and throws it on closing', async () => {
  const market = syntheticMarket({ instruments: 1, days: 5 });
  const server = await startMarket({ market });
  market.view = () => {
    throw new Error('broken');
  };
  expect((await fetch(server.origin + chartPath({ symbol: 'US001' }))).status).toBe(500);
  await expect(server.close()).rejects.toThrow('broken');
});

test('knows an instrument that is not traded yet, without bars', async () => {
  const instrument = { symbol: 'IPO', exchange: NYSE, name: 'New', actions: [] };
  const bars = [{ day: '2026-03-31', o: 10, h: 12, l: 9, c: 11, v: 500 }];
  const market = new Market({ clock: '2026-03-30T12:00:00Z', instruments: [{ ...instrument, bars }] });
  const server = await start({ market });
  const ask = async () => (await fetch(server.origin + chartPath({ symbol: 'IPO' }))).status;
  expect(await ask()).toBe(400);
  market.setClock('2026-03-31T13:31:00Z');
  expect(await ask()).toBe(200);
});
