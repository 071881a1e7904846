import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { edgesOf } from '../../../functions/infer/edge.ts';

const measured = (low: number, value: number, high: number) => ({ value, interval: [low, high] });

const METRICS = {
  cost_bps: 20,
  top_2_excess_after_costs: measured(0.0005, 0.004, 0.0075),
  top_5_excess_after_costs: measured(-0.0003, 0.0023, 0.0052),
  top_10_excess_after_costs: measured(0, 0.0012, 0.0033),
};

test('reads the edge of each profile from the share of stocks that it takes', () => {
  expect(edgesOf(METRICS)).toEqual([
    {
      profile: 'conservative',
      status: 'shown',
      share: 0.02,
      excessPct: 0.4,
      interval: { low: 0.05, high: 0.75 },
      words:
        'The best 2% of stocks returned +0.40 points against the average stock over 20 trading days, after costs of 0.20% (+0.05 to +0.75 in 95 of 100 cases).',
    },
    {
      profile: 'moderate',
      status: 'not_shown_yet',
      share: 0.05,
      excessPct: expect.closeTo(0.23),
      interval: { low: expect.closeTo(-0.03), high: expect.closeTo(0.52) },
      words:
        'No edge shown yet: the best 5% of stocks returned +0.23 points against the average stock over 20 trading days, after costs of 0.20% (-0.03 to +0.52 in 95 of 100 cases).',
    },
    expect.objectContaining({ profile: 'aggressive', status: 'not_shown_yet', share: 0.1 }),
  ]);
});

test.each([
  ['is below 0', measured(-0.005, -0.003, -0.001), 'not_shown_yet'],
  ['has 0 as its lower end', measured(0, 0.001, 0.002), 'not_shown_yet'],
  ['begins just above 0', measured(1e-9, 0.001, 0.002), 'shown'],
  ['is missing', { value: 0.004, interval: null }, 'not_shown_yet'],
])('reports the status of a profile whose interval %s', (_, top, status) => {
  const [edge] = edgesOf({ ...METRICS, top_2_excess_after_costs: top });
  expect(edge?.status).toBe(status);
});

test('says that the margin of error was not measured where there is no interval', () => {
  const [edge] = edgesOf({ top_2_excess_after_costs: { value: 0.004, interval: null } });
  expect(edge).toMatchObject({
    interval: null,
    words: expect.stringContaining('its margin of error was not measured'),
  });
});

test.each([
  ['a release without metrics', {}],
  ['metrics that are not an object', null],
  ['a measure without a value', { top_2_excess_after_costs: { value: null, interval: null } }],
  ['a measure that is text', { top_2_excess_after_costs: 'NaN' }],
  ['an interval with one end', { top_2_excess_after_costs: { value: 0.1, interval: [0.1] } }],
])('says "Not measured" for %s', (_, metrics) => {
  const [edge] = edgesOf(metrics);
  expect(edge).toEqual({
    profile: 'conservative',
    status: 'not_measured',
    share: 0.02,
    excessPct: null,
    interval: null,
    words: 'Not measured: there is no figure after costs for the best 2% of stocks.',
  });
});

test('reads every figure of the bundled release', () => {
  const { metrics } = JSON.parse(
    readFileSync(new URL('../../../models/manifest.json', import.meta.url), 'utf8'),
  );
  for (const edge of edgesOf(metrics)) {
    const { value, interval } = metrics[`top_${edge.share * 100}_excess_after_costs`];
    expect(edge.excessPct).toBeCloseTo(value * 100, 10);
    expect(edge.status).toBe(interval[0] > 0 ? 'shown' : 'not_shown_yet');
  }
});
