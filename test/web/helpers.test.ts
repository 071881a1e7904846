import { expect, test } from 'vitest';
import { redirectTarget } from '../../web/src/account/redirect-target.ts';
import { ApiError, explain, fieldProblems } from '../../web/src/api/problem.ts';
import { daysBefore, movingAverage } from '../../web/src/detail/series.ts';
import { waterfall } from '../../web/src/detail/waterfall.ts';
import { compareWith } from '../../web/src/model/explanations.ts';
import { describeUserAgent } from '../../web/src/ui/user-agent.ts';

test.each([
  '//evil.example',
  '/\\evil.example',
  'https://evil.example',
  '/\t/evil.example',
  'javascript:alert(1)',
  '/sign-in',
  '',
])('does not redirect to %s after signing in', (next) => {
  expect(redirectTarget(new URLSearchParams({ next }))).toBe('/recommendations');
});

test('redirects to the view with its filters after signing in', () => {
  expect(redirectTarget(new URLSearchParams({ next: '/recommendations?label=BUY' }))).toBe(
    '/recommendations?label=BUY',
  );
});

test('starts each waterfall step where the previous one ends, and ends at the sum', () => {
  const contributions = [0.5, -0.2, 0.1, 0, 0.05, -0.01].map((points, at) => ({
    feature: `f${at}`,
    words: '',
    value: null,
    points,
  }));
  const steps = waterfall({ contributions, sumPct: 0.44, addsUp: true }, 2);
  expect(steps.map(({ key }) => key)).toEqual(['f0', 'f1', 'rest']);
  for (const [at, step] of steps.entries()) expect(step.from).toBeCloseTo(steps[at - 1]?.to ?? 0);
  expect(steps.at(-1)?.to).toBeCloseTo(0.44);
});

test('starts a moving average once it has enough values', () => {
  expect(movingAverage([1, 2, 3, 4], 2)).toEqual([undefined, 1.5, 2.5, 3.5]);
  expect(movingAverage([1], 2)).toEqual([undefined]);
  expect(daysBefore('2013-03-01', 1)).toBe('2013-02-28');
});

test('calls a difference clear only if its interval excludes 0, in the direction of the measure', () => {
  const baseline = (low: number, high: number) =>
    ({ name: 'majority_class', value: 0, interval: null, difference: { low, high } }) as const;
  const measure = (name: 'rank_ic' | 'log_loss') => ({
    name,
    meaning: '',
    value: 0,
    interval: null,
    baselines: [],
  });
  expect(compareWith(measure('rank_ic'), baseline(-1, 1))).toBe('no clear difference');
  expect(compareWith(measure('rank_ic'), baseline(1, 2))).toBe('better');
  expect(compareWith(measure('log_loss'), baseline(1, 2))).toBe('worse');
  expect(compareWith(measure('log_loss'), baseline(-2, -1))).toBe('better');
});

test('says that a change may be saved when its outcome is unknown, and asks for a check first', () => {
  const unknown = new ApiError(503, {
    type: '/problems/outcome-unknown',
    title: 'The outcome is unknown',
    status: 503,
    detail: 'It may or may not be saved.',
  });
  expect(explain(unknown)).toEqual({
    title: 'Your change may not be saved',
    advice:
      'The service lost its database while it was saving. Reload the page to see whether your change is there. If it is not, try again.',
  });
});

test('shows the detail of a problem, which says when to try again', () => {
  const detail = 'There were too many attempts. Try again in 120 seconds.';
  const busy = new ApiError(
    429,
    { type: '/problems/too-many-attempts', title: 'x', status: 429, detail },
    120,
  );
  expect(explain(busy)).toEqual({ title: 'Too many attempts', advice: detail });
});

test.each([
  [429, 120, 'The service got too many requests. Try again in 2 minutes.'],
  [503, 7, 'The service had an internal error. Try again in 7 seconds.'],
  [503, undefined, 'The service had an internal error. Try again in a moment.'],
])('explains a %d without a problem, and when to try again', (status, retryAfter, advice) => {
  expect(explain(new ApiError(status, undefined, retryAfter)).advice).toBe(advice);
});

test('lists the faults of a request by field', () => {
  const invalid = new ApiError(400, {
    type: '/problems/invalid-request',
    title: 'x',
    status: 400,
    errors: [
      { pointer: '#/email', detail: 'must have at most 254 characters' },
      { pointer: '#/password', detail: 'is easy to guess. Choose a longer one' },
    ],
  });
  expect(fieldProblems(invalid)).toEqual({
    email: 'Must have at most 254 characters.',
    password: 'This is easy to guess. Choose a longer one.',
  });
});

test.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
    'Chrome on Linux',
  ],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1', 'Safari on iOS'],
  ['curl/8.5.0', 'curl/8.5.0'],
  [null, 'Unknown device'],
])('describes the user agent %s as %s', (userAgent, program) => {
  expect(describeUserAgent(userAgent)).toBe(program);
});
