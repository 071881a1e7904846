import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Batch } from '../../../functions/shared/contracts.ts';
import { runPipeline } from '../../../local/pipeline/run-pipeline.ts';
import { Progress } from '../../../local/terminal/progress.ts';

const { plan, fetch, load, features, infer, publish, score, finish } = vi.hoisted(() => ({
  plan: vi.fn(),
  fetch: vi.fn(),
  load: vi.fn(),
  features: vi.fn(),
  infer: vi.fn(),
  publish: vi.fn(),
  score: vi.fn(),
  finish: vi.fn(),
}));
vi.mock('../../../functions/ingest/plan.lambda.ts', () => ({ handler: plan }));
vi.mock('../../../functions/ingest/fetch.lambda.ts', () => ({ handler: fetch }));
vi.mock('../../../functions/ingest/load.lambda.ts', () => ({ handler: load }));
vi.mock('../../../functions/features/features.lambda.ts', () => ({ handler: features }));
vi.mock('../../../functions/infer/infer.lambda.ts', () => ({ handler: infer }));
vi.mock('../../../functions/infer/publish.lambda.ts', () => ({ handler: publish }));
vi.mock('../../../functions/infer/score.lambda.ts', () => ({ handler: score }));
vi.mock('../../../functions/ingest/finish.lambda.ts', () => ({ handler: finish }));

const run = () => runPipeline({}, new Progress(new PassThrough() as unknown as NodeJS.WriteStream));

/** Fails in these batches. */
const failingIn = (batches: number[]) => (event: Pick<Batch, 'batch'>) =>
  batches.includes(event.batch) ? Promise.reject(new Error('disk full')) : Promise.resolve({});

/** The batches of the calls of a step, in order. */
const batchesOf = (step: typeof load) => step.mock.calls.map(([event]) => event.batch).sort();

beforeEach(() => {
  vi.resetAllMocks();
  const batches = [0, 1, 2, 3].map((batch) => ({ batch }));
  plan.mockResolvedValue({ runId: 'run-1', asOf: '2026-03-02', mode: 'daily', batches });
  for (const step of [fetch, load, features, publish, score, finish]) step.mockResolvedValue({});
  infer.mockResolvedValue({ runId: 'run-1', asOf: '2026-03-02' });
});

describe('a run of four batches', () => {
  test.each([
    ['Fetch', fetch, [0, 1]],
    ['Load', load, [2, 3]],
    ['Features', features, [1]],
  ])('publishes the others if some fail in %s', async (_, step, failing) => {
    step.mockImplementation(failingIn(failing));
    await run();
    expect(batchesOf(step)).toEqual([0, 1, 2, 3]);
    if (step !== features) {
      const others = [0, 1, 2, 3].filter((batch) => !failing.includes(batch));
      expect(batchesOf(features)).toEqual(others);
    }
    for (const later of [infer, publish, score, finish]) expect(later).toHaveBeenCalledTimes(1);
  });

  test('fails before it publishes if most of them fail', async () => {
    load.mockImplementation(failingIn([0, 1, 2]));
    await expect(run()).rejects.toThrow('disk full');
    expect(infer).not.toHaveBeenCalled();
    expect(finish.mock.lastCall?.[0]).toMatchObject({ detail: { status: 'FAILED', cause: 'disk full' } });
  });
});

test('a run of one batch fails with it', async () => {
  plan.mockResolvedValue({ runId: 'run-1', asOf: '2026-03-02', mode: 'daily', batches: [{ batch: 0 }] });
  fetch.mockImplementation(failingIn([0]));
  await expect(run()).rejects.toThrow('disk full');
  expect(infer).not.toHaveBeenCalled();
});
