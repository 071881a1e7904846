import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { inPasswordQueue } from '../../../../functions/api/auth/password-queue.ts';
import { problemResponse, ServiceBusyError } from '../../../../functions/api/core/problem.ts';

test('runs a few at a time, refuses those beyond the queue at once, and recovers', async () => {
  const limit = Math.max(1, Math.floor(availableParallelism() / 2));
  let running = 0;
  let most = 0;
  let finish = () => {};
  const opened = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const work = async () => {
    most = Math.max(most, ++running);
    await opened;
    running -= 1;
  };
  const all = Array.from({ length: 100 }, () => inPasswordQueue(work));
  const refused = await Promise.allSettled(all.slice(limit + 24));
  expect(refused.every((one) => one.status === 'rejected' && one.reason instanceof ServiceBusyError)).toBe(
    true,
  );
  finish();
  expect((await Promise.allSettled(all)).filter(({ status }) => status === 'fulfilled')).toHaveLength(
    limit + 24,
  );
  expect(most).toBe(limit);
  expect(await inPasswordQueue(async () => 7)).toBe(7);
});

test('passes the error of its work through', async () => {
  const failing = inPasswordQueue(() => Promise.reject(new TypeError('a defect')));
  await expect(failing).rejects.toThrow(TypeError);
});

test('a refusal is a 503 that says when to try again', () => {
  const response = problemResponse(new ServiceBusyError('checking too many passwords'));
  expect(response).toMatchObject({ statusCode: 503, headers: { 'retry-after': '2' } });
  expect(JSON.parse(response.body ?? '')).toMatchObject({ type: '/problems/service-busy' });
});
