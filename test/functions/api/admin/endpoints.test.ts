import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '../../../../functions/api/admin/endpoints.ts';
import { selectRunStarter } from '../../../../functions/api/admin/selected-run-starter.ts';
import { handler } from '../../../../functions/api/admin.lambda.ts';
import { loadAll } from '../../../../functions/api/core/dispatch.ts';
import { ENV } from '../../../../functions/shared/constants.ts';
import type { PipelineInput } from '../../../../functions/shared/contracts.ts';
import { ApiClient, apiKeyOf, expectProblem, signedInUser, type TestUser } from '../api-client.ts';
import { useApi } from '../use-api.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const PLACES: Record<string, string> = { id: NOBODY, version: 'v9.9.9' };

const client = new ApiClient(handler, endpoints);
const db = useApi((db) => ({
  [ENV.trainingDatabaseSecret]: db.url('training'),
  [ENV.modelObjectsUrl]: pathToFileURL(`${db.objects}/models/`).href,
}));
let admin: TestUser;
let user: TestUser;
let accessToken: string;
beforeAll(async () => {
  admin = await signedInUser(db, { isAdmin: true });
  user = await signedInUser(db, { consented: true });
  ({ accessToken } = admin);
});
afterAll(() => {
  selectRunStarter(undefined);
});

const operations = (await loadAll(endpoints)).map(({ method, path }) => ({
  method,
  target: path.replaceAll(/\{(\w+)\}/g, (_match: string, name: string) => PLACES[name] ?? ''),
}));

test.each(operations)(
  'refuses $method $target to users who are not administrators',
  async ({ method, target }) => {
    const body = ['POST', 'PATCH'].includes(method) ? { body: { nonsense: true } } : {};
    expectProblem(await client.ask(method, target, body), 401, 'not-signed-in');
    expectProblem(
      await client.ask(method, target, { ...body, accessToken: user.accessToken }),
      403,
      'not-allowed',
    );
  },
);

