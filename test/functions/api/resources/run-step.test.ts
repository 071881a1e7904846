import { expect, test } from 'vitest';
import { type RunTraces, reachedStep } from '../../../../functions/api/resources/run-step.ts';

const nothing: RunTraces = { status: 'running', bars: 0, features: 0, recommendations: 0, hasModel: false };

test.each<[string, Partial<RunTraces>, string]>([
  ['that has written nothing yet', {}, 'plan'],
  ['with bars', { bars: 1 }, 'ingest'],
  ['with features', { bars: 1, features: 1 }, 'features'],
  ['with a model, though no bar was new', { hasModel: true }, 'infer'],
  ['with recommendations', { hasModel: true, recommendations: 1 }, 'publish'],
  ['that failed where it was', { status: 'failed', bars: 1 }, 'ingest'],
  ['that succeeded with nothing new to write', { status: 'succeeded' }, 'publish'],
  ['that ended as partial with nothing new to write', { status: 'partial' }, 'publish'],
])('a run %s', (_, traces, step) => {
  expect(reachedStep({ ...nothing, ...traces })).toBe(step);
});
