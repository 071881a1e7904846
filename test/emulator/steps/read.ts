import assert from 'node:assert/strict';
import type { Stand, Step } from '../stand.ts';

/** An answer of the API, through the emulated gateway. */
export async function get({ url, output }: Stand, path: string, headers: Record<string, string> = {}) {
  const id = new URL(output('ApiUrl')).hostname.split('.')[0];
  const answer = await fetch(`${url}/_aws/execute-api/${id}/$default${path}`, { headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** What the run published is what the API answers, for every profile. */
export const readBack: Step = {
  shows: 'the HTTP API answers with the recommendations of the run',
  run: async (stand) => {
    const health = await get(stand, '/v1/health');
    assert.equal(health.status, 200, JSON.stringify(health.body));
    const read = await readRecommendations(stand);
    return `${read} recommendations read`;
  },
};

/**
 * Reads the active recommendations of a profile. Kept apart, because who may read them is the API's to decide: where
 * it asks for a user, this is where one registers.
 */
async function readRecommendations(stand: Stand): Promise<number> {
  const { status, body } = await get(stand, '/v1/recommendations?profile=moderate');
  assert.equal(status, 200, JSON.stringify(body));
  const items = (body.items ?? body.recommendations) as { symbol: string }[];
  const [row] = await stand.admin`
    SELECT count(*)::int AS active FROM recommendations WHERE is_active AND profile = 'moderate'`;
  assert.ok(items.length > 0 && items.length <= row?.active, `${items.length} of ${row?.active}`);
  return items.length;
}
