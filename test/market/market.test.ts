import { describe, expect, test } from 'vitest';
import { Market } from './market.ts';
import { syntheticMarket } from './synthetic.ts';
import { LONDON, NYSE } from './trading-hours.ts';

const bar = (day: string, c: number) => ({ day, o: c, h: c + 1, l: c - 1, c, v: 1000 });

function smallMarket(clock = '2026-03-12T00:00:00Z') {
  const bars = [
    bar('2026-03-09', 100),
    bar('2026-03-10', 110),
    bar('2026-03-11', 120),
    bar('2026-03-12', 60),
  ];
  const actions = [{ exDay: '2026-03-12', kind: 'split', value: 2 } as const];
  return new Market({
    clock,
    instruments: [{ symbol: 'BRK-B', exchange: NYSE, name: 'Test', bars, actions }],
  });
}

const closes = (market: Market, symbol = 'BRK-B') =>
  market.truth(symbol, 'daily', '2026-01-01', '2026-12-31').map(({ c }) => c);

describe('true bars', () => {
  test('cover closed sessions, stamped with midnight of their day', () => {
    const market = smallMarket('2026-03-11T19:59:59Z');
    expect(closes(market)).toEqual([100, 110]);
    market.advance(1000);
    expect(market.truth('BRK-B', 'daily', '2026-03-11', '2026-03-11')).toEqual([
      { ts: Date.parse('2026-03-11'), o: 120, h: 121, l: 119, c: 120, v: 1000 },
    ]);
  });

  test('are restated when the session of a split opens, and not before', () => {
    const market = smallMarket('2026-03-12T13:30:00Z');
    expect(closes(market)).toEqual([100, 110, 120]);
    expect(market.actions('BRK-B', '2026-01-01', '2026-12-31')).toEqual([]);
    market.setClock('2026-03-12T13:30:01Z');
    expect(closes(market)).toEqual([50, 55, 60]);
    expect(market.actions('BRK-B', '2026-01-01', '2026-12-31')).toHaveLength(1);
    market.setClock('2026-03-13');
    expect(closes(market)).toEqual([50, 55, 60, 60]);
    expect(market.truth('BRK-B', 'daily', '2026-03-09', '2026-03-09')[0]?.v).toBe(2000);
  });

  test('include 15-minute bars that have ended, adjusted like the daily ones', () => {
    const market = smallMarket('2026-03-12T14:07:00Z');
    const bars = market.truth('BRK-B', '15m', '2026-03-11', '2026-03-12');
    expect(bars).toHaveLength(26 + 2);
    expect(bars[25]?.c).toBe(60);
    expect(bars[26]?.ts).toBe(Date.parse('2026-03-12T13:30:00Z'));
  });

  test('follow changes of the market', () => {
    const market = smallMarket();
    market.addAction('BRK-B', { exDay: '2026-03-11', kind: 'dividend', value: 11 });
    expect(closes(market)).toEqual([90, expect.closeTo(99), 120]);
    market.restate('BRK-B', '2026-03-10', 1.1);
    expect(closes(market)[1]).toBeCloseTo(121 * (1 - 11 / 121), 9);
    market.split('BRK-B', '2026-03-11', 4);
    expect(closes(market)[2]).toBe(30);
    expect(market.truth('BRK-B', 'daily', '2026-03-11', '2026-03-11')[0]?.v).toBe(4000);
    market.trade('BRK-B', []);
    market.change('BRK-B', { name: 'Other' });
    expect(market.listing('BRK-B')).toEqual({
      symbol: 'BRK-B',
      exchange: 'NYSE',
      name: 'Other',
      currency: 'USD',
    });
  });

  test('are all divided by a split, like later dividends', () => {
    const market = smallMarket('2026-03-13');
    market.addAction('BRK-B', { exDay: '2026-03-11', kind: 'dividend', value: 11 });
    const before = closes(market);
    market.split('BRK-B', '2026-03-10', 5);
    expect(closes(market)).toEqual(before.map((close) => expect.closeTo(close / 5, 9)));
  });

  test('remain for a renamed or delisted symbol', () => {
    const market = smallMarket();
    market.rename('BRK-B', 'NEW');
    expect(market.symbols()).toEqual(['NEW']);
    expect(market.find('BRK-B')).toBeUndefined();
    expect(market.findByStooqSymbol('brk-b.us')).toBeUndefined();
    expect(market.findByStooqSymbol('NEW.US')?.symbol).toBe('NEW');
    expect(closes(market, 'BRK-B')).toEqual(closes(market, 'NEW'));
    market.delist('NEW');
    expect(market.symbols()).toEqual([]);
    expect(market.findByStooqSymbol('new.us')).toBeUndefined();
    expect(closes(market, 'NEW')).toEqual([100, 110, 120]);
  });
});

