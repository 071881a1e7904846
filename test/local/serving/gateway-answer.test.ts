import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Gateway } from '../../../local/serving/gateway.ts';
import { PAYLOAD_LIMIT_BYTES } from '../../../local/serving/gateway-body.ts';
import { echoGateway } from './gateway-support.ts';

let result: () => unknown;
let gateway: Gateway;
beforeAll(async () => {
  gateway = await echoGateway(() => result());
});
afterAll(() => gateway.close());

describe('the response to a function result', () => {
  async function answer(value: unknown, init?: RequestInit): Promise<Response> {
    result = () => value;
    return fetch(`${gateway.url}/v1/result`, init);
  }

  test('has its status, headers and cookies', async () => {
    const response = await answer({
      statusCode: 201,
      headers: { 'Content-Type': 'application/problem+json', 'x-number': 7 },
      cookies: ['a=1; HttpOnly', 'b=2'],
      body: '{"a":1}',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('x-number')).toBe('7');
    expect(response.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2']);
    expect(response.headers.get('apigw-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.text()).toBe('{"a":1}');
  });

  test('decodes a base64 body', async () => {
    const response = await answer({ statusCode: 200, isBase64Encoded: true, body: 'AP+A' });
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 128]);
  });

  test('is a 200 with JSON if the result has no status', async () => {
    const response = await answer({ hello: 'world' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ hello: 'world' });
    expect(await (await answer('text')).text()).toBe('text');
  });

  test('has no body with a 204', async () => {
    const response = await answer({ statusCode: 204 });
    expect(response.status).toBe(204);
    expect(response.headers.has('content-type')).toBe(false);
  });

  test('omits undefined headers and connection headers', async () => {
    const response = await answer({
      statusCode: 200,
      headers: { 'x-none': undefined, 'x-null': null, 'transfer-encoding': 'chunked', 'content-length': '1' },
      cookies: undefined,
      body: 'whole',
    });
    expect(response.headers.has('x-none')).toBe(false);
    expect(response.headers.has('x-null')).toBe(false);
    expect(response.headers.get('content-length')).toBe('5');
    expect(await response.text()).toBe('whole');
  });

  test('has the headers of the GET and no body for HEAD', async () => {
    const response = await answer({ statusCode: 200, body: '12345' }, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('5');
    expect(await response.text()).toBe('');
  });

  test.each([
    ['an invalid status', { statusCode: 'soon' }],
    ['a body that is not a string', { statusCode: 200, body: { a: 1 } }],
    ['a header that is a list', { statusCode: 200, headers: { 'x-a': ['1', '2'] }, body: 'x' }],
    ['a cookie that is not a string', { statusCode: 200, cookies: [7], body: 'x' }],
    ['a body above Lambda’s limit', { statusCode: 200, body: 'x'.repeat(PAYLOAD_LIMIT_BYTES + 1) }],
    ['a header with a line break', { statusCode: 200, headers: { 'x-a': 'a\r\nb' }, body: 'x' }],
  ])('is a 500 for %s', async (_what, value) => {
    const response = await answer(value);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal Server Error' });
  });

  test('is a 500 without the message if the function throws', async () => {
    result = () => {
      throw new Error('hunter2');
    };
    const response = await fetch(`${gateway.url}/v1/result`);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('{"message":"Internal Server Error"}');
  });
});
