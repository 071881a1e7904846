import { describe, expect, test } from 'vitest';
import { neutralReturns, neutralRule, tails } from '../../../functions/evaluate/labels.ts';
import type { Manifest } from '../../../functions/infer/manifest.ts';
import { ModelError } from '../../../functions/shared/errors.ts';

const [SELL, HOLD, BUY] = [0, 1, 2];

const NEUTRAL = {
  kind: 'cross-sectional-neutral',
  tail: 0.3,
  volatilityFeature: 'vol_20d',
  exposures: ['vol_60d_rank'],
};

/** Labels of a day over a year, so that the volatility of the horizon is the annualised one. */
function labelsOfDay(tail: number, forward: number[], volatility: number[], exposures: number[][]): number[] {
  return tails(neutralReturns(forward, volatility, exposures, 252), tail);
}

describe('labels', () => {
  const flat = [[0.5, 0.5, 0.5, 0.5]];

  test('ranks returns in units of their volatility', () => {
    // In units of volatility: -0.3, -0.05, 0.1, 0.15; places 0.125, 0.375, 0.625, 0.875.
    expect(labelsOfDay(0.3, [-0.3, -0.1, 0.1, 0.3], [1, 2, 1, 2], flat)).toEqual([SELL, HOLD, HOLD, BUY]);
    // With the ends at ten times the volatility: -0.03, -0.1, 0.1, 0.03.
    expect(labelsOfDay(0.3, [-0.3, -0.1, 0.1, 0.3], [10, 1, 1, 10], flat)).toEqual([HOLD, SELL, BUY, HOLD]);
  });

  test('ignores what an exposure explains', () => {
    const exposure = [-0.4, -0.2, 0, 0.2, 0.4];
    // The thousandths are the residuals of a line through the exposure. They sum to 0, also weighted by the exposure.
    const forward = exposure.map((value, i) => value + ([1, -2, 0, 2, -1][i] ?? 0) / 1000);
    const ones = [1, 1, 1, 1, 1];
    expect(labelsOfDay(0.25, forward, ones, [exposure])).toEqual([HOLD, SELL, HOLD, BUY, HOLD]);
    expect(labelsOfDay(0.25, forward, ones, [ones])).toEqual([SELL, HOLD, HOLD, HOLD, BUY]);
  });

  test('ranks ties half a rank from the edges', () => {
    expect(labelsOfDay(0.3, [0.1, 0.1, 0.1, 0.1], [1, 1, 1, 1], flat)).toEqual([HOLD, HOLD, HOLD, HOLD]);
  });
});

describe('neutralRule', () => {
  const manifest = (label: unknown, shortHorizonDays: unknown = 5) =>
    ({ version: 'v1.2.3', horizonDays: 20, shortHorizonDays, label }) as unknown as Manifest;

  test.each([
    ['no label', undefined, 'label'],
    ['labels by bands', { bandWidth: 0.5, volatilityFeature: 'vol_20d' }, 'label.kind'],
    ['a kind not known', { ...NEUTRAL, kind: 'tercile' }, 'label.kind'],
    ['no volatility', { ...NEUTRAL, volatilityFeature: undefined }, 'label.volatilityFeature'],
    ['tails that meet', { ...NEUTRAL, tail: 0.5 }, 'label.tail'],
  ])('rejects a manifest with %s', (_, label, path) => {
    const reading = () => neutralRule(manifest(label));
    expect(reading).toThrow(ModelError);
    expect(reading).toThrow(`model v1.2.3: ${path}: `);
  });

  test.each([null, '5', 0, 2.5])('rejects a short horizon of %j', (days) => {
    expect(() => neutralRule(manifest(NEUTRAL, days))).toThrow(
      'model v1.2.3: shortHorizonDays: is not a number of days',
    );
  });

  test('ignores other keys', () => {
    const { kind: _, ...rule } = NEUTRAL;
    expect(neutralRule(manifest({ ...NEUTRAL, description: 'x' }))).toEqual({
      ...rule,
      horizonDays: 20,
      shortHorizonDays: 5,
    });
  });
});
