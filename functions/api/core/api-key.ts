import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Every key begins with it, so that secret scanners find keys in code and logs. */
const PREFIX = 'bmk_';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const KEY_BYTES = 32;

/** The digits of {@link KEY_BYTES} random bytes, and of a CRC-32. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

/** The length of a key in characters. */
export const API_KEY_LENGTH = PREFIX.length + SECRET_LENGTH + CHECKSUM_LENGTH;

const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);

/**
 * Generates an API key: the prefix, 256 random bits, and a checksum. It has only letters, digits and one underscore, so
 * that a double click selects it.
 */
export function makeApiKey(): string {
  const secret = toDigits(BigInt(`0x${randomBytes(KEY_BYTES).toString('hex')}`), SECRET_LENGTH);
  return `${PREFIX}${secret}${checksumOf(secret)}`;
}

/** Whether a bearer token is meant as an API key. An access token is a JWT and begins with `eyJ`. */
export function isApiKey(token: string): boolean {
  return token.startsWith(PREFIX);
}

/** Whether a text is a whole API key. The checksum finds typing errors without the database. */
export function isWholeApiKey(key: string): boolean {
  const secret = key.slice(PREFIX.length, -CHECKSUM_LENGTH);
  return FORM.test(key) && key.endsWith(checksumOf(secret));
}

/** The hash by which the database finds a key. A key is long and random, so a fast hash protects it as well as a slow one. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function checksumOf(secret: string): string {
  return toDigits(BigInt(crc32(secret)), CHECKSUM_LENGTH);
}

/** Writes a number with 62 digits, padded to a length. */
function toDigits(value: bigint, length: number): string {
  const base = BigInt(DIGITS.length);
  let digits = '';
  for (let rest = value; digits.length < length; rest /= base) digits = DIGITS[Number(rest % base)] + digits;
  return digits;
}
