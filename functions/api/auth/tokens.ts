import { type CryptoKey, decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import { defined } from '../../shared/invariant.ts';
import type { AccessTokens, PublishedKey, TokenSubject, VerifiedToken } from '../core/access-tokens.ts';
import type { Keyring } from './keyring.ts';
import { ALGORITHM } from './signing-keys.ts';

/** The lifetime of an access token in seconds. Each request also checks that its session has not ended. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

/** The audience of access tokens. */
const AUDIENCE = 'boursomatic';

/** The type of JWT, so that JWTs of other types are rejected (RFC 9068). */
const TYPE = 'at+jwt';

/** The difference in seconds that containers' clocks may have. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** The number of verified tokens in the cache: more users than a container serves in 15 minutes. */
const REMEMBERED_TOKENS = 1_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A verified token and the key that verified it. */
interface Verified {
  content: VerifiedToken;
  expiresAt: number;
  kid: string;
  key: CryptoKey;
}

/** Issues and verifies access tokens as ES256 JWTs. */
export class Tokens implements AccessTokens {
  readonly #keyring: Keyring;
  readonly #issuer: string;
  /** Verifying a signature takes longer than the rest of a request, and clients send the same token often. */
  readonly #verified = new Map<string, Verified>();

  constructor(keyring: Keyring, issuer: string) {
    this.#keyring = keyring;
    this.#issuer = issuer;
  }

  async issue({ userId, sessionId }: TokenSubject, at: Date): Promise<string> {
    const { kid, key } = await this.#keyring.signer();
    const issuedAt = Math.floor(at.getTime() / 1000);
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
      .setIssuer(this.#issuer)
      .setAudience(AUDIENCE)
      .setSubject(userId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ACCESS_TOKEN_SECONDS)
      .sign(key);
  }

  async verify(token: string, at: Date): Promise<VerifiedToken | undefined> {
    const verified = this.#verified.get(token) ?? (await this.#verifySignature(token, at));
    if (!verified) return undefined;
    const { content, expiresAt, kid, key } = verified;
    // After the keys were read again, the token's key may be gone, so the token is verified again.
    if (expiresAt > at.getTime() / 1000 && (await this.#keyring.verifier(kid)) === key) return content;
    this.#verified.delete(token);
    return (await this.#verifySignature(token, at))?.content;
  }

  async isExpired(token: string, at: Date): Promise<boolean> {
    try {
      await this.#read(token, at);
      return false;
    } catch (error) {
      // The signature is verified before the times.
      if (error instanceof errors.JWTExpired) return true;
      if (error instanceof errors.JOSEError) return false;
      throw error;
    }
  }

  async #verifySignature(token: string, at: Date): Promise<Verified | undefined> {
    try {
      const read = await this.#read(token, at);
      if (!read) return undefined;
      const { kid, key } = read;
      const { sub, sid, iat, exp } = read.payload;
      if (!isUuid(sub) || !isUuid(sid) || iat === undefined || exp === undefined) return undefined;
      const content = { userId: sub, sessionId: sid, issuedAt: iat };
      return this.#remember(token, { content, expiresAt: exp, kid, key });
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  /**
   * Reads a valid token; undefined if it is not in the form or not signed with a key of this service.
   *
   * @throws JOSEError if the signature or a claim is invalid
   */
  async #read(token: string, at: Date) {
    if (!isCanonical(token)) return undefined;
    const kid = readKid(token);
    const key = kid === undefined ? undefined : await this.#keyring.verifier(kid);
    if (kid === undefined || !key) return undefined;
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      issuer: this.#issuer,
      audience: AUDIENCE,
      typ: TYPE,
      requiredClaims: ['exp', 'iat', 'sub', 'sid'],
      // Also refuses a token that was issued in the future.
      maxTokenAge: ACCESS_TOKEN_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: at,
    });
    return { payload, kid, key };
  }

  #remember(token: string, verified: Verified): Verified {
    if (this.#verified.size >= REMEMBERED_TOKENS) {
      const [oldest] = this.#verified.keys();
      this.#verified.delete(defined(oldest, 'oldest verified token'));
    }
    this.#verified.set(token, verified);
    return verified;
  }

  publicKeys(): Promise<PublishedKey[]> {
    return this.#keyring.published();
  }
}

function readKid(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    return undefined;
  }
}

/**
 * Whether a token is written as this service writes its own: base64url without padding, line breaks or stray bits
 * (RFC 7515 section 2), and JSON without duplicated members, which parsers resolve differently.
 */
function isCanonical(token: string): boolean {
  const segments = token.split('.');
  if (segments.length !== 3) return false;
  const decoded = segments.map((segment) => Buffer.from(segment, 'base64url'));
  if (decoded.some((bytes, i) => bytes.toString('base64url') !== segments[i])) return false;
  return decoded.slice(0, 2).every((bytes) => {
    const text = bytes.toString('utf8');
    try {
      return JSON.stringify(JSON.parse(text)) === text;
    } catch {
      return false;
    }
  });
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}
