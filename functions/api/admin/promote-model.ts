import * as z from 'zod';
import { GateRefusedError } from '../../infer/gate.ts';
import { promote } from '../../infer/registry.ts';
import { BadInputError, ModelError } from '../../shared/errors.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { line } from './fields.ts';
import { ModelActivation, toActivation, VersionParams } from './model.ts';
import { type ModelRegistry, modelRegistry } from './resources.ts';

/** The body of POST /v1/admin/models/{version}/promote. */
export const Promotion = z
  .strictObject({
    force: line(500)
      .regex(/[^ ]/, 'must be more than spaces')
      .optional()
      .describe('Promotes a version that fails the gate, for this reason, which is written down.'),
  })
  .meta({ id: 'Promotion', description: 'How to promote.' });

/**
 * Makes a registered version the active one if it passes the gate, or by force.
 *
 * @throws ApiError (404) if the version is not registered, (409) if the gate refuses it or its release is broken
 */
export async function promoteModel(
  { sql, objects }: ModelRegistry,
  version: string,
  force: string | undefined,
): Promise<ModelActivation> {
  try {
    return toActivation(await promote(sql, objects, version, { force }));
  } catch (error) {
    if (error instanceof BadInputError) throw problem('unknown-model', sentence(error.message));
    if (error instanceof GateRefusedError) throw problem('gate-refused', sentence(error.message));
    if (error instanceof ModelError) throw problem('conflict', sentence(error.message));
    throw error;
  }
}

/** An operator's line as a sentence. */
export function sentence(message: string): string {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`;
}

export const promoteModelEndpoint = endpoint({
  group: 'admin',
  method: 'POST',
  path: '/v1/admin/models/{version}/promote',
  operationId: 'promoteModel',
  summary: 'Promote a model version',
  description:
    'Makes a registered version the active one if it passes the gate. The next run uses it; recommendations that are shown keep naming the version that made them.',
  access: 'admin',
  params: VersionParams,
  body: Promotion,
  answer: { status: 200, schema: ModelActivation, description: 'The version is active.' },
  problems: ['unknown-model', 'gate-refused', 'conflict'],
  handle: async ({ params, body }) => ({
    body: await promoteModel(await modelRegistry(), params.version, body.force),
  }),
});
