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
  test('prefers a literal segment to a parameter', async () => {
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
  ])('answers 404 to %s %s', async (method, path) => {
    const response = await fetch(`${gateway.url}${path}`, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('{"message":"Not Found"}');
  });

  test('answers 400 to a path that cannot be decoded', async () => {
    expect((await fetch(`${gateway.url}/v1/items/%ff`)).status).toBe(400);
  });

  test('prefers a method to ANY, and a full match to a greedy one', async () => {
    expect((await echo(gateway, '/v1/any/1', { method: 'PUT' })).event.pathParameters).toEqual({ key: '1' });
    const { event } = await echo(gateway, '/v1/any/1', { method: 'PATCH' });
    expect(event).toMatchObject({ routeKey: 'ANY /v1/any/{id}', pathParameters: { id: '1' } });
    expect(event.requestContext.http.method).toBe('PATCH');
    expect((await echo(gateway, '/v1/files/a/b/c')).event.pathParameters).toEqual({ path: 'a/b/c' });
    expect(await (await fetch(`${gateway.url}/v1/files/a/about`)).text()).toBe('the best');
    expect((await fetch(`${gateway.url}/v1/files/`)).status).toBe(404);
  });

  test.each(['HEAD', 'OPTIONS', 'QUERY'])(
    'passes %s requests only to a route of ANY method',
    async (method) => {
      const statusOf = async (path: string) => (await fetch(`${gateway.url}${path}`, { method })).status;
      expect(await statusOf('/v1/any/1')).toBe(200);
      expect(await statusOf('/v1/items/1')).toBe(404);
    },
  );
});

describe('limits', () => {
  const send = (body: Uint8Array | string, type: string) =>
    fetch(`${gateway.url}/v1/echo`, { method: 'POST', body, headers: { 'content-type': type } });

  test('limits a body by Lambda’s event size, after base64', async () => {
    expect((await send('x'.repeat(6_000_000), 'text/plain')).status).toBe(200);
    expect((await send(new Uint8Array(4_500_000), 'application/octet-stream')).status).toBe(200);
    const response = await send(new Uint8Array(5_000_000), 'application/octet-stream');
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: 'Request Entity Too Large' });
    // A control character takes six bytes in JSON.
    expect((await send('\x01'.repeat(1_100_000), 'text/plain')).status).toBe(413);
  });

  test('reads a body that is too large to its end before it answers 413', async () => {
    expect((await send(new Uint8Array(BODY_LIMIT_BYTES + 1), 'text/plain')).status).toBe(413);
  });

  test('accepts headers of 10 KB and rejects larger ones', async () => {
    const send = (size: number) =>
      fetch(`${gateway.url}/v1/echo`, { headers: { 'x-long': 'x'.repeat(size) } });
    expect((await send(9_000)).status).toBe(200);
    expect((await send(11_000)).status).toBe(431);
  });

  test('answers 503 when a function exceeds the time limit', async () => {
    const response = await fetch(`${gateway.url}/v1/never`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ message: 'Service Unavailable' });
  });
});
