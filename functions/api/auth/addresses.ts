import { isIPv6 } from 'node:net';
import type { ApiRequest } from '../http.ts';

/**
 * The address that a request counts for when attempts are counted: of IPv6 the first 64 bits, because whoever has one
 * address of such a network has all of them.
 */
export function addressOf(event: Pick<ApiRequest, 'requestContext'>): string {
  const address = event.requestContext.http.sourceIp;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  return isIPv6(address) ? `${network(address)}::/64` : address;
}

function network(address: string): string {
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
