import { Secret, TOTP } from 'otpauth';

/** The bytes of a secret: as many as the hash has (RFC 4226). */
const SECRET_BYTES = 20;

/** The parameters that every authenticator app supports. */
const PARAMETERS = { issuer: 'Boursomatic', algorithm: 'SHA1', digits: 6, period: 30 } as const;

/** The steps before the current one that are also accepted, for the time that a user needs (RFC 6238, section 5.2). */
const DELAY_STEPS = 1;

/** A new secret. */
export interface TotpSecret {
  /** In Base32. */
  secret: string;
  /** An `otpauth` URI, for a QR code. */
  uri: string;
}

/**
 * Generates the secret of an authenticator app.
 *
 * @param account - the name that the app shows
 */
export function makeTotpSecret(account: string): TotpSecret {
  const totp = new TOTP({ ...PARAMETERS, label: account, secret: new Secret({ size: SECRET_BYTES }) });
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** The 30-second step (RFC 6238) to which a code belongs; undefined if the code is wrong at that time. */
export function totpStep(secret: string, code: string, at: Date): number | undefined {
  const totp = new TOTP({ ...PARAMETERS, secret: Secret.fromBase32(secret) });
  const timestamp = at.getTime();
  const drift = totp.validate({ token: code, timestamp, window: DELAY_STEPS });
  // The library also looks ahead. No code is valid before its time.
  return drift === null || drift > 0 ? undefined : totp.counter({ timestamp }) + drift;
}