test('refuses invalid changes', () => {
  const market = smallMarket();
  expect(() => market.truth('NONE', 'daily', '2026-01-01', '2026-12-31')).toThrow(
    'NONE has never been listed',
  );
  expect(() => market.setClock('soon')).toThrow('not an instant: soon');
  expect(() => market.rename('BRK-B', 'BRK-B')).toThrow('BRK-B is listed already');
  expect(() => market.trade('BRK-B', [bar('2026-03-12', 1)])).toThrow(
    'BRK-B: the bar of 2026-03-12 does not follow the one before it',
  );
  expect(() => market.list({ symbol: 'BRK-B', exchange: LONDON, name: '', bars: [], actions: [] })).toThrow();
});

test('uses the wall clock by default', () => {
  const market = smallMarket();
  market.setClock();
  expect(Math.abs(market.now() - Date.now())).toBeLessThan(1000);
});

describe('synthetic market', () => {
  test('is equal for equal options, and differs for another seed', () => {
    const closing = (seed: number) => {
      const market = syntheticMarket({ instruments: 4, days: 30, seed });
      return market.symbols().map((symbol) => closes(market, symbol));
    };
    expect(closing(1)).toEqual(closing(1));
    expect(closing(1)).not.toEqual(closing(2));
  });

  test('has trading days only, sound bars, whole ticks, and actions of both kinds', () => {
    const market = syntheticMarket({ instruments: 12, days: 700, endDay: '2026-12-31' });
    const kinds = new Set<string>();
    for (const symbol of market.symbols()) {
      const { bars, actions, exchange } = market.view(symbol).instrument;
      expect(bars).toHaveLength(700);
      for (const { day, o, h, l, c, v } of bars) {
        expect(exchange.calendar.isHoliday(day), `${symbol} ${day}`).toBe(false);
        expect(l > 0 && l <= Math.min(o, c) && h >= Math.max(o, c) && v > 0, `${symbol} ${day}`).toBe(true);
        expect(Math.abs(c / exchange.tick - Math.round(c / exchange.tick))).toBeLessThan(1e-6);
      }
      for (const { kind } of actions) kinds.add(kind);
    }
    expect([...kinds].sort()).toEqual(['dividend', 'split']);
    expect(market.symbols()).toContain('US005-B');
  });

  test('trades more shares after a split, and fewer after a reverse split', () => {
    const market = syntheticMarket({ instruments: 12, days: 2000 });
    const seen = new Set<boolean>();
    for (const symbol of market.symbols()) {
      const { bars, actions } = market.view(symbol).instrument;
      for (const { kind, exDay, value } of actions) {
        const at = bars.findIndex(({ day }) => day === exDay);
        if (kind !== 'split' || at < 60 || at + 60 > bars.length) continue;
        const traded = (from: number) => bars.slice(from, from + 60).reduce((sum, { v }) => sum + v, 0);
        const change = traded(at) / traded(at - 60);
        expect(change / value, `${symbol} ${exDay}`).toBeGreaterThan(0.7);
        expect(change / value, `${symbol} ${exDay}`).toBeLessThan(1.4);
        seen.add(value > 1);
      }
    }
    expect(seen).toEqual(new Set([true, false]));
  });
});
