import assert from 'node:assert/strict';
import { get } from './http.ts';
import type { Stand } from './stand.ts';

/**
 * Reads the active recommendations of a profile, as somebody who may. Who that is, is the API's to say, and what it
 * takes to become one is all in this file.
 *
 * @returns how many were read
 */
export async function readRecommendations(stand: Stand): Promise<number> {
  const { status, body } = await get(stand, '/v1/recommendations?profile=moderate');
  assert.equal(status, 200, JSON.stringify(body));
  const items = body.items as { symbol: string }[];
  const [row] = await stand.admin`
    SELECT count(*)::int AS active FROM recommendations WHERE is_active AND profile = 'moderate'`;
  assert.ok(items.length > 0 && items.length <= row?.active, `${items.length} of ${row?.active}`);
  return items.length;
}
