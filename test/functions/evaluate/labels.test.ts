import { describe, expect, test } from 'vitest';
import { labelRule, labelsOfDay } from '../../../functions/evaluate/labels.ts';
import { ModelError } from '../../../functions/shared/errors.ts';
import { manifest } from './support.ts';

const [SELL, HOLD, BUY] = [0, 1, 2];

/** A rule over a year, so that the band is half of the volatility. */
function rule() {
  return labelRule(manifest({ horizonDays: 252, label: { bandWidth: 0.5, volatilityFeature: 'vol_20d' } }));
}

const NEUTRAL = {
  kind: 'cross-sectional-neutral',
  tail: 0.3,
  volatilityFeature: 'vol_20d',
  exposures: ['vol_60d_rank'],
};

function neutral(tail = 0.3) {
  return labelRule(manifest({ horizonDays: 252, label: { ...NEUTRAL, tail } }));
}

describe('labelsOfDay with the neutral rule', () => {
  const flat = [[0.5, 0.5, 0.5, 0.5]];

  test('ranks returns in units of their volatility', () => {
    // In units of volatility: -0.3, -0.05, 0.1, 0.15; places 0.125, 0.375, 0.625, 0.875.
    expect(labelsOfDay(neutral(), [-0.3, -0.1, 0.1, 0.3], [1, 2, 1, 2], flat)).toEqual([
      SELL,
      HOLD,
      HOLD,
      BUY,
    ]);
    // With the ends at ten times the volatility: -0.03, -0.1, 0.1, 0.03.
    expect(labelsOfDay(neutral(), [-0.3, -0.1, 0.1, 0.3], [10, 1, 1, 10], flat)).toEqual([
      HOLD,
      SELL,
      BUY,
      HOLD,
    ]);
  });

  test('ignores what an exposure explains', () => {
    const exposure = [-0.4, -0.2, 0, 0.2, 0.4];
    // The thousandths are the residuals of a line through the exposure. They sum to 0, also weighted by the exposure.
    const forward = exposure.map((value, i) => value + ([1, -2, 0, 2, -1][i] ?? 0) / 1000);
    const ones = [1, 1, 1, 1, 1];
    expect(labelsOfDay(neutral(0.25), forward, ones, [exposure])).toEqual([HOLD, SELL, HOLD, BUY, HOLD]);
    expect(labelsOfDay(neutral(0.25), forward, ones, [ones])).toEqual([SELL, HOLD, HOLD, HOLD, BUY]);
  });

  test('ranks ties half a rank from the edges', () => {
    expect(labelsOfDay(neutral(), [0.1, 0.1, 0.1, 0.1], [1, 1, 1, 1], flat)).toEqual([
      HOLD,
      HOLD,
      HOLD,
      HOLD,
    ]);
  });
});

describe('labelsOfDay with bands', () => {
  test('compares the return itself, and labels a return exactly on the band HOLD', () => {
    const forward = [-0.26, -0.25, 0, 0.25, 0.26];
    expect(labelsOfDay(rule(), forward, new Array(5).fill(0.5))).toEqual([SELL, HOLD, HOLD, HOLD, BUY]);
  });

  test('widens the band with each instrument’s volatility and the root of the horizon', () => {
    expect(labelsOfDay(rule(), [0.2, 0.2], [0.3, 0.5])).toEqual([BUY, HOLD]);
    const quarter = labelRule(manifest({ horizonDays: 63 }));
    expect(labelsOfDay(quarter, [0.12, 0.13], [0.5, 0.5])).toEqual([HOLD, BUY]);
  });

  test('labels every move BUY or SELL without volatility', () => {
    expect(labelsOfDay(rule(), [-0.001, 0, 0.001], [0, 0, 0])).toEqual([SELL, HOLD, BUY]);
  });
});

describe('labelRule', () => {
  test.each([
    ['no label', undefined, 'label'],
    ['a band of no width', { bandWidth: 0, volatilityFeature: 'vol_20d' }, 'label.bandWidth'],
    ['no volatility', { bandWidth: 0.5 }, 'label.volatilityFeature'],
    ['a kind not known', { ...NEUTRAL, kind: 'tercile' }, 'label.kind'],
    ['tails that meet', { ...NEUTRAL, tail: 0.5 }, 'label.tail'],
  ])('rejects a manifest with %s', (_, label, path) => {
    const reading = () => labelRule(manifest({ label }));
    expect(reading).toThrow(ModelError);
    expect(reading).toThrow(`model v1.2.3: ${path}: `);
  });

  test('ignores other keys', () => {
    const label = { description: 'x', bandWidth: 0.5, volatilityFeature: 'vol_60d', note: 'y' };
    expect(labelRule(manifest({ label }))).toEqual({
      kind: 'bands',
      bandWidth: 0.5,
      exposures: [],
      volatilityFeature: 'vol_60d',
      horizonDays: 2,
    });
  });
});
