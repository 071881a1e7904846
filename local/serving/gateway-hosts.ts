import { isIP } from 'node:net';
import { type GatewayAnswer, gatewayMessage } from './gateway-answer.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Whether only this machine can connect to an IP address. */
export function isLoopback(address: string): boolean {
  return /^(127\.|::1$|::ffff:127\.)/i.test(address);
}

/** Whether an IP address stands for all addresses of the machine. */
export function isUnspecified(address: string): boolean {
  return /^[0:.]+$/.test(address);
}

/**
 * Makes the check of a request's Host header. A page of another site can let its own name resolve to this machine (DNS
 * rebinding). The browser then sends that name, and the page could read the answers.
 *
 * A server that other machines can reach also answers to every IP address: behind a port forwarding it does not know its
 * own. No name is involved there, so that nothing can be rebound.
 *
 * @param listening - the IP address that the server listens on
 * @param names - further names, without a port
 */
export function hostCheck(
  listening: string,
  names: readonly string[],
): (host: string | undefined) => boolean {
  const allowed = new Set([...LOOPBACK, ...names.map((name) => name.toLowerCase())]);
  const isAddress = (name: string) =>
    isLoopback(listening) ? name === listening : isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
  return (host) => {
    if (host === undefined) return false;
    const name = host.replace(/:\d+$/, '').toLowerCase();
    return allowed.has(name) || isAddress(name);
  };
}

/** The response to a request for another host. */
export const OTHER_HOST: GatewayAnswer = {
  ...gatewayMessage(421, ''),
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({
    type: 'about:blank',
    title: 'Misdirected Request',
    status: 421,
    detail:
      'This service does not answer to this host name. To use it, start the service with --public-url https://NAME.',
  }),
};
