import { endpoints } from '../../../../functions/api/auth/endpoints.ts';
import type { SessionAnswer } from '../../../../functions/api/auth/fields.ts';
import { hashPassword } from '../../../../functions/api/auth/passwords.ts';
import { groupHandler } from '../../../../functions/api/core/group-handler.ts';
import { servicesOnce } from '../../../../functions/api/services.ts';
import type { TestDatabase } from '../../../support/database.ts';
import {
  type Answer,
  ApiClient,
  type RequestOptions,
  signedInUser,
  type TestUser,
  type TestUserOptions,
} from '../api-client.ts';

export const PASSWORD = 'correct horse battery';

/** Makes a client of the group's handler. */
export function authClient(): ApiClient {
  return new ApiClient(groupHandler('auth', endpoints, servicesOnce()), endpoints);
}

/** Stores a user who can log in with {@link PASSWORD}. */
export async function userWithPassword(db: TestDatabase, options: TestUserOptions = {}): Promise<TestUser> {
  return signedInUser(db, { passwordHash: await hashPassword(PASSWORD), ...options });
}

export function login(
  client: ApiClient,
  email: string,
  {
    password = PASSWORD,
    session = 'body',
    ...options
  }: { password?: string; session?: string } & RequestOptions = {},
): Promise<Answer<SessionAnswer>> {
  return client.ask('POST', '/v1/auth/login', { body: { email, password, session }, ...options });
}
