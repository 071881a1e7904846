import { expect, test } from 'vitest';
import { ApiError } from '../../../../functions/api/core/problem.ts';
import { countRequest, REQUESTS_PER_MINUTE } from '../../../../functions/api/core/request-rate.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const at = (seconds: number) => new Date(START + seconds * 1000);

function refusal(key: string, seconds: number): ApiError {
  try {
    countRequest(key, at(seconds));
  } catch (error) {
    if (error instanceof ApiError) return error;
  }
  throw new Error('the request was not refused');
}

test('refuses the requests of a key beyond the limit, until the next minute begins', () => {
  for (let count = 0; count < REQUESTS_PER_MINUTE; count++) countRequest('a', at(10));
  expect(refusal('a', 10.5)).toMatchObject({
    status: 429,
    code: 'too-many-requests',
    headers: { 'retry-after': '50' },
    members: { retryAfter: 50 },
  });
  expect(refusal('a', 59.9).headers).toEqual({ 'retry-after': '1' });
  expect(refusal('a', 59.9).message).toContain('Try again in 1 second.');
  countRequest('a', at(60));
});

test('counts each key apart', () => {
  for (let count = 0; count < REQUESTS_PER_MINUTE; count++) countRequest('b', at(130));
  refusal('b', 131);
  countRequest('c', at(131));
});
