import * as z from 'zod';
import { loadModel } from '../../infer/load-model.ts';
import { type Replay, ReplayError, readCall, replay } from '../../infer/replay.ts';
import { ENV } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { readEnvironment } from '../../shared/environment.ts';
import type { ObjectReader } from '../../shared/object-store.ts';
import { endpoint } from '../core/endpoint.ts';
import { openStore } from '../core/open-store.ts';
import { problem } from '../core/problem.ts';
import { workQueue } from '../core/work-queue.ts';
import { Notice } from '../lists/fields.ts';

const Value = z.union([z.number(), z.string()]).nullable();

export const ReplayedRecommendation = z
  .strictObject({
    id: z.uuid().describe('The id of the recommendation.'),
    modelVersion: z.string().describe('The model version that made the recommendation.'),
    isEqual: z.boolean().describe('Whether every recomputed value equals the published one to the bit.'),
    differences: z
      .array(
        z.strictObject({
          field: z
            .string()
            .describe(
              'The field, such as `stopLoss`, or the path in the explanation, such as `probabilities.BUY`.',
            ),
          published: Value.describe('The stored value; null if there is none.'),
          replayed: Value.describe('The recomputed value; null if there is none.'),
        }),
      )
      .describe('The values that differ.'),
    place: z
      .enum(['recomputed', 'recorded'])
      .describe(
        'Whether the score, its place among the stocks of the day and the contributions were recomputed. `recorded`: they were taken as published, because the recommendation is of an earlier version, which did not keep the scores of the day.',
      ),
    hasEqualWords: z
      .boolean()
      .describe(
        'Whether the justification is the same text. It does not count in `isEqual`, because a newer version of the program may word it differently.',
      ),
    notice: Notice,
  })
  .meta({ id: 'ReplayedRecommendation', description: 'What a replay of a recommendation found.' });

/** In this process, one replay runs at a time. It takes a few milliseconds once its release is loaded. */
const inQueue = workQueue({ running: 1, waiting: 4, activity: 'replaying other calls' });

const Environment = z.object({ [ENV.modelObjectsUrl]: z.string().min(1) });

/**
 * Replays a recommendation with the release in the object store.
 *
 * @throws ApiError (404, not-found), (409, not-replayable)
 */
export async function replayRecommendation(sql: Sql, objects: ObjectReader, id: string): Promise<Replay> {
  const call = await readCall(sql, id);
  if (!call)
    throw problem('not-found', 'There is no recommendation with this id. Ids are in /v1/recommendations.');
  try {
    return await replay(sql, call, (version) => loadModel(version, objects));
  } catch (error) {
    if (!(error instanceof ReplayError)) throw error;
    const { reason, obstacle } = error;
    throw problem('not-replayable', `This recommendation cannot be replayed: ${reason}.`, {
      members: { obstacle },
    });
  }
}

export const replayRecommendationEndpoint = endpoint({
  group: 'replay',
  method: 'GET',
  path: '/v1/recommendations/{id}/replay',
  operationId: 'replayRecommendation',
  summary: 'Recompute a recommendation and compare it with the published one',
  description:
    'Recomputes the label, the probabilities, the expected return, the contributions, the stop and the target from the stored inputs, with the release of the model that made the recommendation. The member `obstacle` of the problem `not-replayable` says why a recommendation cannot be replayed.',
  access: 'consented',
  params: z.strictObject({
    id: z.uuid('must be a UUID').describe('The id of the recommendation, from a list.'),
  }),
  answer: { status: 200, schema: ReplayedRecommendation, description: 'The result.' },
  problems: ['not-found', 'not-replayable', 'service-busy'],
  handle: async ({ params }, { sql, notice }) => {
    const { MODEL_OBJECTS_URL } = readEnvironment(Environment);
    const objects = await openStore(ENV.modelObjectsUrl, MODEL_OBJECTS_URL);
    return { body: { ...(await inQueue(() => replayRecommendation(sql, objects, params.id))), notice } };
  },
});
