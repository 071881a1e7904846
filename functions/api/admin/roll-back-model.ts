import * as z from 'zod';
import { rollback } from '../../infer/registry.ts';
import { ModelVersionName } from '../../shared/contracts.ts';
import { BadInputError, ModelError } from '../../shared/errors.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { ModelActivation, toActivation } from './model.ts';
import { sentence } from './promote-model.ts';
import { type ModelRegistry, modelRegistry } from './resources.ts';

/** The body of POST /v1/admin/models/rollback. */
export const Rollback = z
  .strictObject({
    version: ModelVersionName.optional().describe(
      'A version that was active before; without it, the one that the active version replaced.',
    ),
  })
  .meta({ id: 'Rollback', description: 'How to roll back.' });

/**
 * Makes a version that was active before the active one again.
 *
 * @throws ApiError (404) if the version is unknown or was never active, (409) if there is none to go back to or its
 *   release is broken
 */
export async function rollBackModel(
  { sql, objects }: ModelRegistry,
  version: string | undefined,
): Promise<ModelActivation> {
  try {
    return toActivation(await rollback(sql, objects, version));
  } catch (error) {
    if (error instanceof BadInputError) throw problem('unknown-model', sentence(error.message));
    if (error instanceof ModelError) throw problem('conflict', sentence(error.message));
    throw error;
  }
}

export const rollBackModelEndpoint = endpoint({
  group: 'admin',
  method: 'POST',
  path: '/v1/admin/models/rollback',
  operationId: 'rollBackModel',
  summary: 'Roll the model back',
  description:
    'Makes a version that was active before the active one again, without asking the gate. Repeated without a version, it goes back step by step.',
  access: 'admin',
  body: Rollback,
  answer: { status: 200, schema: ModelActivation, description: 'The version is active again.' },
  problems: ['unknown-model', 'conflict'],
  handle: async ({ body }) => ({ body: await rollBackModel(await modelRegistry(), body.version) }),
});
