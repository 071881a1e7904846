import { describe, expect, test } from 'vitest';
import { BadInputError, DatabaseUnreachableError, ModelError } from '../../../functions/shared/errors.ts';
import { NOT_READY_ERRORS, TRANSIENT_ERRORS } from '../../../lib/state-machines/call-function.ts';
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
  test('ends in Train with the description of the task', async () => {
    const cause = JSON.stringify({ Containers: [{ ExitCode: 2 }] });
    const { error, visited } = await run({}, { Train: taskFailed(cause) });
    expect(error).toMatchObject({ name: 'States.TaskFailed', message: cause });
    expect(visited).toEqual(['Choose version', 'Train']);
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

  test.each(tasks)('bounds "%s" in time, and retries it with full jitter', (name, state) => {
    const retries = name === 'Train' ? [CAPACITY_RETRY.errors] : [NOT_READY_ERRORS, TRANSIENT_ERRORS];
    expect(state.TimeoutSeconds).toBeGreaterThan(0);
    expect(state.Retry).toEqual(
      retries.map((errors) => expect.objectContaining({ ErrorEquals: errors, JitterStrategy: 'FULL' })),
    );
    expect(state).not.toHaveProperty('Catch');
  });

  test('does not retry permanent errors of training', () => {
    for (const error of ['States.ALL', 'States.TaskFailed', 'States.Timeout']) {
      expect(CAPACITY_RETRY.errors).not.toContain(error);
    }
  });
});
