import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { apiHandler } from '../../../../functions/api/core/api-handler.ts';
import { problem } from '../../../../functions/api/core/problem.ts';
import { useWritten } from '../../../support/written.ts';
import { getRequest, lambdaContext } from '../support.ts';

beforeAll(() => {
  vi.stubEnv('LOG_LEVEL', 'info');
});
afterAll(() => {
  vi.unstubAllEnvs();
});

const lines = useWritten();

function answerTo(error: unknown) {
  const handler = apiHandler(async () => {
    throw error;
  });
  return handler(getRequest('/v1/health?token=in-the-query'), lambdaContext());
}

test("logs a server error under the request's id and hides it from the client", async () => {
  const response = await answerTo(Object.assign(new Error('column "x" does not exist'), { code: '42703' }));
  expect(response).toMatchObject({
    statusCode: 500,
    body: '{"type":"about:blank","title":"Internal Server Error","status":500}',
  });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'error',
    event: 'api request failed',
    requestId: 'request-1',
    route: 'GET /v1/health',
    status: 500,
    code: '42703',
    reason: 'column "x" does not exist',
  });
});

test.each([
  'connect postgres://boursomatic_api:hunter2@db.internal:5432/boursomatic',
  'bad option password=hunter2',
  'bad option "password": "hunter2"',
  'refused: Bearer hunter2',
  'the key bmk_hunter2 was given',
])('redacts secrets in the log: %s', async (message) => {
  await answerTo(new Error(message));
  expect(lines.join('')).not.toContain('hunter2');
});

test("never logs the request's headers or query", async () => {
  await answerTo(new Error('x'));
  expect(lines.join('')).not.toMatch(/a-token-nobody-may-log|in-the-query/);
});

test('logs only the type of a thrown value that is not an error', async () => {
  expect((await answerTo('hunter2')).statusCode).toBe(500);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ error: 'string' });
  expect(lines.join('')).not.toContain('hunter2');
});

test("does not log a client's error", async () => {
  await answerTo(problem('not-found', 'It is not there.'));
  expect(lines).toEqual([]);
});
