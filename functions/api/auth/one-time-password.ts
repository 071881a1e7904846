import { randomBytes } from 'node:crypto';
import { DAY_MS } from '../../shared/days.ts';

/** 144 random bits. */
const PASSWORD_BYTES = 18;

/** A password that an operator passes on, and that the first login must replace. */
export interface OneTimePassword {
  password: string;
  passwordExpiresAt: Date;
}

/** Generates a password that expires after a day. */
export function makeOneTimePassword(at: Date): OneTimePassword {
  return {
    password: randomBytes(PASSWORD_BYTES).toString('base64url'),
    passwordExpiresAt: new Date(at.getTime() + DAY_MS),
  };
}
