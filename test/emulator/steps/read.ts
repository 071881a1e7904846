import assert from 'node:assert/strict';
import { get } from '../http.ts';
import { readRecommendations } from '../reader.ts';
import type { Step } from '../stand.ts';

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
