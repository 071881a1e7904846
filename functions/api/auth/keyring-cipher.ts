import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, errors } from 'jose';
import { ConfigurationError } from '../../shared/errors.ts';
import type { Cipher, Decrypted } from '../core/cipher.ts';
import { ENCRYPTION } from './encryption-keys.ts';
import type { Keyring } from './keyring.ts';

/** Encrypts texts as JWEs (RFC 7516) with a key of the keyring. The header names the key and the owner. */
export class KeyringCipher implements Cipher {
  readonly #keyring: Pick<Keyring, 'encryptionKeys'>;

  constructor(keyring: Pick<Keyring, 'encryptionKeys'>) {
    this.#keyring = keyring;
  }

  async encrypt(text: string, owner: string): Promise<string> {
    const [newest] = await this.#keyring.encryptionKeys();
    if (!newest)
      throw new ConfigurationError(
        'signing keys: their secret has no encryption keys. Invoke the function that renews keys.',
      );
    return new CompactEncrypt(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: 'dir', enc: ENCRYPTION, kid: newest.kid, sub: owner })
      .encrypt(newest.bytes);
  }

  async decrypt(encrypted: string, owner: string): Promise<Decrypted | undefined> {
    const { kid, sub } = decodeProtectedHeader(encrypted);
    const keys = await this.#keyring.encryptionKeys();
    const key = keys.find((one) => one.kid === kid);
    if (!key || sub !== owner) return undefined;
    try {
      const { plaintext } = await compactDecrypt(encrypted, key.bytes, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: [ENCRYPTION],
      });
      return { text: new TextDecoder().decode(plaintext), isCurrent: key === keys[0] };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}
