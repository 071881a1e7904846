import { expect, test } from 'vitest';
import { dispatch, makeDirectory } from '../../../../functions/api/core/dispatch.ts';
import { type AnyEndpoint, endpoint } from '../../../../functions/api/core/endpoint.ts';
import { getRequest } from '../support.ts';

const declare = (method: 'GET' | 'DELETE', path: `/${string}`): AnyEndpoint =>
  endpoint({
    group: 'market',
    method,
    path,
    operationId: `${method}${path}`,
    summary: '',
    access: 'public',
    answer: { status: 204, description: '' },
    handle: async () => ({ body: undefined }),
  });

const read = declare('GET', '/v1/items/{id}');
const remove = declare('DELETE', '/v1/items/{id}');
const directory = makeDirectory([read, remove, declare('GET', '/v1/items')]);

function ask(method: string, template: string) {
  const request = getRequest('/v1/items/7');
  request.routeKey = `ANY ${template}`;
  request.requestContext.http.method = method;
  return dispatch(directory, request);
}

test("selects an endpoint by the gateway's template and the method", () => {
  expect(ask('GET', '/v1/items/{id}')).toEqual({ endpoint: read });
  expect(ask('DELETE', '/v1/items/{id}')).toEqual({ endpoint: remove });
});

test('treats HEAD as GET', () => {
  expect(ask('HEAD', '/v1/items/{id}')).toEqual({ endpoint: read });
});

test('returns the allowed methods for OPTIONS', () => {
  expect(ask('OPTIONS', '/v1/items/{id}')).toEqual({ allow: 'GET, HEAD, DELETE, OPTIONS' });
});

test.each(['POST', 'TRACE', 'get', '__proto__'])('answers 405 for the method %s', (method) => {
  expect(() => ask(method, '/v1/items/{id}')).toThrow(
    expect.objectContaining({
      status: 405,
      code: 'method-not-allowed',
      headers: { allow: 'GET, HEAD, DELETE, OPTIONS' },
    }),
  );
});

test.each(['/v1/{rest+}', '/v1/items/', '', '__proto__'])('answers 404 for the path %s', (path) => {
  expect(() => ask('GET', path)).toThrow(expect.objectContaining({ status: 404, code: 'not-found' }));
});

test('throws for an operation that is declared twice', () => {
  expect(() => makeDirectory([read, read])).toThrow('GET /v1/items/{id} is declared twice');
});
