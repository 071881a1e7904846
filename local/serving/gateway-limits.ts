import { type GatewayAnswer, gatewayMessage } from './gateway-answer.ts';

/** Limits that protect this process. In AWS, API Gateway has its own. */
export interface GatewayLimits {
  /** Open connections. The server closes further ones. */
  connections: number;
  /** Bytes of all bodies in memory, without the first {@link FREE_BYTES} of each. */
  bufferedBytes: number;
  /** Milliseconds within which the headers of a request must arrive, and the whole request. */
  headersMs: number;
  requestMs: number;
}

export const LIMITS: GatewayLimits = {
  connections: 500,
  bufferedBytes: 32 * 1024 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
};

/** Every body may hold this much, so that large bodies never displace those of the API, which accepts 64 KiB. */
const FREE_BYTES = 64 * 1024;

/** The memory that the bodies of all requests share. */
export class BodyMemory {
  readonly #limit: number;
  #held = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Reserves memory for one body. */
  reserve(): BodyShare {
    let size = 0;
    let held = 0;
    return {
      grow: (bytes) => {
        size += bytes;
        const wanted = Math.max(0, size - FREE_BYTES) - held;
        if (this.#held + wanted > this.#limit) return false;
        held += wanted;
        this.#held += wanted;
        return true;
      },
      release: () => {
        this.#held -= held;
        held = 0;
      },
    };
  }
}

/** The memory of one body. */
export interface BodyShare {
  /** Returns false if there is no memory for more bytes. */
  grow(bytes: number): boolean;
  /** Gives the memory back. */
  release(): void;
}

/** The response if the memory for bodies is full. */
export const BODIES_FULL: GatewayAnswer = {
  ...gatewayMessage(503, 'Service Unavailable'),
  headers: { 'content-type': 'application/json', 'retry-after': '5' },
};

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
