import assert from 'node:assert/strict';
import { invoke } from '../invoke.ts';
import { expectAnswer, logIn, readRecommendations } from '../reader.ts';
import type { Step } from '../stand.ts';

/** What the run published is what the API answers to somebody who registered and accepted the consent. */
export const readBack: Step = {
  shows: 'a user registers, accepts the consent, and reads the recommendations of the run over the HTTP API',
  run: async (stand) => {
    // The schedule makes the first keys; the runbook says how to make them at once.
    await invoke(stand, 'RenewKeysFunction', {});
    const keys = await expectAnswer(stand, 200, '/.well-known/jwks.json');
    assert.equal((keys.keys as object[]).length, 1);
    await expectAnswer(stand, 200, '/v1/health');
    const read = await readRecommendations(stand);
    const models = await expectAnswer(stand, 200, '/v1/models', { token: await logIn(stand) });
    const [active] = await stand.admin`SELECT version FROM model_versions WHERE is_active`;
    assert.deepEqual(
      (models.items as { version: string }[]).map(({ version }) => version),
      [active?.version],
    );
    return `${read} recommendations, model ${active?.version}`;
  },
};
