import { describe, expect, test } from 'vitest';
import { changed, charts, DAY, different, lines, quote } from './fault-support.ts';
import type { Fault } from './faults.ts';
import { type Chart, startSynthetic } from './support.ts';

describe('impossible prices and volumes', () => {
  const scale = (values: readonly number[], at: number) => values[at] ?? 0;

  test('announces a split without applying it to earlier prices', async () => {
    const { good, bad, at } = await charts({ kind: 'split_unapplied', day: DAY, ratio: 4 });
    expect(changed(good, bad)).toEqual([...Array(at).keys()]);
    for (const i of [0, at - 1]) {
      expect(scale(quote(bad).close, i)).toBeCloseTo(scale(quote(good).close, i) * 4, 3);
      expect(scale(quote(bad).volume, i)).toBe(Math.round(scale(quote(good).volume, i) / 4));
    }
    const ts = good.timestamp[at] ?? 0;
    expect(bad.events?.splits).toEqual({
      [ts]: { date: ts, numerator: 4, denominator: 1, splitRatio: '4:1' },
    });
  });

  test('divides one day by a ratio', async () => {
    const { good, bad, at } = await charts({ kind: 'split_reversed', day: DAY, ratio: 2 });
    expect(changed(good, bad)).toEqual([at]);
    expect(scale(quote(bad).close, at)).toBeCloseTo(scale(quote(good).close, at) / 2, 3);
    expect(bad.events).toBeUndefined();
    const drawn = await charts({ kind: 'split_reversed' });
    expect(drawn.good.timestamp.length - 1).toBeGreaterThan(changed(drawn.good, drawn.bad)[0] ?? 0);
  });

  test('multiplies one day by ten', async () => {
    const { good, bad, at } = await charts({ kind: 'price_jump', day: DAY });
    expect(changed(good, bad)).toEqual([at]);
    expect(scale(quote(bad).high, at)).toBeCloseTo(scale(quote(good).high, at) * 10, 2);
    expect(scale(bad.indicators.adjclose?.[0].adjclose ?? [], at)).toBeCloseTo(
      scale(quote(good).close, at) * 10,
      2,
    );
  });

  test('makes a low of zero, exchanged high and low, and zero and negative volumes', async () => {
    const spoilt = async (fault: Fault) => {
      const { good, bad, at } = await charts(fault);
      expect(changed(good, bad)).toEqual([at]);
      const row = (chart: Chart) =>
        Object.fromEntries(Object.entries(quote(chart)).map(([k, v]) => [k, v[at]]));
      return [row(good), row(bad)] as const;
    };
    for (const price of [0, -1]) {
      const [good, bad] = await spoilt({ kind: 'non_positive_price', day: DAY, price });
      expect(bad).toEqual({ ...good, low: price });
    }
    const [good, bad] = await spoilt({ kind: 'high_below_low', day: DAY });
    expect(bad).toEqual({ ...good, low: good.high, high: good.low });
    const [some, none] = await spoilt({ kind: 'zero_volume', day: DAY });
    expect(none).toEqual({ ...some, volume: 0 });
    const [more, less] = await spoilt({ kind: 'negative_volume', day: DAY });
    expect(less).toEqual({ ...more, volume: -(more.volume ?? 0) });
  });

  test.each([
    'split_reversed',
    'price_jump',
    'non_positive_price',
    'high_below_low',
    'zero_volume',
    'negative_volume',
  ] as const)('in the CSV, one line: %s', async (kind) => {
    const server = await startSynthetic({ actions: false });
    const { good, bad } = await lines(server, { kind, day: DAY });
    expect(different(good, bad).map((i) => good[i]?.slice(0, 10))).toEqual([DAY]);
  });
});
