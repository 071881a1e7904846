import { type GatewayAnswer, gatewayMessage } from './gateway-answer.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Makes the check of a request's Host header. A page of another site can let its own name resolve to this machine (DNS
 * rebinding). The browser then sends that name, and the page could read the answers.
 *
 * @param names - further names, without a port
 */
export function hostCheck(names: readonly string[]): (host: string | undefined) => boolean {
  const allowed = new Set([...LOOPBACK, ...names.map((name) => name.toLowerCase())]);
  return (host) => host !== undefined && allowed.has(host.replace(/:\d+$/, '').toLowerCase());
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
      'This service answers only to localhost, 127.0.0.1 and [::1]. To use another name, start it with BOURSOMATIC_HOSTS set to that name.',
  }),
};
