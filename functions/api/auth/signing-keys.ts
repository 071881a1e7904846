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

/** The secret: the keys that tokens may be signed with, and which of them signs now. */
export const SigningKeys = z
  .object({ current: z.string(), keys: z.array(SigningKey).min(1) })
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
 * Puts a new key in the place of the current one, which goes on verifying for a day and loses its private part at
 * once; keys that were replaced longer ago are dropped.
 *
 * @throws ConfigurationError if the new key's id is taken, which a source of randomness that works does not give
 */
export async function rotateSigningKeys(keys: SigningKeys, at: Date): Promise<SigningKeys> {
  const made = await makeKey(at);
  if (keys.keys.some(({ kid }) => kid === made.kid))
    throw new ConfigurationError('signing keys: no randomness');
  const kept = keys.keys.filter(
    ({ retiredAt }) => !retiredAt || new Date(retiredAt).getTime() > at.getTime() - RETIREMENT_MS,
  );
  const retired = kept.map(({ privateJwk: _signsNoMore, ...key }) => ({
    ...key,
    retiredAt: key.retiredAt ?? at.toISOString(),
  }));
  return { current: made.kid, keys: [made, ...retired] };
}

async function makeKey(at: Date): Promise<SigningKeys['keys'][number]> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const privateJwk = PrivateJwk.parse(await exportJWK(privateKey));
  const publicJwk = PublicJwk.parse(await exportJWK(publicKey));
  // Its own coordinate names it well enough: random, and never that of another key.
  return { kid: publicJwk.x.slice(0, 16), privateJwk, publicJwk, notBefore: at.toISOString() };
}
