import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';
import { EDGE_HEADERS } from '../../shared/constants.ts';
import type { ApiRequest } from '../core/http.ts';
import type { Keyring } from './keyring.ts';

/**
 * The address that a request counts for when attempts are counted: of IPv6 the first 64 bits, because whoever has one
 * address of such a network has all of them.
 *
 * @throws ConfigurationError if the request says that it came through CloudFront, and the secret cannot be read
 */
export async function addressOf(
  event: Pick<ApiRequest, 'headers' | 'requestContext'>,
  keyring: Pick<Keyring, 'edgeProof'>,
): Promise<string> {
  const address = await askerOf(event, keyring);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  return isIPv6(address) ? `${network(address)}::/64` : address;
}

/**
 * Who asks. API Gateway sees CloudFront where a request came through that, and all readers of a region would count as
 * one; CloudFront says whose it is, and is believed where it shows that it was CloudFront. Anybody else may send the
 * same headers straight to the API.
 */
async function askerOf(
  { headers, requestContext }: Pick<ApiRequest, 'headers' | 'requestContext'>,
  keyring: Pick<Keyring, 'edgeProof'>,
): Promise<string> {
  const { sourceIp } = requestContext.http;
  const given = headers[EDGE_HEADERS.proof];
  const viewer = headers[EDGE_HEADERS.viewer] ?? '';
  if (given === undefined || isIP(viewer) === 0) return sourceIp;
  const proof = await keyring.edgeProof();
  return proof !== undefined && isSame(given, proof) ? viewer : sourceIp;
}

/** Compares in a time that tells nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
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
