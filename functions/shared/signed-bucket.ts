import { setTimeout as sleep } from 'node:timers/promises';
import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod';
import { readEnvironment } from './environment.ts';
import { BoursomaticError } from './errors.ts';
import type { ObjectStore } from './object-store.ts';
import { Sha256 } from './sha256.ts';

/** How often a request is made, as often as Amazon's own client does. */
const ATTEMPTS = 3;

/** What Lambda gives each function, and the other endpoint that an emulator is reached by. */
const Environment = z.object({
  AWS_REGION: z.string().min(1),
  AWS_ACCESS_KEY_ID: z.string().min(1),
  AWS_SECRET_ACCESS_KEY: z.string().min(1),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_ENDPOINT_URL: z.string().optional(),
  AWS_ENDPOINT_URL_S3: z.string().optional(),
});

/**
 * Reads and writes a bucket by plain signed requests. S3's own client is 200 KB of an API's function, most of it for what is not
 * done here; the functions of the pipeline, for which nobody waits, have it.
 */
export class SignedBucket implements ObjectStore {
  readonly #bucket: string;
  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  /** @throws BoursomaticError if S3 does not give the object and does not say that there is none */
  async get(key: string): Promise<Uint8Array | undefined> {
    const answer = await this.#answer('GET', key);
    return answer && new Uint8Array(await answer.arrayBuffer());
  }

  /** @throws BoursomaticError if S3 does not take the object */
  async put(key: string, body: Uint8Array): Promise<void> {
    if (!(await this.#answer('PUT', key, body)))
      throw new BoursomaticError('objects', `S3 does not take ${key}`);
  }

  /** An answer that is a good one; undefined where S3 knows no such key. */
  async #answer(method: 'GET' | 'PUT', key: string, body?: Uint8Array): Promise<Response | undefined> {
    const environment = readEnvironment(Environment);
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#ask(environment, method, key, body).catch((cause: unknown) => {
        if (attempt === ATTEMPTS) throw new BoursomaticError('objects', 'S3 does not answer', { cause });
        return undefined;
      });
      if (answer?.ok) return answer;
      const [, code] = /<Code>(\w+)<\/Code>/.exec((await answer?.text()) ?? '') ?? [];
      if (code === 'NoSuchKey') return undefined;
      const passing = !answer || answer.status >= 500 || answer.status === 429;
      if (!passing || attempt === ATTEMPTS)
        throw new BoursomaticError('objects', `S3 answers ${answer?.status} ${code ?? ''} for ${key}`);
      await sleep(100 * 2 ** attempt * Math.random());
    }
  }

  async #ask(
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
      // S3 alone takes paths as they are.
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

/** Part of a path, with what S3 wants encoded beyond what JavaScript does. */
function encoded(part: string): string {
  return encodeURIComponent(part).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
