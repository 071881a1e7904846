import { expect, test } from 'vitest';
import { ApiError, problem, problemResponse, toProblem } from '../../../../functions/api/core/problem.ts';
import {
  CommitOutcomeUnknownError,
  ConfigurationError,
  DatabaseUnreachableError,
  DriverResultError,
} from '../../../../functions/shared/errors.ts';

const init = {
  type: 'unknown-instrument',
  title: 'Unknown instrument',
  detail: 'There is no instrument with the symbol ACME.',
};

test('returns the details of a client error', () => {
  expect(toProblem(new ApiError({ ...init, status: 404 }))).toEqual({
    type: '/problems/unknown-instrument',
    title: 'Unknown instrument',
    status: 404,
    detail: 'There is no instrument with the symbol ACME.',
  });
});

test('lists the faults of single parameters', () => {
  const errors = [{ parameter: 'limit', detail: 'is too large' }];
  expect(toProblem(new ApiError({ ...init, status: 400, errors }))).toMatchObject({ errors });
});

test.each([
  ['an ApiError of 500 or more', new ApiError({ ...init, status: 502 })],
  ['an error with a code', new ConfigurationError('environment: API_DATABASE_SECRET')],
  ['any other error', new Error('select * from users')],
  ['a thrown text', 'select * from users'],
  ['undefined', undefined],
])('turns %s into a 500 without details', (_what, error) => {
  expect(toProblem(error)).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500 });
});

test('turns an unreachable database into a 503 with a fixed text', () => {
  const body = toProblem(new DatabaseUnreachableError('database: connect ECONNREFUSED 10.0.0.7:5432'));
  expect(body.status).toBe(503);
  expect(JSON.stringify(body)).not.toContain('10.0.0.7');
});

test('turns a wrong result of the driver into the same 503', () => {
  const body = toProblem(new DriverResultError('the server sent 2 rows, the driver returned 1'));
  expect(body).toEqual(toProblem(new DatabaseUnreachableError('database: gone')));
});

test('turns a commit with an unknown outcome into a 503 of its own', () => {
  expect(toProblem(new CommitOutcomeUnknownError({ cause: new Error('read ECONNRESET') }))).toEqual({
    type: '/problems/outcome-unknown',
    title: 'The outcome is unknown',
    status: 503,
    detail:
      'The connection to the database broke while the change was being saved. It may or may not be saved. Check before you try again.',
  });
});

test('answers problem+json with the status in the body and the headers of the problem', () => {
  const response = problemResponse(problem('not-found', 'It is not there.', { headers: { 'x-a': '1' } }));
  expect(response.statusCode).toBe(404);
  expect(response.headers).toEqual({ 'content-type': 'application/problem+json', 'x-a': '1' });
  expect(JSON.parse(response.body ?? '')).toEqual({
    type: '/problems/not-found',
    title: 'Not found',
    status: 404,
    detail: 'It is not there.',
  });
});

test('adds extension members, which cannot replace the standard ones', () => {
  const members = { consentVersion: '2026-11-23', status: 200, type: 'x' };
  expect(toProblem(problem('consent-required', 'Accept it first.', { members }))).toEqual({
    type: '/problems/consent-required',
    title: 'Risk notice not accepted',
    status: 403,
    detail: 'Accept it first.',
    consentVersion: '2026-11-23',
  });
});

test('adds WWW-Authenticate to every 401', () => {
  const { headers } = problemResponse(problem('wrong-credentials', 'It is wrong.'));
  expect(headers).toMatchObject({ 'www-authenticate': 'Bearer realm="boursomatic"' });
});
