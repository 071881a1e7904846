import { expect, test } from 'vitest';
import { dispatch, makeDirectory } from '../../../../functions/api/core/dispatch.ts';
import { type AnyEndpoint, endpoint } from '../../../../functions/api/core/endpoint.ts';
import { declare, getRequest } from '../support.ts';

const declareOne = (method: 'GET' | 'DELETE', path: `/${string}`): AnyEndpoint =>
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

const read = declareOne('GET', '/v1/items/{id}');
const remove = declareOne('DELETE', '/v1/items/{id}');
const directory = makeDirectory(declare([read, remove, declareOne('GET', '/v1/items')]));

function ask(method: string, template: string) {
  const request = getRequest('/v1/items/7');
  request.routeKey = `ANY ${template}`;
  request.requestContext.http.method = method;
  return dispatch(directory, request);
}

async function selected(method: string, template: string): Promise<AnyEndpoint | undefined> {
  const dispatched = ask(method, template);
  return 'load' in dispatched ? dispatched.load() : undefined;
}

test("selects an endpoint by the gateway's template and the method", async () => {
  expect(await selected('GET', '/v1/items/{id}')).toBe(read);
  expect(await selected('DELETE', '/v1/items/{id}')).toBe(remove);
});

test('treats HEAD as GET', async () => {
  expect(await selected('HEAD', '/v1/items/{id}')).toBe(read);
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

test('loads an endpoint with its first request and keeps it', async () => {
  let loads = 0;
  const counting = makeDirectory({
    'GET /v1/items': async () => {
      loads++;
      return read;
    },
  });
  expect(loads).toBe(0);
  for (const _request of [1, 2]) {
    const dispatched = dispatch(counting, { ...getRequest('/v1/items'), routeKey: 'ANY /v1/items' });
    expect('load' in dispatched && (await dispatched.load())).toBe(read);
  }
  expect(loads).toBe(1);
});

test('loads an endpoint again after a failure', async () => {
  let fails = true;
  const failing = makeDirectory({
    'GET /v1/items': async () => {
      if (fails) throw new Error('the disk is gone');
      return read;
    },
  });
  const dispatched = dispatch(failing, { ...getRequest('/v1/items'), routeKey: 'ANY /v1/items' });
  if (!('load' in dispatched)) throw new Error('nothing dispatched');
  await expect(async () => dispatched.load()).rejects.toThrow('the disk is gone');
  fails = false;
  expect(await dispatched.load()).toBe(read);
});
