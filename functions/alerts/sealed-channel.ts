import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Cipher } from '../api/core/cipher.ts';

/** What is stored of a channel in encrypted form. */
const Sealed = z.strictObject({
  /** As the kind of channel defines it. */
  config: z.unknown(),
  /** Whoever has it can stop the messages of the channel, and nothing else. */
  unsubscribeToken: z.string(),
});
type Sealed = z.output<typeof Sealed>;

/** A channel as it is stored. */
export interface SealedChannel {
  encryptedConfig: string;
  unsubscribeHash: Buffer;
}

/**
 * Encrypts the configuration of a new channel for its user, with a new unsubscribe token.
 *
 * @throws ConfigurationError if there is no key
 */
export async function sealChannel(cipher: Cipher, userId: string, config: unknown): Promise<SealedChannel> {
  const unsubscribeToken = randomBytes(32).toString('base64url');
  const sealed: Sealed = { config, unsubscribeToken };
  return {
    encryptedConfig: await cipher.encrypt(JSON.stringify(sealed), userId),
    unsubscribeHash: hashUnsubscribeToken(unsubscribeToken),
  };
}

/** A channel that was decrypted. */
export interface OpenedChannel extends Sealed {
  /** The stored text with the newest key; undefined if it has that key already. */
  renewed: string | undefined;
}

/**
 * Decrypts a stored channel.
 *
 * @returns undefined if the key is missing or the text is another user's
 */
export async function openChannel(
  cipher: Cipher,
  userId: string,
  encrypted: string,
): Promise<OpenedChannel | undefined> {
  const decrypted = await cipher.decrypt(encrypted, userId);
  if (!decrypted) return undefined;
  return {
    ...Sealed.parse(JSON.parse(decrypted.text)),
    renewed: decrypted.isCurrent ? undefined : await cipher.encrypt(decrypted.text, userId),
  };
}

/** The stored form of an unsubscribe token. It has 256 random bits, so a fast hash suffices. */
export function hashUnsubscribeToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
