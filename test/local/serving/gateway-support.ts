import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { type Gateway, type GatewayOptions, startGateway } from '../../../local/serving/gateway.ts';
import type { GatewayRoute } from '../../../local/serving/gateway-routes.ts';

const ROUTES: GatewayRoute[] = [
  { method: 'GET', path: '/v1/echo', name: 'echo' },
  { method: 'POST', path: '/v1/echo', name: 'echo' },
  { method: 'GET', path: '/v1/items/{id}', name: 'echo' },
  { method: 'GET', path: '/v1/items/best', name: 'best' },
  { method: 'DELETE', path: '/v1/items/{id}', name: 'echo' },
  { method: 'ANY', path: '/v1/any/{id}', name: 'echo' },
  { method: 'PUT', path: '/v1/any/{key}', name: 'echo' },
  { method: 'GET', path: '/v1/files/{path+}', name: 'echo' },
  { method: 'GET', path: '/v1/files/{id}/about', name: 'best' },
  { method: 'ANY', path: '/v1/result', name: 'result' },
  { method: 'GET', path: '/v1/never', name: 'never' },
];

/** Response of the function `echo`: its own event and context. */
export interface Echo {
  event: APIGatewayProxyEventV2;
  context: Context & { remaining: number };
}

/**
 * Starts a gateway with functions that return their event (`echo`), a text (`best`), a given result (`result`), or never
 * return (`never`).
 *
 * @param result - makes the result of the function `result`
 * @param options - further options of the gateway
 */
export function echoGateway(
  result: () => unknown = () => null,
  options: Pick<GatewayOptions, 'proxies'> = {},
): Promise<Gateway> {
  return startGateway({
    port: 0,
    routes: ROUTES,
    timeLimitMs: 2_000,
    hosts: ['x'],
    ...options,
    handlers: {
      echo: async (event, { getRemainingTimeInMillis, ...context }) => ({
        event,
        context: { ...context, remaining: getRemainingTimeInMillis() },
      }),
      best: async () => 'the best',
      result: async () => result(),
      never: () => new Promise(() => {}),
    },
  });
}

/** Requests a path of `echo`. @returns the event and context of the function */
export async function echo(gateway: Gateway, path: string, init?: RequestInit): Promise<Echo> {
  const response = await fetch(`${gateway.url}${path}`, init);
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as Echo;
}

/** Sends a raw request to `echo`. @returns the event of the function */
export function sent(gateway: Gateway, ...lines: string[]): Promise<APIGatewayProxyEventV2> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
    socket.on('end', () => {
      const [, body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
      resolve((JSON.parse(body) as Echo).event);
    });
    socket.write([...lines, 'host: x', 'connection: close', '', ''].join('\r\n'));
  });
}

/** Sends a GET to `echo` with headers that fetch would join or reject. @returns the event of the function */
export function headersSent(
  gateway: Gateway,
  headers: Record<string, string | string[]>,
): Promise<APIGatewayProxyEventV2> {
  return new Promise((resolve, reject) => {
    httpRequest(`${gateway.url}/v1/echo`, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve((JSON.parse(text) as Echo).event));
    })
      .on('error', reject)
      .end();
  });
}
