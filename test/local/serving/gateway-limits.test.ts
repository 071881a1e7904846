import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Gateway, type GatewayOptions, startGateway } from '../../../local/serving/gateway.ts';

let gateway: Gateway | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await gateway?.close();
});

/** Starts a gateway whose only function returns the length of the body. */
async function start(options: Partial<GatewayOptions> = {}): Promise<number> {
  gateway = await startGateway({
    port: 0,
    routes: [{ method: 'ANY', path: '/v1/x', name: 'x' }],
    handlers: { x: async ({ body }) => ({ statusCode: 200, body: String(body?.length ?? 0) }) },
    ...options,
  });
  return Number(new URL(gateway.url).port);
}

/** A connection, what it has received, and whether the gateway has closed it. */
interface Raw {
  socket: Socket;
  received: string;
  closed: boolean;
}

function open(port: number, text: string): Raw {
  const raw: Raw = { socket: connect(port, '127.0.0.1'), received: '', closed: false };
  sockets.push(raw.socket);
  raw.socket.on('data', (chunk) => {
    raw.received += String(chunk);
  });
  raw.socket.on('error', () => {});
  raw.socket.on('close', () => {
    raw.closed = true;
  });
  raw.socket.write(text);
  return raw;
}

const get = (host: string) => `GET /v1/x HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;
const post = (length: number, sent = '') =>
  `POST /v1/x HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\n\r\n${sent}`;

/** The answer to a request that the gateway ends by closing the connection. */
async function answer(port: number, text: string): Promise<string> {
  const raw = open(port, text);
  await vi.waitUntil(() => raw.closed, { timeout: 5_000 });
  return raw.received;
}

describe('the Host of a request', () => {
  test.each(['localhost', 'localhost:8787', '127.0.0.1:8787', '[::1]:8787', 'LOCALHOST'])(
    '%s is this machine',
    async (host) => {
      expect(await answer(await start(), get(host))).toContain('HTTP/1.1 200 OK');
    },
  );

  test.each(['evil.example', 'localhost.evil.example', 'evil.example:8787', 'user@localhost', '[::2]', ''])(
    '%j is refused, because a page of another site may have resolved it to this machine',
    async (host) => {
      const text = await answer(await start({ fallback: () => false }), get(host));
      expect(text).toContain('HTTP/1.1 421 Misdirected Request');
      expect(text).toContain('content-type: application/problem+json');
      expect(text).toContain('--public-url https://NAME');
    },
  );

  test('is accepted if the operator names it', async () => {
    const port = await start({ hosts: ['stocks.example.com'] });
    expect(await answer(port, get('stocks.example.com'))).toContain('200 OK');
    expect(await answer(port, get('Stocks.example.com:443'))).toContain('200 OK');
    expect(await answer(port, get('other.example.com'))).toContain('421');
  });

  test.each(['0.0.0.0', '::'])('may be any IP address if the server listens on %s', async (host) => {
    const port = await start({ host });
    for (const address of ['192.0.2.1:8787', '[2001:db8::1]:8787', '127.0.0.1'])
      expect(await answer(port, get(address)), address).toContain('HTTP/1.1 200 OK');
    for (const name of ['evil.example', '192.0.2.1.evil.example', '[evil]'])
      expect(await answer(port, get(name)), name).toContain('HTTP/1.1 421 Misdirected Request');
  });

  test('is checked before the page is served', async () => {
    let served = 0;
    const port = await start({
      fallback: (_request, response) => {
        served += 1;
        response.end('page');
        return true;
      },
    });
    const page = (host: string) => get(host).replace('/v1/x', '/');
    expect(await answer(port, page('evil.example'))).toContain('421');
    expect(served).toBe(0);
    expect(await answer(port, page('localhost'))).toContain('page');
  });
});

describe('bodies', () => {
  const KIB = 1024;
  const limits = { connections: 100, bufferedBytes: 1024 * KIB, headersMs: 30_000, requestMs: 30_000 };

  test('that stall share a bounded memory, and small ones always fit', async () => {
    const port = await start({ limits });
    const chunk = 'x'.repeat(500 * KIB);
    const stalled = Array.from({ length: 6 }, () => open(port, post(900 * KIB, chunk)));
    await vi.waitUntil(() => stalled.filter(({ received }) => received.includes(' 503 ')).length >= 3, {
      timeout: 5_000,
    });
    expect(stalled.find(({ received }) => received !== '')?.received).toContain('retry-after');
    const held = stalled.filter(({ received }) => received === '');
    expect(held.length).toBeGreaterThan(0);
    const small = open(port, post(10, '0123456789'));
    await vi.waitUntil(() => small.received.endsWith('10'));
    // Those that the memory holds can still finish, and give it back.
    for (const { socket } of held) socket.write('x'.repeat(400 * KIB));
    await vi.waitUntil(() => held.some(({ received }) => received !== ''));
  });

  test('give their memory back when they are answered or their client leaves', async () => {
    const port = await start({ limits });
    for (let round = 0; round < 5; round += 1) {
      const whole = open(port, post(900 * KIB, 'x'.repeat(900 * KIB)));
      await vi.waitUntil(() => whole.received.endsWith(String(900 * KIB)), { timeout: 5_000 });
      const leaving = open(port, post(900 * KIB, 'x'.repeat(800 * KIB)));
      await new Promise((resolve) => setTimeout(resolve, 50));
      leaving.socket.destroy();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  test('that do not arrive in time end with 408', async () => {
    const port = await start({ limits: { ...limits, requestMs: 300, headersMs: 200 } });
    expect(await answer(port, post(100, 'only a part'))).toContain('HTTP/1.1 408 Request Timeout');
    expect(await answer(port, 'GET /v1/x HTTP/1.1\r\nhost: loc')).toContain('HTTP/1.1 408 Request Timeout');
  });
});

test('closes connections beyond the limit, and accepts new ones when others have ended', async () => {
  const port = await start({
    limits: { connections: 3, bufferedBytes: 1_000_000, headersMs: 30_000, requestMs: 30_000 },
  });
  const idle = Array.from({ length: 3 }, () => open(port, ''));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const late = open(port, get('localhost'));
  await vi.waitUntil(() => late.closed);
  expect(late.received).toBe('');
  for (const { socket } of idle) socket.destroy();
  await vi.waitUntil(async () => (await answer(port, get('localhost'))).includes('200 OK'), {
    timeout: 5_000,
  });
});
