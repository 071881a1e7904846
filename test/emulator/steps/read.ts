import assert from 'node:assert/strict';
import { invoke } from '../invoke.ts';
import { expectAnswer, logIn, readRecommendations } from '../reader.ts';
import type { Step } from '../test-bed.ts';

/** A registered user who has accepted the consent reads the published recommendations. */
export const readBack: Step = {
  title: 'a user registers, accepts the consent and reads recommendations over the HTTP API',
  needsEdge: true,
  run: async (bed) => {
    // The schedule creates the first keys; this creates them now, as in the runbook.
    await invoke(bed, 'RenewKeysFunction', {});
    const keys = await expectAnswer(bed, 200, '/.well-known/jwks.json');
    assert.equal((keys.keys as object[]).length, 1);
    await expectAnswer(bed, 200, '/v1/health');
    const read = await readRecommendations(bed);
    const models = await expectAnswer(bed, 200, '/v1/models', { token: await logIn(bed) });
    const [active] = await bed.admin`SELECT version FROM model_versions WHERE is_active`;
    assert.deepEqual(
      (models.items as { version: string }[]).map(({ version }) => version),
      [active?.version],
    );
    return `${read} recommendations, model ${active?.version}`;
  },
};
