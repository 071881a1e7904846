import { afterEach, beforeEach, vi } from 'vitest';
import type { SessionAnswer } from '../../../../functions/api/auth/fields.ts';
import { type RequestOptions, signedInUser, type TestUser } from '../api-client.ts';
import { useApi } from '../use-api.ts';
import { authClient } from './support.ts';

export const db = useApi();
export const client = authClient();
/** A user who has just logged in. */
export let user: TestUser;
beforeEach(async () => {
  user = await signedInUser(db);
});
afterEach(() => {
  vi.useRealTimers();
});

export const refresh = (refreshToken: string | null | undefined, options: RequestOptions = {}) =>
  client.ask<SessionAnswer>('POST', '/v1/auth/refresh', { body: { refreshToken }, ...options });
export const isSignedIn = async ({ accessToken }: { accessToken: string }) => {
  const { status } = await client.ask('POST', '/v1/auth/password', { accessToken, body: {} });
  // The token is checked before the body.
  return status === 400;
};
export const wait = (milliseconds: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
};
export const endReason = async ({ sessionId }: { sessionId: string }) => {
  const [row] = await db.sql`SELECT end_reason FROM sessions WHERE id = ${sessionId}`;
  return row?.end_reason;
};
