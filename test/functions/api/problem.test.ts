import { expect, test } from 'vitest';
import { ApiError, problemResponse, toProblem } from '../../../functions/api/problem.ts';
import { ConfigurationError, DatabaseUnreachableError } from '../../../functions/shared/errors.ts';

const init = {
  type: 'unknown-instrument',
  title: 'Unknown instrument',
  detail: 'There is no instrument ACME.',
};

test('a client error speaks for itself', () => {
  expect(toProblem(new ApiError({ ...init, status: 404 }))).toEqual({
    type: '/problems/unknown-instrument',
    title: 'Unknown instrument',
    status: 404,
    detail: 'There is no instrument ACME.',
  });
});

test('faults of single parameters are listed', () => {
  const errors = [{ parameter: 'limit', detail: 'is too large' }];
  expect(toProblem(new ApiError({ ...init, status: 400, errors }))).toMatchObject({ errors });
});

test.each([
  ['an ApiError of 500 or more', new ApiError({ ...init, status: 502 })],
  ['an error with a code', new ConfigurationError('environment: API_DATABASE_SECRET')],
  ['any other error', new Error('select * from users')],
  ['something that is no error', 'select * from users'],
  ['nothing', undefined],
])('%s is a plain 500', (_what, error) => {
  expect(toProblem(error)).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500 });
});

test('a database that cannot be reached is a 503 in fixed words', () => {
  const problem = toProblem(new DatabaseUnreachableError('database: connect ECONNREFUSED 10.0.0.7:5432'));
  expect(problem.status).toBe(503);
  expect(JSON.stringify(problem)).not.toContain('10.0.0.7');
});

test('the answer is problem+json with the status twice, as RFC 9457 has it', () => {
  const response = problemResponse(toProblem(new ApiError({ ...init, status: 404 })));
  expect(response.statusCode).toBe(404);
  expect(response.headers).toEqual({ 'content-type': 'application/problem+json' });
  expect(JSON.parse(response.body ?? '')).toMatchObject({ status: 404 });
});
