import { createHash, randomBytes } from 'node:crypto';
import { Secret } from 'otpauth';

/** How many recovery codes a user gets. */
export const RECOVERY_CODES = 10;

/** 120 random bits, 24 characters in Base32. */
const CODE_BYTES = 15;

/** Generates recovery codes such as `K3VJ-2QXA-7RMB-ZL5D-P4WT-6NCE`. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const { base32 } = new Secret({ buffer: Uint8Array.from(randomBytes(CODE_BYTES)).buffer });
    return base32.replaceAll(/.{4}(?=.)/g, '$&-');
  });
}

/** The stored form of a recovery code. Codes are long and random, so a fast hash protects them as well as a slow one. */
export function hashRecoveryCode(code: string): Buffer {
  return createHash('sha256').update(code.replaceAll('-', '')).digest();
}
