import { describe, expect, test } from 'vitest';
import { describeReach } from '../../../local/serving/reach.ts';

const PUBLIC = [new URL('https://calls.example.org')];

describe('describeReach', () => {
  test('has nothing to say about a service that only this machine reaches', () => {
    expect(describeReach({ host: '127.0.0.1', publicUrls: [], proxies: [] })).toEqual([]);
    expect(describeReach({ host: '::1', publicUrls: [], proxies: [] })).toEqual([]);
  });

  test('names the public address', () => {
    expect(describeReach({ host: '127.0.0.1', publicUrls: PUBLIC, proxies: ['loopback'] })).toEqual([
      'Public address: https://calls.example.org/',
    ]);
  });

  test.each(['0.0.0.0', '::', '192.0.2.1'])('warns that other machines reach %s without TLS', (host) => {
    const [line, ...others] = describeReach({ host, publicUrls: [], proxies: [] });
    expect(line).toMatch(`Listening on ${host}: every machine that can connect`);
    expect(line).toMatch(/without encryption.*TLS/);
    expect(others).toEqual([]);
  });

  test('warns of a proxy that hides its clients', () => {
    const [, line] = describeReach({ host: '127.0.0.1', publicUrls: PUBLIC, proxies: [] });
    expect(line).toMatch(/^Without --trust-proxy, all visitors have the address of the proxy/);
  });
});
