import { exportJWK, generateKeyPair } from 'jose';
import * as z from 'zod';
import { ConfigurationError } from '../../shared/errors.ts';

/** The one algorithm of access tokens: what a token's own header says never chooses another. */
export const ALGORITHM = 'ES256';

/**
 * How long a key that was replaced still verifies. Its last token lives a quarter of an hour, and a container may
 * sign with it until it next reads the secret; a day also forgives a rotation that was undone by hand.
 */
const RETIREMENT_MS = 24 * 60 * 60 * 1000;

/** How long a key signs. A leaked one would be replaced at once; this bounds what a leak that nobody noticed is worth. */
const LIFETIME_MS = 90 * 24 * 60 * 60 * 1000;

/** How long a key is published before it signs: containers read the secret every five minutes, others keep it as long. */
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
  /** A key that was replaced needs none: it signs nothing any more. */
  privateJwk: PrivateJwk.optional(),
  publicJwk: PublicJwk,
  /** When the key was made. */
  notBefore: z.iso.datetime(),
  retiredAt: z.iso.datetime().optional(),
});
type SigningKey = z.output<typeof SigningKey>;

/** The secret: the keys that tokens may be signed with, the one that signs now first, and which that is. */
export const SigningKeys = z
  .object({
    current: z.string(),
    keys: z.array(SigningKey).min(1),
    /** No key, but in the same secret: what CloudFront sends to show that a request came through it. */
    edge: z.string().min(16).optional(),
  })
  .refine(({ current, keys }) => keys.some(({ kid, privateJwk }) => kid === current && privateJwk), {
    path: ['current'],
  });
export type SigningKeys = z.output<typeof SigningKeys>;

/**
 * Makes the first keys of an installation.
 *
 * @param at - the instant that they are made
 * @example await writeFile(path, JSON.stringify(await makeSigningKeys(new Date())), { mode: 0o600 });
 */
export async function makeSigningKeys(at: Date): Promise<SigningKeys> {
  const key = await makeKey(at);
  return { current: key.kid, keys: [key] };
}

/**
 * The keys as they should be at an instant: the first ones where there are none, a new one when the current one is old
 * enough. A new key is published before it signs, so that whoever verifies has read it by then; the one that it
 * replaces goes on verifying for a day and loses its private part at once.
 *
 * @param keys - undefined where there are none yet
 * @returns the very same keys where nothing is due
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
 * Adds a key that will sign, and does not yet.
 *
 * @throws ConfigurationError if the new key's id is taken, which a source of randomness that works does not give
 */
export async function announceKey({ keys, ...rest }: SigningKeys, at: Date): Promise<SigningKeys> {
  const made = await makeKey(at);
  if (keys.some(({ kid }) => kid === made.kid)) throw new ConfigurationError('signing keys: no randomness');
  const [signing, ...retired] = withoutExpired(keys, at);
  return { ...rest, keys: signing ? [signing, made, ...retired] : [made] };
}

/**
 * Lets the key that was announced sign, in the place of the current one.
 *
 * @throws ConfigurationError if none was announced
 */
export function switchKeys(keys: SigningKeys, at: Date): SigningKeys {
  const next = nextKey(keys);
  if (!next) throw new ConfigurationError('signing keys: none was announced');
  const retired = withoutExpired(keys.keys, at)
    .filter((key) => key !== next)
    .map(({ privateJwk: _signsNoMore, ...key }) => ({
      ...key,
      retiredAt: key.retiredAt ?? at.toISOString(),
    }));
  return { ...keys, current: next.kid, keys: [next, ...retired] };
}

function nextKey({ current, keys }: SigningKeys): SigningKey | undefined {
  return keys.find(({ kid, privateJwk }) => kid !== current && privateJwk);
}

function withoutExpired(keys: readonly SigningKey[], at: Date): SigningKey[] {
  return keys.filter(
    ({ retiredAt }) => !retiredAt || new Date(retiredAt).getTime() > at.getTime() - RETIREMENT_MS,
  );
}

const ageOf = ({ notBefore }: SigningKey, at: Date) => at.getTime() - new Date(notBefore).getTime();

async function makeKey(at: Date): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const privateJwk = PrivateJwk.parse(await exportJWK(privateKey));
  const publicJwk = PublicJwk.parse(await exportJWK(publicKey));
  // Its own coordinate names it well enough: random, and never that of another key.
  return { kid: publicJwk.x.slice(0, 16), privateJwk, publicJwk, notBefore: at.toISOString() };
}
