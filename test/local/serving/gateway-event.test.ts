import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Gateway } from '../../../local/serving/gateway.ts';
import { buildContext } from '../../../local/serving/gateway-event.ts';
import { echo, echoGateway, headersSent, sent } from './gateway-support.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await echoGateway();
});
afterAll(() => gateway.close());

describe('the event', () => {
  test('has payload format 2.0', async () => {
    const { event } = await echo(gateway, '/v1/echo', { headers: { 'user-agent': 'test/1' } });
    const host = new URL(gateway.url).host;
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'GET /v1/echo',
      rawPath: '/v1/echo',
      rawQueryString: '',
      headers: expect.objectContaining({
        host,
        'user-agent': 'test/1',
        'content-length': '0',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-port': new URL(gateway.url).port,
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      }),
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        domainName: host,
        domainPrefix: '127',
        http: {
          method: 'GET',
          path: '/v1/echo',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test/1',
        },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        routeKey: 'GET /v1/echo',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
    expect(event.headers).not.toHaveProperty('connection');
  });

  test('joins the values of a repeated query parameter, and keeps the raw query', async () => {
    const { event } = await echo(gateway, '/v1/echo?a=1&b=x%20y&a=2%263&c');
    expect(event.queryStringParameters).toEqual({ a: '1,2&3', b: 'x y', c: '' });
    expect(event.rawQueryString).toBe('a=1&b=x%20y&a=2%263&c');
  });

  test('has only the path if the request line contains the server', async () => {
    const event = await sent(gateway, 'GET http://example.test/v1/items/1?a=b HTTP/1.1');
    expect(event).toMatchObject({ rawPath: '/v1/items/1', rawQueryString: 'a=b' });
  });

  test('has the decoded path', async () => {
    const { event } = await echo(gateway, '/v1/items/BRK%20B%C3%A9');
    expect(event.routeKey).toBe('GET /v1/items/{id}');
    expect(event.rawPath).toBe('/v1/items/BRK Bé');
    expect(event.pathParameters).toEqual({ id: 'BRK Bé' });
  });

  test('lists cookies separately', async () => {
    const event = await headersSent(gateway, { cookie: 'a=1; b=2' });
    expect(event.cookies).toEqual(['a=1', 'b=2']);
    expect(event.headers).not.toHaveProperty('cookie');
  });

  test('has header names in lower case, and joins repeated headers', async () => {
    const event = await headersSent(gateway, { 'X-Many': ['1', '2'], 'X-ONE': 'One' });
    expect(event.headers).toMatchObject({ 'x-many': '1,2', 'x-one': 'One' });
  });

  test('joins repeated headers of which Node keeps only the first', async () => {
    const event = await sent(
      gateway,
      'GET /v1/echo HTTP/1.1',
      'Authorization: Bearer a',
      'authorization: Bearer b',
    );
    expect(event.headers.authorization).toBe('Bearer a,Bearer b');
  });

  test.each([
    ['application/json; charset=utf-8', '{"a":"é"}', false],
    ['text/csv', 'a,b', false],
    ['application/x-www-form-urlencoded', 'a=1', true],
    ['application/octet-stream', 'bytes', true],
  ])('passes a body of type %s as %s', async (type, body, isBase64Encoded) => {
    const { event } = await echo(gateway, '/v1/echo', {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(event.body).toBe(isBase64Encoded ? Buffer.from(body).toString('base64') : body);
  });

  test('preserves the bytes of a binary body', async () => {
    const bytes = Uint8Array.from([0, 255, 128, 10]);
    const { event } = await echo(gateway, '/v1/echo', { method: 'POST', body: bytes });
    expect(event.isBase64Encoded).toBe(true);
    expect([...Buffer.from(event.body ?? '', 'base64')]).toEqual([...bytes]);
  });

  test('is passed with a Lambda context', async () => {
    const { event, context } = await echo(gateway, '/v1/echo');
    expect(context).toMatchObject({ functionName: 'echo', awsRequestId: event.requestContext.requestId });
    expect(context.remaining).toBeGreaterThan(20_000);
  });

  test('keeps the time of a request when the wall clock is set forward', () => {
    const context = buildContext('echo', 'id');
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(20_000);
    vi.useRealTimers();
  });
});
