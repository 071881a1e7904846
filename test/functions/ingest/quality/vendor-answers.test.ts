import { afterEach, describe, expect, test, vi } from 'vitest';
import { openYahooProvider } from '../../../../functions/ingest/providers/yahoo/yahoo-provider.ts';
import { examine } from '../../../../functions/ingest/quality/gate.ts';
import { type RawBar, toRawBar } from '../../../../functions/ingest/raw.ts';
import { toDay } from '../../../../functions/shared/days.ts';
import type { Fault } from '../../../market/faults.ts';
import type { Market } from '../../../market/market.ts';
import { startSynthetic } from '../../../market/support.ts';
import { LONDON, NASDAQ, TOKYO } from '../../../market/trading-hours.ts';

afterEach(() => vi.unstubAllEnvs());

const [FROM, TO, DAY] = ['2025-06-02', '2026-03-31', '2026-02-10'];
const EXCHANGES = [NASDAQ, LONDON, TOKYO] as const;
const SYMBOLS = ['US001', 'LN002.L', '9003.T'];

/** What the gate makes of Yahoo's answer with a fault, and the market's own bars. */
async function judged(symbol: string, fault: Fault, prepare?: (market: Market) => void) {
  const { market, origin, faults } = await startSynthetic({
    days: 320,
    actions: false,
    exchanges: EXCHANGES,
  });
  vi.stubEnv('CLOCK', new Date(market.now()).toISOString());
  prepare?.(market);
  faults.add({ fault });
  const provider = openYahooProvider({ origin, timeoutMs: 5000 });
  const answer = await provider.fetchBars({ symbol, interval: 'daily', from: FROM, to: TO });
  const examined = examine({
    ...{ symbol, interval: 'daily', from: FROM, asOf: TO, fetchedAt: market.now() },
    ...{ actions: answer.actions, adjustments: answer.adjustments },
    bars: answer.bars.map(toRawBar),
  });
  const truth = market.truth(symbol, 'daily', FROM, TO).map(toRawBar);
  return { answer, truth, ...examined };
}
const daysOf = (bars: readonly RawBar[]) => bars.map(([ts]) => toDay(ts));
const without = (bars: readonly RawBar[], day: string) => daysOf(bars).filter((one) => one !== day);
/** The largest move between two closes, as a factor. */
const largestMove = (bars: readonly RawBar[]) =>
  bars.reduce((most, [, , , , c], i) => {
    const before = bars[i - 1]?.[4] ?? c;
    return Math.max(most, c / before, before / c);
  }, 1);

describe.each(SYMBOLS)('%s', (symbol) => {
  test('keeps a bar whose close is slightly above its high, with a wider range and a note', async () => {
    const { bars, truth, notes, suspects } = await judged(symbol, { kind: 'narrow_high', day: DAY });
    expect(daysOf(bars)).toEqual(daysOf(truth));
    const [, o, h, , c] = bars.find(([ts]) => toDay(ts) === DAY) ?? [];
    expect(h).toBe(Math.max(o ?? 0, c ?? 0));
    expect([suspects, notes.map(({ reason }) => reason)]).toEqual([[], ['widened']]);
  });

  test.each([
    ['an open, high and low of 0', { kind: 'zero_prices', day: DAY }, 'ohlc_zero'],
    ['a missing price', { kind: 'nan_prices', form: 'string' }, 'missing_price'],
    ['a negative volume', { kind: 'negative_volume', day: DAY }, 'negative_volume'],
    ['a close that is 100 times off', { kind: 'slipped_decimal', day: DAY, factor: 100 }, 'slipped_decimal'],
    ['no adjusted close', { kind: 'no_adjusted_close', day: DAY }, 'no_adjusted_close'],
  ] as const)('loses one bar to %s', async (_, fault, reason) => {
    const { bars, truth, suspects, doubt } = await judged(symbol, fault);
    expect(suspects.map((one) => one.reason)).toEqual([reason]);
    expect(daysOf(bars)).toEqual(without(truth, toDay(suspects[0]?.bar[0] ?? 0)));
    expect(doubt).toBeUndefined();
  });

  test('derives or doubts a first bar without an adjusted close, and uses the rest', async () => {
    const { bars, truth } = await judged(symbol, {
      kind: 'no_adjusted_close',
      ...{ day: toDay(Date.parse(FROM)) },
    });
    expect(daysOf(bars)).toEqual(daysOf(truth).slice(1));
  });

  test.each([1, 2, 8, -1, -8])(
    'never passes on a split that is %i sessions off its day',
    async (sessions) => {
      for (const ratio of [5, 2, 0.1]) {
        const { bars, suspects } = await judged(symbol, { kind: 'split_shifted', day: DAY, ratio, sessions });
        expect(largestMove(bars)).toBeLessThan(1.3);
        expect(suspects.length).toBeGreaterThan(0);
        expect(bars.length).toBeGreaterThan(20);
      }
    },
  );

  test('doubts what lies before a dividend that was not taken off', async () => {
    const { bars, suspects } = await judged(symbol, { kind: 'dividend_unapplied', day: DAY, share: 0.1 });
    expect(new Set(suspects.map(({ reason }) => reason))).toEqual(new Set(['dividend_misapplied']));
    expect(daysOf(bars)[0]).toBe(DAY);
  });

  test('dates rows stamped on the evening before by their own day, and loses none', async () => {
    const { bars, truth, suspects } = await judged(symbol, { kind: 'evening_stamps', rows: 8 });
    expect(daysOf(bars)).toEqual(daysOf(truth));
    expect(suspects).toEqual([]);
  });

  test('reads the bars of an answer without a currency', async () => {
    const { answer, bars, truth } = await judged(symbol, { kind: 'missing_field', field: 'currency' });
    expect(daysOf(bars)).toEqual(daysOf(truth));
    expect(answer).not.toHaveProperty('currency');
  });
});
