import { isIP, isIPv4 } from 'node:net';
import { z } from 'zod';
import { isLoopback } from './gateway-hosts.ts';

/** Values that are separated by commas. */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

/** The option `--host`. */
export const Host = z
  .string()
  .refine((address) => isIP(address) !== 0, 'is not an IP address such as 127.0.0.1, 0.0.0.0 or ::')
  .default('127.0.0.1');

/** The option `--public-url`, as URLs. */
export const PublicUrls = list.default([]).pipe(
  z.array(
    z
      .string()
      .transform((text) => URL.parse(text))
      .superRefine((url, { addIssue }) => {
        const message = faultOf(url);
        if (message) addIssue({ code: 'custom', message });
      })
      .transform((url) => url as URL),
  ),
);

function faultOf(url: URL | null): string | undefined {
  if (!url?.hostname) return 'is not a URL such as https://calls.example.org';
  if (url.protocol !== 'https:')
    return 'must begin with https://, because browsers keep a sign-in only over TLS';
  if (url.username || url.password) return 'must not contain a user or a password';
  if (url.pathname !== '/' || url.search || url.hash)
    return 'must end after the host: the page needs a host name of its own, without a path';
  return undefined;
}

/** Names of networks, as proxy-addr knows them. */
const NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

/** The option `--trust-proxy`, as addresses, networks and their names. */
export const Proxies = list
  .default([])
  .pipe(
    z.array(
      z
        .string()
        .refine(
          (text) => NETWORKS.includes(text) || isNetwork(text),
          `must be IP addresses, networks such as 10.0.0.0/8, or ${NETWORKS.join(', ')}`,
        ),
    ),
  );

/** Whether a text is an address, with or without the number of leading bits that count. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...others] = text.split('/');
  if (isIP(address) === 0 || address.includes('%') || others.length > 0) return false;
  return (
    bits === undefined ||
    (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= (isIPv4(address) ? 32 : 128))
  );
}

/** From where a service can be reached. */
export interface Reach {
  /** The IP address that it listens on. */
  host: string;
  /** Its addresses at the proxies in front of it. */
  publicUrls: readonly URL[];
  /** The proxies that it trusts. */
  proxies: readonly string[];
}

/** Lines for the operator: the public address, and what is not as safe as it could be. */
export function describeReach({ host, publicUrls, proxies }: Reach): string[] {
  const lines = publicUrls.map(({ origin }) => `Public address: ${origin}/`);
  if (!isLoopback(host))
    lines.push(
      `Listening on ${host}: every machine that can connect to this one reaches the page, and passwords travel without ` +
        'encryption. A proxy in front can add TLS (docs/self-hosting.md).',
    );
  if (publicUrls.length > 0 && proxies.length === 0)
    lines.push(
      'Without --trust-proxy, all visitors have the address of the proxy, so that failed logins of one slow down all.',
    );
  return lines;
}
