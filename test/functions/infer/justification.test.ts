import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { inWords, justify, type Reasons } from '../../../functions/infer/justification.ts';

const REASONS: Reasons = {
  call: { label: 'BUY', confidence: 0.44, stopLoss: 92, takeProfit: 112 },
  outlook: {
    probabilities: [0.2, 0.36, 0.44],
    baseRates: [0.3, 0.4, 0.3],
    expectedReturnPct: 2.14,
    averageReturnPct: 0.86,
    volatility: 0.28,
    close: 100,
    atr: 4,
  },
  horizonDays: 20,
  features: { ret_20d: 0.081, vol_20d: 0.28, rsi_14: 61.4, mom_12_1: 0.35, ret_1d: -0.004 },
  contributions: { ret_1d: -0.0001, vol_20d: -0.0035, ret_20d: 0.0121, rsi_14: 0, mom_12_1: 0.0042 },
};

describe('justify', () => {
  test('says the call, the three strongest contributions with their numbers and signs, and the risk', () => {
    expect(justify(REASONS)).toBe(
      'BUY with a probability of 44%, expected return +2.1% over 20 trading days. ' +
        "From the average instrument's +0.9%: its last month (+8.1%) adds 1.21 points; " +
        'its year up to a month ago (+35.0%) adds 0.42 points; ' +
        'a volatility of 28% a year over the last month takes 0.35 points off. ' +
        'It swings about 28% a year; the stop at 92.00 is a loss of 8.0%.',
    );
  });

  test('of a SELL names the rise that would prove it wrong', () => {
    const call = { label: 'SELL', confidence: 0.41, stopLoss: 110.5, takeProfit: 88 } as const;
    const outlook = { ...REASONS.outlook, expectedReturnPct: -3.06 };
    const text = justify({ ...REASONS, call, outlook });
    expect(text).toMatch(/^SELL with a probability of 41%, expected return -3\.1% over 20 trading days\./);
    expect(text).toMatch(
      / It swings about 28% a year; a rise of 10\.5% to 110\.50 would prove the call wrong\.$/,
    );
  });

  test('says what held a call back, and nothing of it otherwise', () => {
    const call = { ...REASONS.call, label: 'HOLD', heldBack: 'a BUY would need more' } as const;
    expect(justify({ ...REASONS, call })).toContain(
      ' points off. Held back: a BUY would need more. It swings ',
    );
    expect(justify(REASONS)).not.toContain('Held back');
  });

  test('leaves out contributions of nothing', () => {
    const text = justify({ ...REASONS, contributions: { ret_1d: 0, ret_20d: 0.0121, rsi_14: 0 } });
    expect(text).toContain(
      "From the average instrument's +0.9%: its last month (+8.1%) adds 1.21 points. It swings",
    );
    expect(justify({ ...REASONS, contributions: { ret_1d: 0 } })).not.toContain('From the average');
  });

  test('names a feature without words of its own as it is', () => {
    const text = justify({ ...REASONS, features: { moon: 12.3456 }, contributions: { moon: -0.02 } });
    expect(text).toContain("From the average instrument's +0.9%: moon of 12.3 takes 2.00 points off.");
  });
});

describe('inWords', () => {
  test.each([
    ['ret_5d', -0.0312, 'its last week (-3.1%)'],
    ['rsi_14', 71.6, 'a relative strength index of 72'],
    ['volume_zscore', -1.26, 'volume 1.3 deviations below its month'],
    ['volume_zscore', 2.04, 'volume 2.0 deviations above its month'],
    ['macd_hist', 0.00123, 'a MACD histogram of +0.12% of the price'],
    ['atr_pct', 0.0234, 'a usual daily range of 2.3%'],
    ['mom_12_1_rank', 0.875, 'its year up to a month ago, ahead of 88% of instruments'],
    ['market_breadth_200', 0.61, '61% of stocks being above their 200-day average'],
    ['unheard_of', 0.00012345, 'unheard_of of 0.000123'],
  ])('says %s of %d as "%s"', (name, value, words) => {
    expect(inWords(name, value)).toBe(words);
  });

  test('has words of its own for every feature of the model, and no two alike', async () => {
    const source = new URL('../../../training/boursomatic_training/features.py', import.meta.url);
    const named = [...(await readFile(source, 'utf8')).matchAll(/"(\w+)"/g)].map(([, name]) => name ?? '');
    const features = [...new Set(named)].filter((name) => /_/.test(name) && name === name.toLowerCase());
    expect(features).toEqual(expect.arrayContaining(['ret_1d', 'vol_20d', 'ret_1d_rank', 'mom_12_7_rank']));
    const words = features.map((name) => inWords(name, 0.5));
    expect(words.filter((text, i) => text.includes(features[i] ?? ''))).toEqual([]);
    expect(new Set(words).size).toBe(features.length);
  });
});
