import * as z from 'zod';
import { GateRefusedError } from '../../infer/gate.ts';
import { type Activation, promote, rollback } from '../../infer/registry.ts';
import { BadInputError, ModelError } from '../../shared/errors.ts';
import { ModelVersionName } from '../../shared/fields.ts';
import { type Caller, endpoint, type Services } from '../core/endpoint.ts';
import type { ApiRequest } from '../core/http.ts';
import { problem } from '../core/problem.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
import { textParameter } from '../lists/parameters.ts';
import { type ModelRegistry, modelRegistry } from './model-registry.ts';

/** The path parameter of operations on one model version. */
const VersionParams = z.strictObject({
  version: ModelVersionName.describe('The model version, such as `v1.2.3`.'),
});

/** The result of a promotion or a rollback. */
export const ModelActivation = z
  .strictObject({
    version: ModelVersionName.describe('The version that is now active.'),
    previous: ModelVersionName.nullable().describe(
      'The version that was active before; null if there was none.',
    ),
    changed: z.boolean().describe('False if the version was already active.'),
    verdict: z
      .strictObject({
        passed: z.boolean().describe('Whether every check passed.'),
        checks: z.array(
          z.strictObject({
            name: z.string().describe('The name of the check.'),
            passed: z.boolean().describe('Whether this check passed.'),
            detail: z.string().describe('The measured value and the required one.'),
          }),
        ),
      })
      .describe('The verdict of the promotion gate.'),
  })
  .meta({ id: 'ModelActivation', description: 'The result of a promotion or a rollback.' });
export type ModelActivation = z.output<typeof ModelActivation>;

/** Converts an activation to the API's form. */
function toActivation({ version, previous, changed, verdict }: Activation): ModelActivation {
  return { version, previous: previous ?? null, changed, verdict };
}

/** The body of POST /v1/admin/models/{version}/promote. */
export const Promotion = z
  .strictObject({
    force: textParameter(500)
      .regex(/[^ ]/, 'must not be blank')
      .optional()
      .describe(
        'The reason to promote a version although it fails the gate. It is recorded with the promotion.',
      ),
  })
  .meta({ id: 'Promotion', description: 'The options of a promotion.' });

/**
 * Activates a registered version if it passes the gate or is forced.
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

/**
 * Records which administrator activated a version. The API's role cannot write in the transaction of the activation,
 * which belongs to the training role and has a row in `model_promotions`.
 */
async function recordActivation(
  { caller, event }: { caller: Caller; event: ApiRequest },
  services: Services,
  { version, previous, changed }: ModelActivation,
): Promise<void> {
  if (!changed) return;
  await recordSecurityEvent(services.sql, {
    type: 'model-promoted',
    userId: caller.userId,
    origin: await originOf(event, services),
    detail: { version, ...(previous !== null && { previous }) },
  });
}

/** Turns a message of the command line into a sentence. */
function sentence(message: string): string {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`;
}

export const promoteModelEndpoint = endpoint({
  group: 'admin',
  method: 'POST',
  path: '/v1/admin/models/{version}/promote',
  operationId: 'promoteModel',
  summary: 'Promote a model version',
  description:
    'Activates a registered version if it passes the gate. The next run uses it. Recommendations keep the version that made them.',
  access: 'admin',
  params: VersionParams,
  body: Promotion,
  answer: { status: 200, schema: ModelActivation, description: 'The version is now active.' },
  problems: ['unknown-model', 'gate-refused', 'conflict'],
  handle: async (request, services) => {
    const { params, body } = request;
    const activation = await promoteModel(await modelRegistry(), params.version, body.force);
    await recordActivation(request, services, activation);
    return { body: activation };
  },
});

/** The body of POST /v1/admin/models/rollback. */
const Rollback = z
  .strictObject({
    version: ModelVersionName.optional().describe(
      'A version that was active before; by default the one that the active version replaced.',
    ),
  })
  .meta({ id: 'Rollback', description: 'The options of a rollback.' });

/**
 * Activates a version again that was active before.
 *
 * @throws ApiError (404) if the version is unknown or was never active, (409) if there is no earlier version or its
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
  summary: 'Roll back to an earlier model version',
  description:
    'Activates a version that was active before. The gate does not apply. Each call without a version goes one version further back.',
  access: 'admin',
  body: Rollback,
  answer: { status: 200, schema: ModelActivation, description: 'The earlier version is active again.' },
  problems: ['unknown-model', 'conflict'],
  handle: async (request, services) => {
    const activation = await rollBackModel(await modelRegistry(), request.body.version);
    await recordActivation(request, services, activation);
    return { body: activation };
  },
});
