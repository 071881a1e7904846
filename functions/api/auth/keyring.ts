import { type CryptoKey, importJWK } from 'jose';
import { wallClock } from '../../shared/clock.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { readJsonSecret } from '../../shared/secrets.ts';
import { log } from '../../shared/telemetry.ts';
import type { PublishedKey } from '../core/access-tokens.ts';
import { ALGORITHM, type PublicJwk, SigningKeys } from './signing-keys.ts';

/** Keys are read again after this time, so that every container soon signs with a new key. */
const MAX_AGE_MS = 5 * 60 * 1000;

/** An unknown key id may be a new key, so the keys are read again, but at most once in this time. */
const MIN_AGE_MS = 60 * 1000;

interface Loaded {
  /** When they were last read, with or without success. */
  readAt: number;
  signer: { kid: string; key: CryptoKey };
  verifiers: Map<string, CryptoKey>;
  published: PublishedKey[];
  edge: string | undefined;
  encryption: CipherKey[];
}

/** A key that encrypts secrets in the database. */
export interface CipherKey {
  kid: string;
  bytes: Uint8Array;
}

/** The signing keys in a secret, cached in memory. */
export class Keyring {
  readonly #secretId: string;
  #loaded: Loaded | undefined;
  #reading: Promise<Loaded> | undefined;

  /** @param secretId - a Secrets Manager id or ARN, or a `file:` URL */
  constructor(secretId: string) {
    this.#secretId = secretId;
  }

  /** @throws ConfigurationError if the secret cannot be read or holds no signing keys */
  async signer(): Promise<{ kid: string; key: CryptoKey }> {
    return (await this.#keys(MAX_AGE_MS)).signer;
  }

  /**
   * The public key with an id; undefined if there is none.
   *
   * @throws ConfigurationError if the secret cannot be read or holds no signing keys
   */
  async verifier(kid: string): Promise<CryptoKey | undefined> {
    const known = (await this.#keys(MAX_AGE_MS)).verifiers.get(kid);
    return known ?? (await this.#keys(MIN_AGE_MS)).verifiers.get(kid);
  }

  /** @throws ConfigurationError if the secret cannot be read or holds no signing keys */
  async published(): Promise<PublishedKey[]> {
    return (await this.#keys(MAX_AGE_MS)).published;
  }

  /**
   * The secret with which CloudFront marks its requests; undefined without CloudFront.
   *
   * @throws ConfigurationError if the secret cannot be read or holds no signing keys
   */
  async edgeProof(): Promise<string | undefined> {
    return (await this.#keys(MAX_AGE_MS)).edge;
  }

  /**
   * The keys that encrypt secrets in the database, the newest first; empty before the first.
   *
   * @throws ConfigurationError if the secret cannot be read or holds no signing keys
   */
  async encryptionKeys(): Promise<readonly CipherKey[]> {
    return (await this.#keys(MAX_AGE_MS)).encryption;
  }

  async #keys(maxAge: number): Promise<Loaded> {
    const loaded = this.#loaded;
    if (loaded && wallClock().getTime() - loaded.readAt < maxAge) return loaded;
    // Concurrent requests share one read.
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<Loaded> {
    const readAt = wallClock().getTime();
    try {
      this.#loaded = await load(await readJsonSecret(this.#secretId, SigningKeys), readAt);
    } catch (error) {
      if (!this.#loaded) throw error;
      // The old keys still work. The next read follows when they are due again.
      log('error', 'signing keys cannot be read again', {
        error: error instanceof Error ? error.name : typeof error,
      });
      this.#loaded = { ...this.#loaded, readAt };
    }
    return this.#loaded;
  }
}

async function load({ current, keys, edge, encryption = [] }: SigningKeys, readAt: number): Promise<Loaded> {
  const verifiers = new Map<string, CryptoKey>();
  for (const { kid, publicJwk } of keys) verifiers.set(kid, await toKey(publicJwk));
  const jwk = keys.find(({ kid }) => kid === current)?.privateJwk;
  if (!jwk) throw new ConfigurationError('signing keys: the current key is not in the list of keys');
  return {
    readAt,
    signer: { kid: current, key: await toKey(jwk) },
    verifiers,
    published: keys.map(({ kid, publicJwk }) => ({ ...publicJwk, kid, alg: ALGORITHM, use: 'sig' })),
    edge,
    encryption: encryption.map(({ kid, key }) => ({ kid, bytes: Buffer.from(key, 'base64url') })),
  };
}

async function toKey(jwk: PublicJwk): Promise<CryptoKey> {
  let key: CryptoKey | Uint8Array;
  try {
    key = await importJWK(jwk, ALGORITHM);
  } catch {
    // The library's message could contain a part of the key.
    throw new ConfigurationError('signing keys: one of them is not a P-256 key');
  }
  if (key instanceof Uint8Array) throw new ConfigurationError('signing keys: one of them is not a P-256 key');
  return key;
}
