import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';
import { EDGE_HEADERS } from '../../shared/constants.ts';
import type { ApiRequest } from '../core/http.ts';
import type { Keyring } from './keyring.ts';

/**
 * The address to which the throttle assigns a request. For IPv6 it is the /64 network, because one client usually has
 * all of its addresses.
 *
 * @throws ConfigurationError if the request claims to come through CloudFront and the secret cannot be read
 */
export async function addressOf(
  event: Pick<ApiRequest, 'headers' | 'requestContext'>,
  keyring: Pick<Keyring, 'edgeProof'>,
): Promise<string> {
  const address = await clientAddress(event, keyring);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  return isIPv6(address) ? `${network(address)}::/64` : address;
}

/**
 * The client's address. For a request through CloudFront, API Gateway sees only CloudFront's address, which all users of a
 * region share. CloudFront sends the viewer's address with a secret proof. Without the proof the header is ignored,
 * because anyone can send it to the API directly.
 */
async function clientAddress(
  { headers, requestContext }: Pick<ApiRequest, 'headers' | 'requestContext'>,
  keyring: Pick<Keyring, 'edgeProof'>,
): Promise<string> {
  const { sourceIp } = requestContext.http;
  const given = headers[EDGE_HEADERS.proof];
  const viewer = headers[EDGE_HEADERS.viewer];
  if (given === undefined || viewer === undefined || isIP(viewer) === 0) return sourceIp;
  const proof = await keyring.edgeProof();
  return proof !== undefined && isSame(given, proof) ? viewer : sourceIp;
}

/** Compares in constant time. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** The first four groups of an IPv6 address. */
function network(address: string): string {
  const [head, tail] = address.replace(/%.*/, '').toLowerCase().split('::');
  const before = head ? head.split(':') : [];
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
