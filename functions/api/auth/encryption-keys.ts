import { randomBytes } from 'node:crypto';
import * as z from 'zod';

/** The only algorithm of encrypted texts: AES-256 in Galois/Counter Mode. */
export const ENCRYPTION = 'A256GCM';

const KEY_BYTES = 32;

const EncryptionKey = z.object({
  kid: z.string().min(1),
  key: z
    .base64url()
    .refine((text) => Buffer.from(text, 'base64url').length === KEY_BYTES, `must have ${KEY_BYTES} bytes`),
});

/**
 * The keys that encrypt secrets in the database, the newest first. Only the newest encrypts. Older ones stay, because
 * without them the texts that they encrypted are lost.
 */
export const EncryptionKeys = z.array(EncryptionKey).min(1);
export type EncryptionKeys = z.output<typeof EncryptionKeys>;

/** Generates a key, and adds it in front of earlier ones. */
export function addEncryptionKey(earlier: EncryptionKeys = []): EncryptionKeys {
  const text = (bytes: number) => randomBytes(bytes).toString('base64url');
  return [{ kid: text(12), key: text(KEY_BYTES) }, ...earlier];
}
