import { exportJWK, generateKeyPair } from 'jose';
import * as z from 'zod';
import { ConfigurationError } from '../../shared/errors.ts';
import { EncryptionKeys } from './encryption-keys.ts';

/** The only algorithm of access tokens. The header of a token cannot select another. */
export const ALGORITHM = 'ES256';

/**
 * How long a replaced key still verifies. Its last token expires after 15 minutes, and a container may sign with it until
 * it next reads the secret. A day also allows an operator to undo a rotation.
 */
const RETIREMENT_MS = 24 * 60 * 60 * 1000;

/** How long a key signs. It limits the damage of a leak that nobody notices; a known leak is handled at once. */
const LIFETIME_MS = 90 * 24 * 60 * 60 * 1000;

/** How long a key is published before it signs. Containers and other verifiers cache keys for five minutes. */
const ANNOUNCED_MS = 60 * 60 * 1000;

const PublicJwk = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.base64url().min(1),
  y: z.base64url().min(1),
});
export type PublicJwk = z.output<typeof PublicJwk>;

const PrivateJwk = PublicJwk.extend({ d: z.base64url().min(1) });

const SigningKey = z.object({
  kid: z.string().min(1),
  /** Absent from a replaced key, which no longer signs. */
  privateJwk: PrivateJwk.optional(),
  publicJwk: PublicJwk,
  /** When the key was generated. */
  notBefore: z.iso.datetime(),
  retiredAt: z.iso.datetime().optional(),
});
type SigningKey = z.output<typeof SigningKey>;

/** The secret: all valid keys, the signing key first, and the id of the signing key. */
export const SigningKeys = z
  .object({
    current: z.string(),
    keys: z.array(SigningKey).min(1),
    /** The secret with which CloudFront marks its requests. It is not a key. */
    edge: z.string().min(16).optional(),
    /** The keys that encrypt secrets in the database. They do not sign. */
    encryption: EncryptionKeys.optional(),
  })
  .refine(({ current, keys }) => keys.some(({ kid, privateJwk }) => kid === current && privateJwk), {
    path: ['current'],
  });
export type SigningKeys = z.output<typeof SigningKeys>;

/**
 * Generates the first key of an installation.
 *
 * @param at - when it is generated
 * @example await writeFile(path, JSON.stringify(await makeSigningKeys(new Date())), { mode: 0o600 });
 */
export async function makeSigningKeys(at: Date): Promise<SigningKeys> {
  const key = await makeKey(at);
  return { current: key.kid, keys: [key] };
}

/**
 * Does the next due step of key rotation. It generates a first key, announces a new key when the current one is old, and
 * switches to an announced key. A new key is published before it signs, so that all verifiers know it by then. The replaced
 * key loses its private part at once, and verifies for another day.
 *
 * @param keys - undefined before the first key
 * @returns the same object if nothing is due
 */
export async function renewSigningKeys(keys: SigningKeys | undefined, at: Date): Promise<SigningKeys> {
  if (!keys) return makeSigningKeys(at);
  const next = nextKey(keys);
  if (next) return ageOf(next, at) >= ANNOUNCED_MS ? switchKeys(keys, at) : keys;
  const current = keys.keys.find(({ kid }) => kid === keys.current);
  if (current && ageOf(current, at) >= LIFETIME_MS) return announceKey(keys, at);
  const kept = withoutExpired(keys.keys, at);
  return kept.length < keys.keys.length ? { ...keys, keys: kept } : keys;
}

/**
 * Adds the next key, which does not sign yet.
 *
 * @throws ConfigurationError if the new key's id already exists, because then the random source is broken
 */
export async function announceKey({ keys, ...rest }: SigningKeys, at: Date): Promise<SigningKeys> {
  const made = await makeKey(at);
  if (keys.some(({ kid }) => kid === made.kid))
    throw new ConfigurationError(
      'signing keys: a new key repeats an existing id; the random source is broken',
    );
  const [signing, ...retired] = withoutExpired(keys, at);
  return { ...rest, keys: signing ? [signing, made, ...retired] : [made] };
}

/**
 * Replaces the current key with the announced one.
 *
 * @throws ConfigurationError if no key was announced
 */
export function switchKeys(keys: SigningKeys, at: Date): SigningKeys {
  const next = nextKey(keys);
  if (!next) throw new ConfigurationError('signing keys: no key was announced');
  const retired = withoutExpired(keys.keys, at)
    .filter((key) => key !== next)
    .map(({ privateJwk: _signsNoMore, ...key }) => ({
      ...key,
      retiredAt: key.retiredAt ?? at.toISOString(),
    }));
  return { ...keys, current: next.kid, keys: [next, ...retired] };
}

/**
 * Replaces the current key at once: with the announced key, or else with a new one. The replaced key verifies for another
 * day.
 */
export async function rotateSigningKeys(keys: SigningKeys, at: Date): Promise<SigningKeys> {
  return switchKeys(nextKey(keys) ? keys : await announceKey(keys, at), at);
}

/** When a replaced key stops verifying; undefined for a key that is not replaced. */
export function endOfKey({ retiredAt }: SigningKey): Date | undefined {
  return retiredAt === undefined ? undefined : new Date(Date.parse(retiredAt) + RETIREMENT_MS);
}

function nextKey({ current, keys }: SigningKeys): SigningKey | undefined {
  return keys.find(({ kid, privateJwk }) => kid !== current && privateJwk);
}

function withoutExpired(keys: readonly SigningKey[], at: Date): SigningKey[] {
  return keys.filter((key) => (endOfKey(key)?.getTime() ?? Number.POSITIVE_INFINITY) > at.getTime());
}

const ageOf = ({ notBefore }: SigningKey, at: Date) => at.getTime() - new Date(notBefore).getTime();

async function makeKey(at: Date): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const privateJwk = PrivateJwk.parse(await exportJWK(privateKey));
  const publicJwk = PublicJwk.parse(await exportJWK(publicKey));
  // The coordinate is random and unique, so it can serve as the id.
  return { kid: publicJwk.x.slice(0, 16), privateJwk, publicJwk, notBefore: at.toISOString() };
}
