import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '../../../../functions/api/replay/endpoints.ts';
import { handler } from '../../../../functions/api/replay.lambda.ts';
import { ENV } from '../../../../functions/shared/constants.ts';
import { releasesOf, seedReplayableCall } from '../../infer/replay-support.ts';
import { ApiClient, expectProblem, signedInUser, type TestUser } from '../api-client.ts';
import { seedModelAndRun, seedRecommendation } from '../recommendations/support.ts';
import { useApi } from '../use-api.ts';

const db = useApi((db) => ({ [ENV.modelObjectsUrl]: releasesOf(db) }));
const api = new ApiClient(handler, endpoints);
let reader: TestUser;
let id: string;
beforeAll(async () => {
  reader = await signedInUser(db, { consented: true });
  id = await seedReplayableCall(db);
  await seedModelAndRun(db.sql);
});

const ask = (call: string, { accessToken }: TestUser = reader) =>
  api.ask('GET', `/v1/recommendations/${call}/replay`, { accessToken });

describe('GET /v1/recommendations/{id}/replay', () => {
  test('says that a published call is equal', async () => {
    expect(await ask(id)).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'private, no-store' },
      body: {
        id,
        modelVersion: 'v1.0.0',
        isEqual: true,
        differences: [],
        place: 'recomputed',
        hasEqualWords: true,
      },
    });
  });

  test('names each value that the owner has changed', async () => {
    await db.sql`UPDATE recommendations SET take_profit = take_profit + 1 WHERE id = ${id}`;
    const { body } = await ask(id);
    await db.sql`UPDATE recommendations SET take_profit = take_profit - 1 WHERE id = ${id}`;
    expect(body).toMatchObject({ isEqual: false, differences: [{ field: 'takeProfit' }] });
  });

  test('answers 404 for an unknown id, and 400 for none', async () => {
    expectProblem(await ask(randomUUID()), 404, 'not-found');
    expectProblem(await ask('1'), 400, 'invalid-request');
  });

  test('answers 409 with the obstacle for a call that cannot be replayed', async () => {
    const older = await seedRecommendation(db.sql, { symbol: 'OLDER' });
    const answer = await ask(older);
    expectProblem(answer, 409, 'not-replayable');
    expect(answer.body).toMatchObject({
      title: 'Call cannot be replayed',
      detail:
        'This recommendation cannot be replayed: the call is of an earlier version, which did not store its score and place.',
      obstacle: 'older_explanation',
    });
  });

  test('refuses users who have not accepted the risk notice', async () => {
    expectProblem(await ask(id, await signedInUser(db)), 403, 'consent-required');
  });

  test('refuses requests while five others run or wait, and answers those', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(id)));
    const answered = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 503);
    expect(answered.length + refused.length).toBe(30);
    expect(answered.length).toBeGreaterThanOrEqual(5);
    expect(refused.length).toBeGreaterThan(0);
    for (const { body, headers } of refused) {
      expect(body).toMatchObject({
        type: '/problems/service-busy',
        detail: 'The service is replaying other calls at the moment. Try again in 2 seconds.',
      });
      expect(headers).toMatchObject({ 'retry-after': '2' });
    }
  });
});
