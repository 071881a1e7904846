import assert from 'node:assert/strict';
import { type Answered, type Asked, ask } from './http.ts';
import type { Stand } from './stand.ts';

/** The user that the runbook names, too. */
export const READER = { email: 'grace@example.com', password: 'correct horse battery staple' };

/** Asks, and wants that status. */
export async function expectAnswer(
  stand: Stand,
  status: number,
  path: string,
  asked: Asked = {},
): Promise<Answered['body']> {
  const answer = await ask(stand, path, asked);
  assert.equal(answer.status, status, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** A token of the reader, who has an account. */
export async function logIn(stand: Stand): Promise<string> {
  const { accessToken } = await expectAnswer(stand, 200, '/v1/auth/login', { body: READER });
  return String(accessToken);
}

/**
 * Becomes a reader, as in the walk of docs/api.md, and reads the active recommendations of a profile.
 *
 * @returns how many were read
 */
export async function readRecommendations(stand: Stand): Promise<number> {
  const path = '/v1/recommendations?profile=moderate&limit=100';
  await expectAnswer(stand, 401, path);
  await expectAnswer(stand, 202, '/v1/auth/register', { body: READER });
  const token = await logIn(stand);
  const refused = await expectAnswer(stand, 403, path, { token });
  assert.equal(refused.type, '/problems/consent-required');
  const { version } = await expectAnswer(stand, 200, '/v1/consent');
  await expectAnswer(stand, 200, '/v1/me/consent', { token, body: { version } });
  const { items } = await expectAnswer(stand, 200, path, { token });
  const read = (items as { instrument: { symbol: string } }[]).length;
  const [row] = await stand.admin`
    SELECT count(*)::int AS active FROM recommendations WHERE is_active AND profile = 'moderate'`;
  assert.equal(read, Math.min(100, row?.active));
  assert.ok(read > 0);
  return read;
}
