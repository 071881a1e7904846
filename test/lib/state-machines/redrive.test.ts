import { describe, expect, test } from 'vitest';
import { definition as pipeline } from './pipeline-machine.ts';
import { type Walk, WalkedExecution, type WalkedStates } from './redrive-support.ts';
import { definition as retraining } from './retraining-machine.ts';

const MACHINES = { pipeline, retraining } as unknown as Record<'pipeline' | 'retraining', WalkedStates>;

/** Tasks whose error the definition catches: the execution continues without them. */
const OPTIONAL = ['Fetch whole history', 'Load whole history'];

const DAILY = { 'Daily run?': 'Infer' };
const AFTER_MAP = ['Infer', 'Publish', 'Score', 'Record success'];
const batches = (...tasks: string[]) => [0, 1, 2].flatMap((batch) => tasks.map((task) => `${batch}/${task}`));

/** For a failure in the first task, the tasks that the redrive runs. */
type Redriven = [failed: string, rerun: string[]];

const PIPELINE: Redriven[] = [
  ['Plan', ['Plan', ...batches('Fetch', 'Load', 'Features'), ...AFTER_MAP]],
  ['1/Fetch', ['1/Fetch', '1/Load', '1/Features', ...AFTER_MAP]],
  ['1/Load', ['1/Load', '1/Features', ...AFTER_MAP]],
  ['1/Features', ['1/Features', ...AFTER_MAP]],
  ['Infer', AFTER_MAP],
  ['Publish', AFTER_MAP.slice(1)],
  ['Score', AFTER_MAP.slice(2)],
  ['Record success', ['Record success']],
];

const RETRAINING: Redriven[] = [
  ['Choose version', ['Choose version', 'Train', 'Register', 'Promote']],
  ['Train', ['Train', 'Register', 'Promote']],
  ['Register', ['Register', 'Promote']],
  ['Promote', ['Promote']],
];

const never = () => false;

describe.each([
  ['pipeline', PIPELINE, { choices: DAILY, items: 3 }],
  ['retraining', RETRAINING, { choices: {} }],
] as [keyof typeof MACHINES, Redriven[], Omit<Walk, 'fails'>][])(
  'a redrive of the %s',
  (name, expected, walk) => {
    const machine = MACHINES[name];

    test.each(expected)(
      'after a failure in "%s" repeats it and what follows, and succeeds',
      (failed, rerun) => {
        const execution = new WalkedExecution(machine);
        const first = execution.start({ ...walk, fails: (task) => task === failed });
        expect(first.status).toBe('FAILED');
        // Every batch that did not fail has finished.
        const done = first.tasks.filter((task) => task !== failed);
        const second = execution.redrive({ ...walk, fails: never });
        expect(second).toEqual({ status: 'SUCCEEDED', tasks: rerun });
        expect(second.tasks.filter((task) => done.includes(task))).toEqual([]);
      },
    );

    test('may fail again, and succeed later', () => {
      const [failed, rerun] = expected.at(-1) as Redriven;
      const execution = new WalkedExecution(machine);
      const fails = (task: string) => task === failed;
      execution.start({ ...walk, fails });
      expect(execution.redrive({ ...walk, fails }).status).toBe('FAILED');
      expect(execution.redrive({ ...walk, fails: never })).toEqual({ status: 'SUCCEEDED', tasks: rerun });
    });

    test('is covered for every task, so that a new task needs an expectation', () => {
      const covered = expected.map(([task]) => task.replace(/^\d\//, ''));
      expect([...covered, ...(name === 'pipeline' ? OPTIONAL : [])].sort()).toEqual(tasksOf(machine).sort());
    });
  },
);

describe('a redrive of the pipeline', () => {
  test('repeats every batch that failed, each from its own failed task', () => {
    const walk = { choices: DAILY, items: 3 };
    const execution = new WalkedExecution(pipeline as unknown as WalkedStates);
    execution.start({ ...walk, fails: (task) => ['0/Features', '2/Fetch'].includes(task) });
    expect(execution.redrive({ ...walk, fails: never }).tasks).toEqual([
      '0/Features',
      '2/Fetch',
      '2/Load',
      '2/Features',
      ...AFTER_MAP,
    ]);
  });

  test.each(OPTIONAL)('is not needed after a failure in "%s", because the batch continues', (task) => {
    const execution = new WalkedExecution(pipeline as unknown as WalkedStates);
    const choices = { ...DAILY, 'History restated?': 'Fetch whole history' };
    const { status, tasks } = execution.start({ choices, fails: (name) => name === `0/${task}` });
    expect(status).toBe('SUCCEEDED');
    expect(tasks).toContain('0/Features');
  });

  test('records success without recommendations in the other modes', () => {
    const walk = { choices: { 'Daily run?': 'Record success' } };
    const execution = new WalkedExecution(pipeline as unknown as WalkedStates);
    execution.start({ ...walk, fails: (task) => task === '0/Load' });
    expect(execution.redrive({ ...walk, fails: never }).tasks).toEqual([
      '0/Load',
      '0/Features',
      'Record success',
    ]);
  });
});

test.each(Object.entries(MACHINES))('no error of the %s leads to a Fail state', (_, machine) => {
  expect(statesOf(machine).filter(([, { Type }]) => Type === 'Fail')).toEqual([]);
  const catching = statesOf(machine).filter(([, state]) => state.Catch);
  expect(catching.map(([name]) => name).filter((name) => !OPTIONAL.includes(name))).toEqual([]);
});

test('the walk fails for ever where a catch leads to a Fail state', () => {
  const caught = { ErrorEquals: ['States.ALL'], Next: 'Failed' };
  const execution = new WalkedExecution({
    StartAt: 'Work',
    States: { Work: { Type: 'Task', End: true, Catch: [caught] }, Failed: { Type: 'Fail' } },
  });
  const walk = { choices: {} };
  execution.start({ ...walk, fails: () => true });
  expect(execution.redrive({ ...walk, fails: never })).toEqual({ status: 'FAILED', tasks: [] });
});

function statesOf({ States }: WalkedStates): [string, WalkedStates['States'][string]][] {
  return Object.entries(States).flatMap(([name, state]) => [
    [name, state] as [string, WalkedStates['States'][string]],
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor) : []),
  ]);
}

function tasksOf(machine: WalkedStates): string[] {
  return statesOf(machine)
    .filter(([, { Type }]) => Type === 'Task')
    .map(([name]) => name);
}
