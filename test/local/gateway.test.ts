import { request as httpRequest } from 'node:http';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '../../functions/api/routes.ts';
import { BODY_LIMIT_BYTES, type Gateway, type GatewayHandler, startGateway } from '../../local/gateway.ts';

const ROUTES: Route[] = [
  { method: 'GET', path: '/v1/echo', name: 'echo' },
  { method: 'POST', path: '/v1/echo', name: 'echo' },
  { method: 'GET', path: '/v1/items/{id}', name: 'echo' },
  { method: 'GET', path: '/v1/items/best', name: 'best' },
  { method: 'GET', path: '/v1/result', name: 'result' },
];

let result: () => unknown;
let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({
    port: 0,
    routes: ROUTES,
    handlers: {
      echo: async (event, { getRemainingTimeInMillis, ...context }) => ({
        event,
        context: { ...context, remaining: getRemainingTimeInMillis() },
      }),
      best: async () => 'the best',
      result: async () => result(),
    },
  });
});
afterAll(() => gateway.close());

interface Echo {
  event: APIGatewayProxyEventV2;
  context: Context & { remaining: number };
}

async function echo(path: string, init?: RequestInit): Promise<Echo> {
  const response = await fetch(`${gateway.url}${path}`, init);
  expect(response.status).toBe(200);
  return (await response.json()) as Echo;
}

/** A GET with headers just as they are: fetch would join or refuse some. */
function rawEcho(headers: Record<string, string | string[]>): Promise<Echo> {
  return new Promise((resolve, reject) => {
    httpRequest(`${gateway.url}/v1/echo`, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(JSON.parse(text)));
    })
      .on('error', reject)
      .end();
  });
}

