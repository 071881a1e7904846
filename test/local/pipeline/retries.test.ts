import { PassThrough } from 'node:stream';
import { beforeEach, expect, test, vi } from 'vitest';
import { ExecutionStatusChange } from '../../../functions/shared/contracts.ts';
import { BadInputError, DatabaseUnreachableError } from '../../../functions/shared/errors.ts';
import { runPipeline } from '../../../local/pipeline/run-pipeline.ts';
import { Progress } from '../../../local/terminal/progress.ts';

const { plan, finish } = vi.hoisted(() => ({ plan: vi.fn(), finish: vi.fn() }));
vi.mock('../../../functions/ingest/plan.lambda.ts', () => ({ handler: plan }));
vi.mock('../../../functions/ingest/finish.lambda.ts', () => ({ handler: finish }));

const lost = () => new DatabaseUnreachableError('database: write CONNECT_TIMEOUT 127.0.0.1:5432');
const run = () => runPipeline({}, new Progress(new PassThrough() as unknown as NodeJS.WriteStream));

beforeEach(() => {
  vi.resetAllMocks();
  vi.spyOn(Math, 'random').mockReturnValue(0);
  finish.mockResolvedValue({});
});

test('invokes a step again after a lost connection', async () => {
  plan.mockRejectedValueOnce(lost()).mockRejectedValueOnce(lost());
  plan.mockRejectedValueOnce(new BadInputError('reached the third attempt'));
  await expect(run()).rejects.toThrow('reached the third attempt');
  expect(plan).toHaveBeenCalledTimes(3);
  expect(finish).toHaveBeenCalledTimes(1);
});

test('fails the run after the attempts of the definition', async () => {
  plan.mockImplementation(() => Promise.reject(lost()));
  await expect(run()).rejects.toThrow('CONNECT_TIMEOUT');
  expect(plan).toHaveBeenCalledTimes(7);
});

test('does not repeat a step that failed for another reason', async () => {
  plan.mockRejectedValue(new BadInputError('no such symbol'));
  await expect(run()).rejects.toThrow('no such symbol');
  expect(plan).toHaveBeenCalledTimes(1);
});

test('records the failure by the event that AWS sends, and repeats that after a lost connection', async () => {
  plan.mockRejectedValue(new BadInputError('no such symbol'));
  finish.mockRejectedValueOnce(lost());
  await expect(run()).rejects.toThrow('no such symbol');
  expect(finish).toHaveBeenCalledTimes(2);
  expect(ExecutionStatusChange.parse(finish.mock.lastCall?.[0]).detail).toEqual({
    name: expect.stringMatching(/^local-/),
    status: 'FAILED',
    error: 'BadInputError',
    cause: 'no such symbol',
    stopDate: expect.any(Date),
  });
});

test('fails with the error of the step even if the ledger cannot record it', async () => {
  plan.mockRejectedValue(new BadInputError('no such symbol'));
  finish.mockImplementation(() => Promise.reject(new Error('the ledger is gone')));
  await expect(run()).rejects.toThrow('no such symbol');
});
