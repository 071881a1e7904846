import { describe, expect, test } from 'vitest';
import type { Bar } from '../../functions/ingest/providers/provider.ts';
import type { MarketServer } from './server.ts';
import { expectBars, quotedTruth, startSynthetic } from './support.ts';

async function csv({ origin }: MarketServer, query: Record<string, string>): Promise<string> {
  const search = new URLSearchParams({ d1: '20000101', d2: '21000101', i: 'd', apikey: 'KEY', ...query });
  const response = await fetch(`${origin}/q/d/l/?${search}`);
  expect(response.status).toBe(200);
  return response.text();
}

function barsOf(text: string): Bar[] {
  const [header, ...lines] = text.split('\r\n');
  expect(header).toBe('Date,Open,High,Low,Close,Volume');
  expect(lines.pop()).toBe('');
  return lines.map((line) => {
    const [day = '', ...values] = line.split(',');
    const [o = 0, h = 0, l = 0, c = 0, v = 0] = values.map(Number);
    return { ts: Date.parse(day), o, h, l, c, v };
  });
}

describe('daily bars', () => {
  test.each([
    ['US001', 'us001.us'],
    ['US005-B', 'us005-b.us'],
    ['LN003.L', 'ln003.uk'],
    ['9004.T', '9004.jp'],
  ])('gives the adjusted bars of %s for %s', async (symbol, s) => {
    const server = await startSynthetic({ instruments: 5, days: 500 });
    const bars = barsOf(await csv(server, { s }));
    expect(bars).toHaveLength(500);
    // Stooq sends six significant digits.
    expectBars(bars, quotedTruth(server.market, symbol, 'daily', '2000-01-01', '2100-01-01'), 1e-5);
    expect(server.requests[0]).toMatchObject({ endpoint: 'stooq', symbol, requested: s, interval: 'daily' });
  });

  test('gives the requested days inclusively, and only closed sessions', async () => {
    const server = await startSynthetic({ clock: '2026-03-31T15:00:00Z' });
    const days = async (d1: string, d2: string) => {
      const bars = barsOf(await csv(server, { s: 'us001.us', d1, d2 }));
      return bars.map(({ ts }) => new Date(ts).toISOString().slice(0, 10));
    };
    expect(await days('20260325', '20260327')).toEqual(['2026-03-25', '2026-03-26', '2026-03-27']);
    expect(await days('20260330', '20260401')).toEqual(['2026-03-30']);
  });
});

describe("Stooq's refusals, all with HTTP 200", () => {
  test('answers "No data" to an unknown symbol, a span without a session and another interval', async () => {
    const server = await startSynthetic();
    expect(await csv(server, { s: 'none.us' })).toBe('No data');
    expect(await csv(server, { s: 'us001.us', d1: '20260328', d2: '20260329' })).toBe('No data');
    expect(await csv(server, { s: 'us001.us', i: 'w' })).toBe('No data');
  });

  test('refuses a missing or wrong key', async () => {
    const server = await startSynthetic({}, { stooqKey: 'RIGHT' });
    expect(await csv(server, { s: 'us001.us', apikey: 'WRONG' })).toMatch(/^Get your apikey:/);
    expect(await csv(server, { s: 'us001.us', apikey: '' })).toContain('?s=us001.us&get_apikey');
    expect(await csv(server, { s: 'us001.us', apikey: 'RIGHT' })).toMatch(/^Date,/);
  });
});
