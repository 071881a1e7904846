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
