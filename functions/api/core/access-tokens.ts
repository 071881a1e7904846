/** The user and the session that an access token names. */
export interface TokenSubject {
  userId: string;
  sessionId: string;
}

/** What a valid access token says. */
export interface VerifiedToken extends TokenSubject {
  /** In seconds, as JWTs have it. */
  issuedAt: number;
}

/** A public key as GET /.well-known/jwks.json publishes it (RFC 7517). */
export interface PublishedKey {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  kid: string;
  alg: 'ES256';
  use: 'sig';
}

/** Issues and verifies access tokens. */
export interface AccessTokens {
  /** @throws ConfigurationError if there are no signing keys */
  issue(subject: TokenSubject, at: Date): Promise<string>;

  /**
   * The content of a token that is valid at an instant; undefined for any other text.
   *
   * @throws ConfigurationError if there are no signing keys
   */
  verify(token: string, at: Date): Promise<VerifiedToken | undefined>;

  /**
   * Whether a text that {@link verify} refuses is a genuine token that has expired.
   *
   * @throws ConfigurationError if there are no signing keys
   */
  isExpired(token: string, at: Date): Promise<boolean>;

  /**
   * The keys that verify tokens.
   *
   * @throws ConfigurationError if there are no signing keys
   */
  publicKeys(): Promise<PublishedKey[]>;
}
