import { Secret, TOTP } from 'otpauth';
import { endpoints } from '../../../../functions/api/account/endpoints.ts';
import { groupHandler } from '../../../../functions/api/core/group-handler.ts';
import { servicesOnce } from '../../../../functions/api/services.ts';
import type { TestDatabase } from '../../../support/database.ts';
import { ApiClient, type TestUser, type TestUserOptions } from '../api-client.ts';
import { userWithPassword } from './support.ts';

/** Makes a client of the account group's handler. */
export function accountClient(): ApiClient {
  return new ApiClient(groupHandler('account', endpoints, servicesOnce()), endpoints);
}

/** The code that an authenticator app shows. */
export function codeAt(secret: string, at = new Date()): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });
}

/** A code of an authenticator app with another secret. */
export function wrongCode(secret: string): string {
  const valid = [-30, 0, 30].map((seconds) => codeAt(secret, new Date(Date.now() + seconds * 1000)));
  return ['000000', '111111', '222222', '333333'].find((code) => !valid.includes(code)) ?? '';
}

/** A user with an active second factor. */
export interface ProtectedUser extends TestUser {
  secret: string;
  recoveryCodes: string[];
}

/**
 * Stores a user with a password and an active second factor, set up through the API. The code of the step before the
 * current one activates it, so that tests may use the current code.
 */
export async function protectedUser(
  db: TestDatabase,
  account: ApiClient,
  options: TestUserOptions = {},
): Promise<ProtectedUser> {
  const user = await userWithPassword(db, options);
  const { accessToken } = user;
  const made = await account.ask<{ secret: string }>('POST', '/v1/me/second-factor', { accessToken });
  const { secret } = made.body;
  const code = codeAt(secret, new Date(Date.now() - 30_000));
  const activated = await account.ask<{ recoveryCodes: string[] }>('POST', '/v1/me/second-factor/activate', {
    accessToken,
    body: { code },
  });
  return { ...user, secret, recoveryCodes: activated.body.recoveryCodes };
}

/** The types of the security events about a user, oldest first, each with the reason of a refusal. */
export async function eventsOf(db: TestDatabase, { userId }: { userId: string }): Promise<string[]> {
  const rows = await db.sql<{ type: string; reason: string | null }[]>`
    SELECT type, detail ->> 'reason' AS reason FROM security_events WHERE user_id = ${userId} ORDER BY id`;
  return rows.map(({ type, reason }) => (reason === null ? type : `${type}: ${reason}`));
}