describe('the event', () => {
  test('is payload format 2.0', async () => {
    const { event } = await echo('/v1/echo', { headers: { 'user-agent': 'test/1' } });
    const host = new URL(gateway.url).host;
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'GET /v1/echo',
      rawPath: '/v1/echo',
      rawQueryString: '',
      headers: expect.objectContaining({
        host,
        'user-agent': 'test/1',
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

  test('joins the values of a repeated query parameter, and keeps the query as it was sent', async () => {
    const { event } = await echo('/v1/echo?a=1&b=x%20y&a=2%263&c');
    expect(event.queryStringParameters).toEqual({ a: '1,2&3', b: 'x y', c: '' });
    expect(event.rawQueryString).toBe('a=1&b=x%20y&a=2%263&c');
  });

  test('has the path decoded', async () => {
    const { event } = await echo('/v1/items/BRK%20B%C3%A9');
    expect(event.routeKey).toBe('GET /v1/items/{id}');
    expect(event.rawPath).toBe('/v1/items/BRK Bé');
    expect(event.pathParameters).toEqual({ id: 'BRK Bé' });
  });

  test('has cookies in a list of their own', async () => {
    const { event } = await rawEcho({ cookie: 'a=1; b=2' });
    expect(event.cookies).toEqual(['a=1', 'b=2']);
    expect(event.headers).not.toHaveProperty('cookie');
  });

  test('has header names in lower case and repeated headers joined', async () => {
    const { event } = await rawEcho({ 'X-Many': ['1', '2'], 'X-ONE': 'One' });
    expect(event.headers).toMatchObject({ 'x-many': '1,2', 'x-one': 'One' });
  });

  test.each([
    ['application/json; charset=utf-8', '{"a":"é"}', false],
    ['text/csv', 'a,b', false],
    ['application/x-www-form-urlencoded', 'a=1', true],
    ['application/octet-stream', 'bytes', true],
  ])('has a body of %s as %s', async (type, body, isBase64Encoded) => {
    const { event } = await echo('/v1/echo', { method: 'POST', body, headers: { 'content-type': type } });
    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(event.body).toBe(isBase64Encoded ? Buffer.from(body).toString('base64') : body);
  });

  test('keeps the bytes of a binary body', async () => {
    const bytes = Uint8Array.from([0, 255, 128, 10]);
    const { event } = await echo('/v1/echo', { method: 'POST', body: bytes });
    expect(event.isBase64Encoded).toBe(true);
    expect([...Buffer.from(event.body ?? '', 'base64')]).toEqual([...bytes]);
  });

  test('comes with a context', async () => {
    const { event, context } = await echo('/v1/echo');
    expect(context).toMatchObject({ functionName: 'echo', awsRequestId: event.requestContext.requestId });
    expect(context.remaining).toBeGreaterThan(20_000);
  });
});

describe('the answer', () => {
  async function answer(value: unknown, init?: RequestInit): Promise<Response> {
    result = () => value;
    return fetch(`${gateway.url}/v1/result`, init);
  }

  test('has the status, the headers and each cookie', async () => {
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

  test('is a 200 of JSON where the function gave no status', async () => {
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

  test('to a HEAD has the headers of the GET and no body', async () => {
    const response = await answer({ statusCode: 200, body: '12345' }, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('5');
    expect(await response.text()).toBe('');
  });

  test.each([
    ['a status that is none', { statusCode: 'soon' }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['a header that cannot be sent', { statusCode: 200, headers: { 'x-a': 'a\r\nb' }, body: 'x' }],
  ])('is a 500 for %s', async (_what, value) => {
    const response = await answer(value);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal Server Error' });
  });

  test('is a 500 without its text where the function throws', async () => {
    result = () => {
      throw new Error('hunter2');
    };
    const response = await fetch(`${gateway.url}/v1/result`);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('{"message":"Internal Server Error"}');
  });
});

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

  test('a body may be 6 MB and no larger', async () => {
    const send = (size: number) =>
      fetch(`${gateway.url}/v1/echo`, { method: 'POST', body: new Uint8Array(size) });
    expect((await send(BODY_LIMIT_BYTES)).status).toBe(200);
    const response = await send(BODY_LIMIT_BYTES + 1);
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: 'Request Entity Too Large' });
  });
});

describe('starting and closing', () => {
  const health: GatewayHandler = async () => ({ statusCode: 200, body: 'ok' });
  const handlers = { recommendations: health, health };

  test('the routes are those of the API, and what they do not match goes to the fallback', async () => {
    const own = await startGateway({
      port: 0,
      handlers,
      fallback: (request, response) => {
        if (request.url !== '/') return false;
        response.end('a page');
        return true;
      },
    });
    expect(await (await fetch(`${own.url}/v1/health`)).text()).toBe('ok');
    expect(await (await fetch(`${own.url}/`)).text()).toBe('a page');
    expect((await fetch(`${own.url}/other`)).status).toBe(404);
    await own.close();
  });

  test('a port in use is refused with what to do about it', async () => {
    const port = Number(new URL(gateway.url).port);
    await expect(startGateway({ port, handlers })).rejects.toMatchObject({
      code: 'port_in_use',
      message: `port ${port} is in use: give another with --port, or --port 0 for any free one`,
    });
  });

  test('a route without a handler is refused', async () => {
    await expect(startGateway({ port: 0, handlers: { health } })).rejects.toThrow(
      'gateway: no handler for recommendations',
    );
  });

  test('closing lets a request under way end, and leaves no connection open', async () => {
    let arrived = () => {};
    let finish = (_value: unknown) => {};
    const called = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const own = await startGateway({
      port: 0,
      handlers: {
        recommendations: health,
        health: () => {
          arrived();
          return new Promise((resolve) => {
            finish = resolve;
          });
        },
      },
    });
    await (await fetch(`${own.url}/v1/recommendations`)).text();
    const pending = fetch(`${own.url}/v1/health`);
    await called;
    const closing = own.close();
    const started = Date.now();
    finish({ statusCode: 200, body: 'in time' });
    const response = await pending;
    expect(await response.text()).toBe('in time');
    expect(response.headers.get('connection')).toBe('close');
    await closing;
    expect(Date.now() - started).toBeLessThan(1_500);
    await own.close();
    await expect(fetch(`${own.url}/v1/health`)).rejects.toThrow();
  });
});
