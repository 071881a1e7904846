import { type CryptoKey, decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import type { AccessTokens, PublishedKey, TokenSubject } from '../core/access-tokens.ts';
import type { Keyring } from './keyring.ts';
import { ALGORITHM } from './signing-keys.ts';

/** Seconds that an access token lives: what was taken away later is checked with each request anyway. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

/** Whom access tokens are for. */
const AUDIENCE = 'boursomatic';

/** Says what kind of JWT it is, so that none of another kind passes for it (RFC 9068). */
const TYPE = 'at+jwt';

/** Containers' clocks may differ by this many seconds. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** Tokens whose signature need not be verified again; more than a container serves users in a quarter of an hour. */
const REMEMBERED_TOKENS = 1_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A token that was verified, with what it was verified by. */
interface Verified {
  subject: TokenSubject;
  expiresAt: number;
  kid: string;
  key: CryptoKey;
}

/** Issues and verifies access tokens. */
export class Tokens implements AccessTokens {
  readonly #keyring: Keyring;
  readonly #issuer: string;
  /** A signature takes longer to verify than all else that a request needs, and clients send the same token often. */
  readonly #verified = new Map<string, Verified>();

  constructor(keyring: Keyring, issuer: string) {
    this.#keyring = keyring;
    this.#issuer = issuer;
  }

  /** @throws ConfigurationError if there are no signing keys */
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

  /**
   * What a token says if it is one of ours and counts at an instant; undefined for any other text.
   *
   * @throws ConfigurationError if there are no signing keys
   */
  async verify(token: string, at: Date): Promise<TokenSubject | undefined> {
    const verified = this.#verified.get(token) ?? (await this.#verifySignature(token, at));
    if (!verified) return undefined;
    const { subject, expiresAt, kid, key } = verified;
    // Once the keys were read again, tokens are verified again: theirs may be gone.
    if (expiresAt > at.getTime() / 1000 && (await this.#keyring.verifier(kid)) === key) return subject;
    this.#verified.delete(token);
    return (await this.#verifySignature(token, at))?.subject;
  }

  async #verifySignature(token: string, at: Date): Promise<Verified | undefined> {
    const kid = readKid(token);
    const key = kid === undefined ? undefined : await this.#keyring.verifier(kid);
    if (kid === undefined || !key) return undefined;
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        issuer: this.#issuer,
        audience: AUDIENCE,
        typ: TYPE,
        requiredClaims: ['exp', 'sub', 'sid'],
        // Refuses one that claims to be issued later than now, too.
        maxTokenAge: ACCESS_TOKEN_SECONDS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: at,
      });
      const { sub, sid, exp } = payload;
      if (!isUuid(sub) || !isUuid(sid) || exp === undefined) return undefined;
      return this.#remember(token, { subject: { userId: sub, sessionId: sid }, expiresAt: exp, kid, key });
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  #remember(token: string, verified: Verified): Verified {
    if (this.#verified.size >= REMEMBERED_TOKENS) {
      const [oldest = ''] = this.#verified.keys();
      this.#verified.delete(oldest);
    }
    this.#verified.set(token, verified);
    return verified;
  }

  /**
   * The keys that others may verify tokens with.
   *
   * @throws ConfigurationError if there are no signing keys
   */
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

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}
