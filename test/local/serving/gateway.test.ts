import { Agent, request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { API_FUNCTIONS } from '../../../functions/api/core/groups.ts';
import { type Gateway, type GatewayHandler, startGateway } from '../../../local/serving/gateway.ts';
import { echoGateway } from './gateway-support.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await echoGateway();
});
afterAll(() => gateway.close());

describe('startGateway', () => {
  const health: GatewayHandler = async () => ({ statusCode: 200, body: 'ok' });
  const handlers = Object.fromEntries(API_FUNCTIONS.map((name) => [name, health]));

  test('serves the API’s routes, and passes other paths to the fallback', async () => {
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

  test('rejects a port in use, and says what to do', async () => {
    const port = Number(new URL(gateway.url).port);
    await expect(startGateway({ port, handlers })).rejects.toMatchObject({
      code: 'port_in_use',
      message: `port ${port} is in use: choose another with --port, or a free one with --port 0`,
    });
  });

  test('rejects an address that this machine does not have, and says which it has', async () => {
    await expect(startGateway({ port: 0, handlers, host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'bad_input',
      message:
        '--host 192.0.2.1 is not an address of this machine: 0.0.0.0 and :: stand for all of its addresses',
    });
  });

  test.each([
    ['0.0.0.0', 'http://127.0.0.1:'],
    ['::', 'http://[::1]:'],
    ['127.0.0.2', 'http://127.0.0.2:'],
  ])('listens on %s, with a URL for this machine', async (host, url) => {
    const own = await startGateway({ port: 0, handlers, host });
    expect(own.url.slice(0, url.length)).toBe(url);
    expect(await (await fetch(`${own.url}/v1/health`)).text()).toBe('ok');
    await own.close();
  });

  test('rejects a route without a handler', async () => {
    await expect(startGateway({ port: 0, handlers: { auth: health } })).rejects.toThrow(
      'gateway: route account has no handler',
    );
  });

  test('serves several requests on one connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports: (number | undefined)[] = [];
    for (let round = 0; round < 3; round++) {
      await new Promise<void>((resolve, reject) => {
        httpRequest(`${gateway.url}/v1/items/best`, { agent }, (response) => {
          ports.push(response.socket.localPort);
          response.resume().on('end', resolve);
        })
          .on('error', reject)
          .end();
      });
    }
    agent.destroy();
    expect(new Set(ports).size).toBe(1);
  });

  test('finishes open requests when it closes, and leaves no connection open', async () => {
    let arrived = () => {};
    let finish = (_value: unknown) => {};
    const called = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const own = await startGateway({
      port: 0,
      handlers: {
        ...handlers,
        market: () => {
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
