import { afterAll, beforeEach, expect, vi } from 'vitest';
import * as z from 'zod';
import { ACCESS, type AnyEndpoint, endpoint } from '../../../functions/api/core/endpoint.ts';
import { groupHandler } from '../../../functions/api/core/group-handler.ts';
import { servicesOnce } from '../../../functions/api/services.ts';
import { ApiClient, expectProblem, signedInUser, type TestUser } from './api-client.ts';
import { declare } from './support.ts';
import { useApi } from './use-api.ts';

const Caller = z.looseObject({});
const endpoints: AnyEndpoint[] = ACCESS.map((access) =>
  endpoint({
    group: 'market',
    method: 'GET',
    path: `/v1/${access}`,
    operationId: access,
    summary: '',
    access,
    answer: { status: 200, schema: Caller, description: 'The caller.' },
    handle: async ({ caller }) => ({ body: { ...caller } }),
  }),
);

export const db = useApi();
const declared = declare(endpoints);
export const client = new ApiClient(groupHandler('market', declared, servicesOnce()), declared);
/** A signed-in user without administrator rights. */
export let user: TestUser;
afterAll(() => {
  vi.useRealTimers();
});
beforeEach(async () => {
  vi.useRealTimers();
  user = await signedInUser(db, { preferredProfile: 'moderate' });
});

export const as = (who: { accessToken: string }, access = 'user') =>
  client.ask('GET', `/v1/${access}`, { accessToken: who.accessToken });

export function expectNotSignedIn(answer: Awaited<ReturnType<typeof as>>): void {
  expectProblem(answer, 401, 'not-signed-in');
  expect(answer.headers['www-authenticate']).toBe('Bearer realm="boursomatic", error="invalid_token"');
}
