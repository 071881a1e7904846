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

test('goes by the template that the gateway matched, and the method of the request', () => {
  expect(ask('GET', '/v1/items/{id}')).toEqual({ endpoint: read });
  expect(ask('DELETE', '/v1/items/{id}')).toEqual({ endpoint: remove });
});

test('a HEAD is a GET', () => {
  expect(ask('HEAD', '/v1/items/{id}')).toEqual({ endpoint: read });
});

test('tells what methods there are', () => {
  expect(ask('OPTIONS', '/v1/items/{id}')).toEqual({ allow: 'GET, HEAD, DELETE, OPTIONS' });
});

test.each(['POST', 'TRACE', 'get', '__proto__'])('a method %s that a path has not is a 405', (method) => {
  expect(() => ask(method, '/v1/items/{id}')).toThrow(
    expect.objectContaining({
      status: 405,
      code: 'method-not-allowed',
      headers: { allow: 'GET, HEAD, DELETE, OPTIONS' },
    }),
  );
});

test.each(['/v1/{rest+}', '/v1/items/', '', '__proto__'])('a path %s that there is not is a 404', (path) => {
  expect(() => ask('GET', path)).toThrow(expect.objectContaining({ status: 404, code: 'not-found' }));
});

test('an operation that is declared twice is a mistake of the program', () => {
  expect(() => makeDirectory([read, read])).toThrow('GET /v1/items/{id} is declared twice');
});
