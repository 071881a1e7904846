import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { clientReader } from '../../../local/serving/client.ts';
import type { Gateway } from '../../../local/serving/gateway.ts';
import { echoGateway, headersSent } from './gateway-support.ts';

/** Reads the client of a request from a socket's address. */
function read(socket: string | undefined, headers: Record<string, string>, proxies: string[]) {
  const message = { socket: { remoteAddress: socket }, headers } as unknown as IncomingMessage;
  const { address, scheme } = clientReader(proxies)(message);
  return `${scheme} ${address}`;
}

const forwarded = (addresses: string, schemes = 'https') => ({
  'x-forwarded-for': addresses,
  'x-forwarded-proto': schemes,
});

describe('without trusted proxies', () => {
  test('no header is believed', () => {
    expect(read('192.0.2.9', forwarded('198.51.100.1'), [])).toBe('http 192.0.2.9');
    expect(read('127.0.0.1', forwarded('198.51.100.1'), [])).toBe('http 127.0.0.1');
  });
});

describe('with trusted proxies', () => {
  test('the headers of anyone else are not believed', () => {
    expect(read('192.0.2.9', forwarded('198.51.100.1'), ['loopback'])).toBe('http 192.0.2.9');
  });

  test('the client is the last address that a trusted proxy added', () => {
    expect(read('127.0.0.1', forwarded('198.51.100.1'), ['loopback'])).toBe('https 198.51.100.1');
    expect(read('::1', forwarded('2001:db8::7'), ['loopback'])).toBe('https 2001:db8::7');
    expect(read('::ffff:127.0.0.1', forwarded('198.51.100.1'), ['loopback'])).toBe('https 198.51.100.1');
    expect(read('10.1.2.3', forwarded('198.51.100.1'), ['10.0.0.0/8'])).toBe('https 198.51.100.1');
    expect(read('172.17.0.1', forwarded('198.51.100.1'), ['uniquelocal'])).toBe('https 198.51.100.1');
  });

  test('addresses that the client sent itself are not believed', () => {
    const forged = forwarded('203.0.113.66, 198.51.100.1', 'https');
    expect(read('127.0.0.1', forged, ['loopback'])).toBe('https 198.51.100.1');
    // A client that poses as a trusted proxy, too.
    expect(read('127.0.0.1', forwarded('203.0.113.66, 127.0.0.1, 198.51.100.1'), ['loopback'])).toBe(
      'https 198.51.100.1',
    );
  });

  test('a chain of trusted proxies is followed to its outermost', () => {
    const chain = forwarded('203.0.113.66, 198.51.100.1, 10.0.0.2', 'gopher, https, http');
    expect(read('127.0.0.1', chain, ['loopback', '10.0.0.0/8'])).toBe('https 198.51.100.1');
    expect(read('127.0.0.1', chain, ['loopback'])).toBe('http 10.0.0.2');
  });

  test('the scheme counts only as far as trusted proxies wrote it', () => {
    expect(read('127.0.0.1', forwarded('198.51.100.1', 'https, http'), ['loopback'])).toBe(
      'http 198.51.100.1',
    );
    expect(read('127.0.0.1', forwarded('198.51.100.1', 'HTTPS'), ['loopback'])).toBe('https 198.51.100.1');
    expect(read('127.0.0.1', { 'x-forwarded-for': '198.51.100.1' }, ['loopback'])).toBe('http 198.51.100.1');
  });

  test('a proxy that names no address stands for its client', () => {
    expect(read('127.0.0.1', { 'x-forwarded-proto': 'https' }, ['loopback'])).toBe('https 127.0.0.1');
    expect(read('127.0.0.1', forwarded('unknown'), ['loopback'])).toBe('https 127.0.0.1');
    expect(read('127.0.0.1', forwarded('unknown, 10.0.0.2'), ['loopback', '10.0.0.2'])).toBe(
      'https 10.0.0.2',
    );
  });

  test('a client that has disconnected has no address', () => {
    expect(read(undefined, forwarded('198.51.100.1'), ['loopback'])).toBe('http ');
  });
});

describe('the event of a request', () => {
  let gateway: Gateway | undefined;
  afterEach(() => gateway?.close());

  test('has the client that a trusted proxy names', async () => {
    gateway = await echoGateway(undefined, { proxies: ['loopback'] });
    const { headers, requestContext } = await headersSent(gateway, forwarded('203.0.113.66, 198.51.100.1'));
    expect(requestContext.http.sourceIp).toBe('198.51.100.1');
    expect(headers['x-forwarded-proto']).toBe('https');
  });

  test('has the connecting address and http if a client forges the headers', async () => {
    gateway = await echoGateway();
    const { headers, requestContext } = await headersSent(gateway, {
      ...forwarded('198.51.100.1'),
      forwarded: 'for=198.51.100.1;proto=https',
      'x-real-ip': '198.51.100.1',
    });
    expect(requestContext.http.sourceIp).toBe('127.0.0.1');
    expect(headers['x-forwarded-proto']).toBe('http');
  });
});
