import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Gateway } from '../../../local/serving/gateway.ts';
import { BODY_LIMIT_BYTES } from '../../../local/serving/gateway-body.ts';
import { echo, echoGateway } from './gateway-support.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await echoGateway();
});
afterAll(() => gateway.close());

describe('routes', () => {
  test('a literal segment goes before a parameter', async () => {
    expect(await (await fetch(`${gateway.url}/v1/items/best`)).text()).toBe('the best');
  });

  test.each([
    ['GET', '/'],
    ['GET', '/v1/echo/'],
    ['GET', '/v1/items/'],
    ['GET', '/v1/items/a/b'],
    ['GET', '/v1/items/a%2Fb'],
    ['DELETE', '/v1/echo'],
    ['GET', '//v1/echo'],
  ])('%s %s is not found', async (method, path) => {
    const response = await fetch(`${gateway.url}${path}`, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('{"message":"Not Found"}');
  });

  test('a path that does not decode is a bad request', async () => {
    expect((await fetch(`${gateway.url}/v1/items/%ff`)).status).toBe(400);
  });

  test('a method of its own goes before any, and a full match before the rest of a path', async () => {
    expect((await echo(gateway, '/v1/any/1', { method: 'PUT' })).event.pathParameters).toEqual({ key: '1' });
    const { event } = await echo(gateway, '/v1/any/1', { method: 'PATCH' });
    expect(event).toMatchObject({ routeKey: 'ANY /v1/any/{id}', pathParameters: { id: '1' } });
    expect(event.requestContext.http.method).toBe('PATCH');
    expect((await echo(gateway, '/v1/files/a/b/c')).event.pathParameters).toEqual({ path: 'a/b/c' });
    expect(await (await fetch(`${gateway.url}/v1/files/a/about`)).text()).toBe('the best');
    expect((await fetch(`${gateway.url}/v1/files/`)).status).toBe(404);
  });

  test.each(['HEAD', 'OPTIONS', 'QUERY'])('%s is a method like any other', async (method) => {
    const asked = async (path: string) => (await fetch(`${gateway.url}${path}`, { method })).status;
    expect(await asked('/v1/any/1')).toBe(200);
    expect(await asked('/v1/items/1')).toBe(404);
  });
});

describe('limits', () => {
  const send = (body: Uint8Array | string, type: string) =>
    fetch(`${gateway.url}/v1/echo`, { method: 'POST', body, headers: { 'content-type': type } });

  test('a body must fit into the event of a Lambda, in which bytes take a third more room', async () => {
    expect((await send('x'.repeat(6_000_000), 'text/plain')).status).toBe(200);
    expect((await send(new Uint8Array(4_500_000), 'application/octet-stream')).status).toBe(200);
    const response = await send(new Uint8Array(5_000_000), 'application/octet-stream');
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: 'Request Entity Too Large' });
    // A control character takes six bytes in JSON.
    expect((await send('\x01'.repeat(1_100_000), 'text/plain')).status).toBe(413);
  });

  test('a body that API Gateway refuses is read to its end, so that the client gets the answer', async () => {
    expect((await send(new Uint8Array(BODY_LIMIT_BYTES + 1), 'text/plain')).status).toBe(413);
  });

  test('headers may be 10 KB and no larger', async () => {
    const send = (size: number) =>
      fetch(`${gateway.url}/v1/echo`, { headers: { 'x-long': 'x'.repeat(size) } });
    expect((await send(9_000)).status).toBe(200);
    expect((await send(11_000)).status).toBe(431);
  });

  test('a function that takes too long is a 503', async () => {
    const response = await fetch(`${gateway.url}/v1/never`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ message: 'Service Unavailable' });
  });
});