describe('the admin endpoints', () => {
  test('find, delete and restore a user, whose sessions end', async () => {
    const ann = await signedInUser(db, { email: 'ann@example.com', isAdmin: true });
    const found = await client.ask('GET', '/v1/admin/users?search=ANN@', { accessToken });
    expect(found.body).toMatchObject({ items: [{ id: ann.userId, isDeleted: false }], nextCursor: null });

    const path = `/v1/admin/users/${ann.userId}`;
    expect((await client.ask('DELETE', path, { accessToken })).status).toBe(204);
    expectProblem(
      await client.ask('GET', '/v1/admin/users', { accessToken: ann.accessToken }),
      401,
      'not-signed-in',
    );
    const back = await client.ask('POST', `${path}/undelete`, { accessToken });
    expect(back.body).toMatchObject({ id: ann.userId, isDeleted: false });
    // Ended sessions stay ended.
    expectProblem(
      await client.ask('GET', '/v1/admin/users', { accessToken: ann.accessToken }),
      401,
      'not-signed-in',
    );
  });

  test('end the sessions and API keys of a user, who keeps the account, and record it', async () => {
    const ben = await signedInUser(db, { isAdmin: true });
    const { id } = await apiKeyOf(db, ben);
    const others = await apiKeyOf(db, admin);
    const path = `/v1/admin/users/${ben.userId}/sessions`;
    expect((await client.ask('DELETE', path, { accessToken })).status).toBe(204);
    const refused = await client.ask('GET', '/v1/admin/users', { accessToken: ben.accessToken });
    expectProblem(refused, 401, 'not-signed-in');
    expect((await client.ask('DELETE', path, { accessToken })).status).toBe(204);
    const events = await db.sql`
      SELECT actor_id, detail FROM security_events WHERE user_id = ${ben.userId} AND type = 'sessions-ended'`;
    expect(events).toEqual([{ actor_id: admin.userId, detail: { sessions: 1, apiKeys: 1 } }]);
    expect(await db.sql`SELECT id FROM api_keys WHERE revoked_at IS NULL`).toEqual([{ id: others.id }]);
    expect(await db.sql`SELECT id FROM api_keys WHERE revoked_at IS NOT NULL`).toEqual([{ id }]);
    expect(await db.sql`SELECT is_deleted FROM users WHERE id = ${ben.userId}`).toEqual([
      { is_deleted: false },
    ]);
    const unknown = await client.ask('DELETE', `/v1/admin/users/${NOBODY}/sessions`, { accessToken });
    expectProblem(unknown, 404, 'not-found');
  });

  test('grant and remove administrator rights', async () => {
    const path = `/v1/admin/users/${user.userId}/admin`;
    expect((await client.ask('PUT', path, { accessToken })).body).toMatchObject({ isAdmin: true });
    expect((await client.ask('GET', '/v1/admin/runs', { accessToken: user.accessToken })).status).toBe(200);
    expect((await client.ask('DELETE', path, { accessToken })).body).toMatchObject({ isAdmin: false });
    expectProblem(
      await client.ask('GET', '/v1/admin/runs', { accessToken: user.accessToken }),
      403,
      'not-allowed',
    );
    const own = `/v1/admin/users/${admin.userId}`;
    expectProblem(await client.ask('DELETE', `${own}/admin`, { accessToken }), 409, 'conflict');
    expectProblem(await client.ask('DELETE', own, { accessToken }), 409, 'conflict');
  });

  test('add, change, deactivate and reactivate an instrument', async () => {
    const added = await client.ask<{ id: string }>('POST', '/v1/admin/instruments', {
      accessToken,
      body: { symbol: 'AAPL' },
    });
    expect(added.status).toBe(201);
    const path = `/v1/admin/instruments/${added.body.id}`;
    expectProblem(
      await client.ask('POST', '/v1/admin/instruments', { accessToken, body: { symbol: 'AAPL' } }),
      409,
      'conflict',
    );
    const changed = await client.ask('PATCH', path, { accessToken, body: { name: 'Apple Inc.' } });
    expect(changed.body).toMatchObject({ symbol: 'AAPL', name: 'Apple Inc.' });
    expectProblem(await client.ask('PATCH', path, { accessToken, body: {} }), 400, 'invalid-request');
    expect((await client.ask('DELETE', path, { accessToken })).status).toBe(204);
    const back = await client.ask('POST', `${path}/reactivate`, { accessToken });
    expect(back.body).toMatchObject({ isActive: true });
  });

  test('start a run and read runs', async () => {
    const started: [string, PipelineInput][] = [];
    selectRunStarter({
      start: async (runId, input) => {
        started.push([runId, input]);
      },
    });
    const answer = await client.ask<{ id: string }>('POST', '/v1/admin/runs', {
      accessToken,
      body: { symbols: ['AAPL'] },
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.location).toBe(`/v1/admin/runs/${answer.body.id}`);
    expect(started).toEqual([[answer.body.id, expect.objectContaining({ symbols: ['AAPL'] })]]);
    const path = `/v1/admin/runs/${answer.body.id}`;
    expectProblem(await client.ask('GET', path, { accessToken }), 404, 'not-found');

    await db.sql`INSERT INTO pipeline_runs (id, input, instruments) VALUES (${answer.body.id}, '{}', 1)`;
    expect((await client.ask('GET', path, { accessToken })).body).toMatchObject({ status: 'running' });
    const list = await client.ask('GET', '/v1/admin/runs?status=running', { accessToken });
    expect(list.body).toMatchObject({ items: [{ id: answer.body.id }] });
    expect((await client.ask('GET', `${path}/failures`, { accessToken })).body).toMatchObject({ items: [] });
  });

  test("report the faults of a run's input", async () => {
    selectRunStarter({ start: () => Promise.reject(new Error('not to be called')) });
    const body = { from: '2026-02-02', to: '2026-02-01', symbols: ['A A'] };
    const refusal = expectProblem(
      await client.ask('POST', '/v1/admin/runs', { accessToken, body }),
      400,
      'invalid-request',
    );
    expect(refusal.errors?.map(({ pointer }) => pointer)).toContain('#/symbols/0');
  });

  test('answer 404 for unknown models', async () => {
    const promote = await client.ask('POST', '/v1/admin/models/v1.2.3/promote', { accessToken, body: {} });
    expectProblem(promote, 404, 'unknown-model');
    const rollBack = await client.ask('POST', '/v1/admin/models/rollback', { accessToken, body: {} });
    expectProblem(rollBack, 409, 'conflict');
  });
});
