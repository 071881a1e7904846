import { expect, test } from 'vitest';
import { nextPlace } from '../../web/src/account/next.ts';
import { ApiError, explain, fieldProblems } from '../../web/src/api/problem.ts';
import { daysBefore, movingAverage } from '../../web/src/detail/series.ts';
import { waterfall } from '../../web/src/detail/waterfall.ts';
import { verdictOf } from '../../web/src/model/words.ts';
import { programOf } from '../../web/src/settings/user-agent.ts';

test.each([
  '//evil.example',
  '/\\evil.example',
  'https://evil.example',
  '/\t/evil.example',
  'javascript:alert(1)',
  '/sign-in',
  '',
])('nobody is led to %s after signing in', (next) => {
  expect(nextPlace(new URLSearchParams({ next }))).toBe('/recommendations');
});

test('one comes back to the view with its filters', () => {
  expect(nextPlace(new URLSearchParams({ next: '/recommendations?label=BUY' }))).toBe(
    '/recommendations?label=BUY',
  );
});

test('the steps begin where the one before ended, and come to the sum', () => {
  const contributions = [0.5, -0.2, 0.1, 0, 0.05, -0.01].map((points, at) => ({
    feature: `f${at}`,
    words: '',
    value: null,
    points,
  }));
  const steps = waterfall({ baseReturnPct: 2, contributions, sumPct: 2.44, addsUp: true }, 2);
  expect(steps.map(({ key }) => key)).toEqual(['f0', 'f1', 'rest']);
  for (const [at, step] of steps.entries()) expect(step.from).toBeCloseTo(steps[at - 1]?.to ?? 2);
  expect(steps.at(-1)?.to).toBeCloseTo(2.44);
});

test('a mean begins once there are enough', () => {
  expect(movingAverage([1, 2, 3, 4], 2)).toEqual([undefined, 1.5, 2.5, 3.5]);
  expect(movingAverage([1], 2)).toEqual([undefined]);
  expect(daysBefore('2013-03-01', 1)).toBe('2013-02-28');
});

test('an interval that holds 0 shows nothing, and where lower is better the sign turns round', () => {
  const baseline = (low: number, high: number) =>
    ({ name: 'majority_class', value: 0, interval: null, difference: { low, high } }) as const;
  const measure = (name: 'rank_ic' | 'log_loss') => ({
    name,
    meaning: '',
    value: 0,
    interval: null,
    baselines: [],
  });
  expect(verdictOf(measure('rank_ic'), baseline(-1, 1))).toBe('no clear difference');
  expect(verdictOf(measure('rank_ic'), baseline(1, 2))).toBe('better');
  expect(verdictOf(measure('log_loss'), baseline(1, 2))).toBe('worse');
  expect(verdictOf(measure('log_loss'), baseline(-2, -1))).toBe('better');
});

test('a problem is told in words, with when to come back', () => {
  const busy = new ApiError(
    429,
    { type: '/problems/too-many-attempts', title: 'x', status: 429, detail: 'too many' },
    120,
  );
  expect(explain(busy)).toEqual({ title: 'Too many attempts', advice: 'Too many. Try again in 2 minutes.' });
  const invalid = new ApiError(400, {
    type: '/problems/invalid-request',
    title: 'x',
    status: 400,
    errors: [{ pointer: '#/password', detail: 'must have 12 to 128 characters' }],
  });
  expect(fieldProblems(invalid)).toEqual({ password: 'Must have 12 to 128 characters.' });
});

test.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
    'Chrome on Linux',
  ],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1', 'Safari on iOS'],
  ['curl/8.5.0', 'curl/8.5.0'],
  [null, 'Unknown program'],
])('%s is %s', (userAgent, program) => {
  expect(programOf(userAgent)).toBe(program);
});
