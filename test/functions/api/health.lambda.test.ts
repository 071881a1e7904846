import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { handler } from '../../../functions/api/health.lambda.ts';
import { closeDatabases } from '../../../functions/shared/database.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { bodyOf, getRequest, lambdaContext, strangeSecret } from './support.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await closeDatabases();
  await db.close();
});

const get = () => handler(getRequest('/v1/health'), lambdaContext());

test('answers 200', async () => {
  vi.stubEnv('API_DATABASE_SECRET', db.url('api'));
  const response = await get();
  expect(response.statusCode).toBe(200);
  expect(bodyOf(response)).toMatchObject({ status: 'ok', database: 'ok' });
});

/** A server that accepts connections and says nothing. */
async function silentServer(): Promise<{ port: number; close(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

test.each([
  ['refuses connections', async () => ({ port: 1, close: () => {} })],
  ['accepts connections and says nothing', silentServer],
])('a database that %s is a 503 within seconds, without a word about it', async (_what, start) => {
  const server = await start();
  const secret = await strangeSecret(server.port);
  vi.stubEnv('API_DATABASE_SECRET', secret.url);
  const started = Date.now();
  const response = await get();
  expect(Date.now() - started).toBeLessThan(5_000);
  expect(response.statusCode).toBe(503);
  expect(response.headers?.['content-type']).toBe('application/problem+json');
  expect(bodyOf(response)).toEqual({
    type: '/problems/database-unreachable',
    title: 'Database unreachable',
    status: 503,
    detail: 'The service cannot reach its database. Try again in a minute.',
  });
  server.close();
  await secret.remove();
});
