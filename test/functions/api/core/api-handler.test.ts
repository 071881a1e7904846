import { expect, test } from 'vitest';
import { apiHandler } from '../../../../functions/api/core/api-handler.ts';
import { json } from '../../../../functions/api/core/http.ts';
import { problem } from '../../../../functions/api/core/problem.ts';
import { bodyOf, getRequest, lambdaContext } from '../support.ts';

const request = getRequest('/v1/health');

test('adds the common headers to an answer', async () => {
  const handler = apiHandler(async () => json(200, { a: 1 }));
  const response = await handler(request, lambdaContext());
  expect(response).toMatchObject({ statusCode: 200, body: '{"a":1}' });
  expect(response.headers).toMatchObject({
    'x-request-id': 'request-1',
    'x-content-type-options': 'nosniff',
  });
});

test('turns an error into a problem with the common headers', async () => {
  const handler = apiHandler(async () => {
    throw problem('conflict', 'It is taken.');
  });
  const response = await handler(request, lambdaContext());
  expect(response.statusCode).toBe(409);
  expect(bodyOf(response)).toMatchObject({ type: '/problems/conflict' });
  expect(response.headers).toMatchObject({
    'content-type': 'application/problem+json',
    'x-request-id': 'request-1',
    'cache-control': 'private, no-store',
  });
});

test('answers 500 before Lambda ends a handler that runs out of time', async () => {
  const handler = apiHandler(() => new Promise(() => {}));
  const response = await handler(request, { ...lambdaContext(), getRemainingTimeInMillis: () => 30 });
  expect(response.statusCode).toBe(500);
});

test('takes no callback, because Lambda rejects such handlers from Node 24 on', () => {
  expect(apiHandler(async () => json(200, {}))).toHaveLength(2);
});
