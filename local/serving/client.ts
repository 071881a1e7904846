import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';
import { defined } from '../../functions/shared/invariant.ts';

/** The client of a request, as the trusted proxies in front of this server report it. */
export interface Client {
  /** Network address; empty if the client has disconnected. */
  address: string;
  /** How the client reached the outermost trusted proxy; `http` without one. */
  scheme: 'http' | 'https';
}

export type ClientReader = (message: IncomingMessage) => Client;

/**
 * Makes a reader of requests' clients. It believes `X-Forwarded-For` and `X-Forwarded-Proto` only as far as trusted
 * proxies wrote them: from the right, up to the first address that is not trusted. Every client can send the rest.
 *
 * @param proxies - addresses, networks such as `10.0.0.0/8`, or `loopback`, `linklocal` and `uniquelocal`; none by
 *   default, so that no header is believed
 * @throws TypeError if one is malformed
 */
export function clientReader(proxies: readonly string[] = []): ClientReader {
  if (proxies.length === 0) return (message) => ({ address: socketAddress(message), scheme: 'http' });
  const isProxy = proxyAddr.compile([...proxies]);
  return (message) => {
    if (!isProxy(socketAddress(message), 0)) return { address: socketAddress(message), scheme: 'http' };
    // The first is the socket's; all but the last are proxies.
    const hops = proxyAddr.all(message, isProxy);
    const last = defined(hops.at(-1), 'address of a request');
    const writers = isProxy(last, hops.length - 1) ? hops.length : hops.length - 1;
    return {
      // A proxy may write "unknown" instead of an address. Its own address is then the nearest that is known.
      address: isIP(last) === 0 ? defined(hops.at(-2), 'address of a proxy') : last,
      scheme: forwardedScheme(message, writers),
    };
  };
}

/** The scheme that the outermost of some proxies wrote. A proxy that adds none has passed on that of its client. */
function forwardedScheme({ headers }: IncomingMessage, writers: number): Client['scheme'] {
  const schemes = String(headers['x-forwarded-proto'] ?? '').split(',');
  return schemes.slice(-writers)[0]?.trim().toLowerCase() === 'https' ? 'https' : 'http';
}

function socketAddress({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '';
}
