import assert from 'node:assert/strict';
import { type ApiRequest, type ApiResponse, callApi } from './http.ts';
import type { TestBed } from './test-bed.ts';

/** The user that the runbook names. */
export const READER = { email: 'grace@example.com', password: 'correct horse battery staple' };

/** Calls the API and asserts the status. */
export async function expectAnswer(
  bed: TestBed,
  status: number,
  path: string,
  request: ApiRequest = {},
): Promise<ApiResponse['body']> {
  const response = await callApi(bed, path, request);
  assert.equal(response.status, status, `${path}: ${JSON.stringify(response.body)}`);
  return response.body;
}

/** Logs the registered reader in and returns an access token. */
export async function logIn(bed: TestBed): Promise<string> {
  const { accessToken } = await expectAnswer(bed, 200, '/v1/auth/login', { body: READER });
  return String(accessToken);
}

/**
 * Registers and accepts the consent, as in the walk of docs/api.md, and reads the active recommendations of a profile.
 *
 * @returns the number of recommendations
 */
export async function readRecommendations(bed: TestBed): Promise<number> {
  const path = '/v1/recommendations?profile=moderate&limit=100';
  await expectAnswer(bed, 401, path);
  await expectAnswer(bed, 202, '/v1/auth/register', { body: READER });
  const token = await logIn(bed);
  const refused = await expectAnswer(bed, 403, path, { token });
  assert.equal(refused.type, '/problems/consent-required');
  const { version } = await expectAnswer(bed, 200, '/v1/consent');
  await expectAnswer(bed, 200, '/v1/me/consent', { token, body: { version } });
  const { items } = await expectAnswer(bed, 200, path, { token });
  const read = (items as { instrument: { symbol: string } }[]).length;
  const [row] = await bed.admin`
    SELECT count(*)::int AS active FROM recommendations WHERE is_active AND profile = 'moderate'`;
  assert.equal(read, Math.min(100, row?.active));
  assert.ok(read > 0);
  return read;
}
