import { setTimeout as sleep } from 'node:timers/promises';
import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod';
import { readEnvironment } from './environment.ts';
import { BoursomaticError } from './errors.ts';
import type { ObjectStore } from './object-store.ts';
import { Sha256 } from './sha256.ts';

/** Attempts per request: the default of AWS's own client. */
const ATTEMPTS = 3;

/** Variables that Lambda sets, and the endpoint of an emulator. */
const Environment = z.object({
  AWS_REGION: z.string().min(1),
  AWS_ACCESS_KEY_ID: z.string().min(1),
  AWS_SECRET_ACCESS_KEY: z.string().min(1),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_ENDPOINT_URL: z.string().optional(),
  AWS_ENDPOINT_URL_S3: z.string().optional(),
});

/**
 * Reads and writes a bucket with signed HTTP requests. AWS's S3 client would add 200 KB to each API function and slow
 * its cold start. The pipeline's functions use that client, because no user waits for them.
 */
export class SignedBucket implements ObjectStore {
  readonly #bucket: string;
  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  /**
   * @returns the object, or undefined if there is none
   * @throws BoursomaticError if S3 cannot be reached or refuses the request
   */
  async get(key: string): Promise<Uint8Array | undefined> {
    const answer = await this.#request('GET', key);
    return answer && new Uint8Array(await answer.arrayBuffer());
  }

  /** @throws BoursomaticError if S3 cannot be reached or refuses the object */
  async put(key: string, body: Uint8Array): Promise<void> {
    if (!(await this.#request('PUT', key, body)))
      throw new BoursomaticError('objects', `S3 did not store ${key}`);
  }

  /** Sends a request with retries. Undefined means that S3 has no such key. */
  async #request(method: 'GET' | 'PUT', key: string, body?: Uint8Array): Promise<Response | undefined> {
    const environment = readEnvironment(Environment);
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#send(environment, method, key, body).catch((cause: unknown) => {
        if (attempt === ATTEMPTS) throw new BoursomaticError('objects', 'S3 cannot be reached', { cause });
        return undefined;
      });
      if (answer?.ok) return answer;
      const code = answer && /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1];
      if (code === 'NoSuchKey') return undefined;
      const isTransient = !answer || answer.status >= 500 || answer.status === 429;
      if (!isTransient || attempt === ATTEMPTS)
        throw new BoursomaticError(
          'objects',
          `S3 responded ${[answer?.status, code].filter(Boolean).join(' ')} for ${key}`,
        );
      await sleep(100 * 2 ** attempt * Math.random());
    }
  }

  async #send(
    environment: z.output<typeof Environment>,
    method: 'GET' | 'PUT',
    key: string,
    body?: Uint8Array,
  ): Promise<Response> {
    const endpoint = environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL;
    const region = environment.AWS_REGION;
    const host = `${this.#bucket}.s3.${region}.amazonaws.com`;
    const path = `/${key.split('/').map(encoded).join('/')}`;
    const url = endpoint ? new URL(`/${this.#bucket}${path}`, endpoint) : new URL(path, `https://${host}`);
    const signer = new SignatureV4({
      service: 's3',
      region,
      credentials: {
        accessKeyId: environment.AWS_ACCESS_KEY_ID,
        secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
        ...(environment.AWS_SESSION_TOKEN && { sessionToken: environment.AWS_SESSION_TOKEN }),
      },
      sha256: Sha256,
      // S3 is the one service whose paths are not encoded twice.
      uriEscapePath: false,
    });
    const { headers } = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers: { host: url.host },
      ...(body && { body }),
    });
    const { host: _setByFetch, ...sent } = headers;
    return fetch(url, {
      method,
      headers: sent,
      redirect: 'manual',
      ...(body && { body: new Uint8Array(body) }),
    });
  }
}

/** Encodes part of a path, including characters that S3 expects encoded and JavaScript leaves. */
function encoded(part: string): string {
  return encodeURIComponent(part).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
