import * as z from 'zod';
import type { Activation } from '../../infer/registry.ts';
import { ModelVersionName } from '../../shared/contracts.ts';

/** The path parameter of what is about one version. */
export const VersionParams = z.strictObject({
  version: ModelVersionName.describe('The version, such as `v1.2.3`.'),
});

/** What promoting or rolling back came to. */
export const ModelActivation = z
  .strictObject({
    version: ModelVersionName.describe('The version that is active now.'),
    previous: ModelVersionName.nullable().describe('What was active before; null if nothing was.'),
    changed: z.boolean().describe('False if the version was active already.'),
    verdict: z
      .strictObject({
        passed: z.boolean().describe('Whether every check passed.'),
        checks: z.array(
          z.strictObject({
            name: z.string().describe('What was checked.'),
            passed: z.boolean(),
            detail: z.string().describe('What was found, and what is asked.'),
          }),
        ),
      })
      .describe('What the gate said.'),
  })
  .meta({ id: 'ModelActivation', description: 'What promoting or rolling back came to.' });
export type ModelActivation = z.output<typeof ModelActivation>;

/** An activation as the API tells it. */
export function toActivation({ version, previous, changed, verdict }: Activation): ModelActivation {
  return { version, previous: previous ?? null, changed, verdict };
}
