import { expect, test, vi } from 'vitest';
import { handler } from '../../../functions/infer/promote.lambda.ts';
import { describeRetrainingFailure } from '../../../functions/infer/retraining-failure.ts';

const failed = (cause: string | null, error: string | null = 'States.TaskFailed') => ({
  name: 'run-1',
  status: 'FAILED' as const,
  error,
  cause,
});

test.each([
  [
    'a trainer that exits with an error',
    {
      TaskArn: 'arn:task',
      StoppedReason: 'Essential container in task exited',
      Containers: [{ ExitCode: 2 }],
    },
    'TrainingFailed: the trainer exited with code 2 (2: unusable data). The log of task arn:task has the details.',
  ],
  [
    'a container that does not start',
    { TaskArn: 'arn:task', StoppedReason: 'CannotPullContainerError: denied', Containers: [{}] },
    'TrainingFailed: the trainer did not finish: CannotPullContainerError: denied',
  ],
  [
    'a task without exit code and reason',
    { Containers: [] },
    'TrainingFailed: the trainer did not finish, and its task has no stop reason',
  ],
])('explains the failure of %s', (_, task, expected) => {
  expect(describeRetrainingFailure(failed(JSON.stringify(task)))).toBe(expected);
});

test.each([
  [
    'an error that is not of the task',
    failed('role is missing', 'ECS.AccessDeniedException'),
    'ECS.AccessDeniedException: role is missing',
  ],
  ['a task without a description', failed('role is missing'), 'States.TaskFailed: role is missing'],
  [
    'an error of a function',
    failed('{"errorMessage":"no such release"}', 'ModelError'),
    'ModelError: no such release',
  ],
  [
    'a timeout',
    { ...failed(null, null), status: 'TIMED_OUT' as const },
    'States.Timeout: the execution took longer than its limit',
  ],
])('reports %s', (_, detail, expected) => {
  expect(describeRetrainingFailure(detail)).toBe(expected);
});

test('the function logs the reason of the event', async () => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.stubEnv('LOG_LEVEL', 'error');
  const event = {
    'detail-type': 'Step Functions Execution Status Change',
    detail: failed('no such release', 'ModelError'),
  };
  expect(await handler(event)).toEqual({ runId: 'run-1', reason: 'ModelError: no such release' });
  expect(JSON.parse(String(written.mock.calls[0]?.[0]))).toMatchObject({
    level: 'error',
    event: 'retraining failed',
    runId: 'run-1',
    reason: 'ModelError: no such release',
  });
  written.mockRestore();
  vi.unstubAllEnvs();
});
