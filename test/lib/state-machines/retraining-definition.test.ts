import { describe, expect, test } from 'vitest';
import { BadInputError, DatabaseUnreachableError, ModelError } from '../../../functions/shared/errors.ts';
import { TRANSIENT_ERRORS } from '../../../lib/state-machines/pipeline-definition.ts';
import { CAPACITY_RETRY } from '../../../lib/state-machines/retraining-definition.ts';
import { promoted, run, states } from './retraining-machine.ts';
import type { Json } from './state-machine.ts';

/** A handler that throws an error with a name of Step Functions. */
const failing =
  (error: Error, name = error.name) =>
  () => {
    throw Object.assign(error, { name });
  };
const taskFailed = (cause: string) => failing(new Error(cause), 'States.TaskFailed');

describe('retraining', () => {
  test('trains, registers and promotes, and returns the verdict of the gate', async () => {
    const { output, calls } = await run({});
    expect(output).toEqual(promoted);
    const environment = [
      { Name: 'MODEL_VERSION', Value: 'v0.1.1' },
      { Name: 'RELEASE_PATH', Value: 'v0.1.1/run-1' },
      { Name: 'INCUMBENT_PATH', Value: 'v0.1.0' },
    ];
    expect(calls).toEqual([
      ['Choose version', { step: 'choose', runId: 'run-1', input: {} }],
      [
        'Train',
        expect.objectContaining({
          Overrides: { ContainerOverrides: [{ Name: 'Trainer', Environment: environment }] },
        }),
      ],
      ['Register', { step: 'register', version: 'v0.1.1', path: 'v0.1.1/run-1' }],
      ['Promote', { step: 'promote', version: 'v0.1.1' }],
    ]);
  });

  test('succeeds with a reason if the gate refuses', async () => {
    const refused = {
      version: 'v0.1.1',
      promoted: false,
      reason: 'rank_ic: the rank IC of -0.01 has an interval of -0.03 to 0.01, which is not above 0',
    };
    const { output, error } = await run({}, { Promote: () => refused });
    expect(error).toBeUndefined();
    expect(output).toEqual(refused);
  });

  test('passes the input unchanged to the function, which validates it', async () => {
    const { calls } = await run({ verison: 'v1.0.0' });
    expect(calls[0]?.[1]).toEqual({ step: 'choose', runId: 'run-1', input: { verison: 'v1.0.0' } });
  });

  test('retries without Fargate capacity or database', async () => {
    let failures = 2;
    const flaky = (error: () => Error, answer: Json) => () => {
      if (failures-- > 0) throw error();
      return answer;
    };
    const capacity = () =>
      Object.assign(new Error('Capacity is unavailable'), { name: CAPACITY_RETRY.errors?.[0] });
    expect(
      (await run({}, { Train: flaky(capacity, {}) })).visited.filter((state) => state === 'Train'),
    ).toHaveLength(3);
    failures = 1;
    const gone = () => new DatabaseUnreachableError('database: gone');
    expect((await run({}, { Promote: flaky(gone, promoted) })).output).toEqual(promoted);
  });
});

describe('retraining that fails', () => {
  test.each([
    [
      'a trainer that exits with an error',
      {
        TaskArn: 'arn:task',
        StoppedReason: 'Essential container in task exited',
        Containers: [{ ExitCode: 2 }],
      },
      'The trainer exited with code 2 (2: unusable data). The log of task arn:task has the details.',
    ],
    [
      'a container that does not start',
      { TaskArn: 'arn:task', StoppedReason: 'CannotPullContainerError: denied', Containers: [{}] },
      'The trainer did not finish: CannotPullContainerError: denied',
    ],
    [
      'a task without exit code and reason',
      { Containers: [] },
      'The trainer did not finish, and its task has no stop reason.',
    ],
  ])('explains the failure of %s', async (_, task, message) => {
    const { error, visited } = await run({}, { Train: taskFailed(JSON.stringify(task)) });
    expect(error).toMatchObject({ name: 'TrainingFailed', message });
    expect(visited).toEqual(['Choose version', 'Train']);
  });

  test.each([
    ['an error that is not of the task', failing(new Error('role is missing'), 'ECS.AccessDeniedException')],
    ['a task without a description', taskFailed('role is missing')],
  ])('reports %s unchanged', async (_, train) => {
    const { error, visited } = await run({}, { Train: train });
    expect(error?.message).toBe('role is missing');
    expect(visited).not.toContain('Register');
  });

  test('fails with the error alone if training times out', async () => {
    const { error } = await run({}, { Train: failing(new Error(''), 'States.Timeout') });
    expect(error).toMatchObject({ name: 'States.Timeout' });
  });

  test.each(['Choose version', 'Register', 'Promote'])('ends with the error of "%s"', async (state) => {
    for (const broken of [new BadInputError('no such thing'), new ModelError('no such thing')]) {
      const { error, visited } = await run({}, { [state]: failing(broken) });
      expect(error).toMatchObject({ name: broken.name, message: 'no such thing' });
      expect(visited.at(-1)).toBe(state);
    }
  });
});

describe('the definition', () => {
  const tasks = states.filter(([, { Type }]) => Type === 'Task');

  test.each(states)('describes "%s" in a comment', (_, state) => {
    expect(state.Comment).toMatch(/\.$/);
  });

  test.each(tasks)(
    'bounds "%s" in time, retries it with backoff and full jitter, and catches the rest',
    (name, state) => {
      const errors = name === 'Train' ? CAPACITY_RETRY.errors : TRANSIENT_ERRORS;
      expect(state.TimeoutSeconds).toBeGreaterThan(0);
      expect(state.Retry).toEqual([
        expect.objectContaining({ ErrorEquals: errors, BackoffRate: 2, JitterStrategy: 'FULL' }),
      ]);
      expect(state.Catch?.map(({ ErrorEquals }) => ErrorEquals)).toEqual([['States.ALL']]);
    },
  );

  test('does not retry permanent errors of training', () => {
    for (const error of ['States.ALL', 'States.TaskFailed', 'States.Timeout']) {
      expect(CAPACITY_RETRY.errors).not.toContain(error);
    }
  });
});
