import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NOT_READY_ERRORS, TRANSIENT_ERRORS } from '../../../lib/state-machines/call-function.ts';
import { PIPELINE_STEPS } from '../../../lib/state-machines/pipeline-steps.ts';
import { DEFINITION_FILE, synthesiseDefinition } from '../../../local/commands/synth-definition.ts';
import { definition } from './pipeline-machine.ts';

/** The parts of a state that these tests read. */
interface AslState {
  Type: string;
  Comment?: string;
  TimeoutSeconds?: number;
  Retry?: {
    ErrorEquals: string[];
    IntervalSeconds: number;
    MaxAttempts: number;
    BackoffRate: number;
    MaxDelaySeconds?: number;
    JitterStrategy: string;
  }[];
  Catch?: { ErrorEquals: string[]; Next: string }[];
  ItemProcessor?: { States: Record<string, AslState> };
}

/** Every state by name, including those inside the map. */
function states(machine: unknown = definition): [string, AslState][] {
  return Object.entries((machine as { States: Record<string, AslState> }).States).flatMap(([name, state]) => [
    [name, state] as [string, AslState],
    ...(state.ItemProcessor ? states(state.ItemProcessor) : []),
  ]);
}

describe('the definition', () => {
  const tasks = states().filter(([, { Type }]) => Type === 'Task');

  test.each(states())('describes "%s" in a comment', (_, state) => {
    expect(state.Comment).toMatch(/\.$/);
  });

  test.each(tasks)('times "%s" out, and retries it with backoff and full jitter', (_, state) => {
    expect(state.TimeoutSeconds).toBeGreaterThan(0);
    expect(state.Retry).toEqual([
      expect.objectContaining({ ErrorEquals: NOT_READY_ERRORS, IntervalSeconds: 60, JitterStrategy: 'FULL' }),
      expect.objectContaining({ ErrorEquals: TRANSIENT_ERRORS, BackoffRate: 2, JitterStrategy: 'FULL' }),
    ]);
  });

  /** How many seconds a state waits on average in all its retries of an error. */
  const waited = (state: string, error: string) => {
    const retry = Object.fromEntries(states())[state]?.Retry?.find(({ ErrorEquals }) =>
      ErrorEquals.includes(error),
    );
    if (!retry) throw new Error(`${state} does not retry ${error}`);
    const waits = Array.from({ length: retry.MaxAttempts }, (_, attempt) =>
      Math.min(
        retry.IntervalSeconds * retry.BackoffRate ** attempt,
        retry.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
      ),
    );
    // Full jitter halves the wait.
    return waits.reduce((sum, wait) => sum + wait, 0) / 2;
  };

  test('waits for a busy function longer than a batch takes', () => {
    expect(waited('Fetch', 'Lambda.TooManyRequestsException')).toBeGreaterThan(
      PIPELINE_STEPS.fetch.timeoutMinutes * 60,
    );
  });

  test('waits for the database about as long as its failover takes', () => {
    expect(waited('Features', 'DatabaseUnreachableError')).toBeGreaterThan(60);
  });

  test('does not retry permanent errors', () => {
    for (const error of [
      'BadInputError',
      'ConfigurationError',
      'ModelError',
      'States.ALL',
      'States.TaskFailed',
    ]) {
      expect(TRANSIENT_ERRORS).not.toContain(error);
    }
  });

  test('catches only the failure of a restated history, so that its batch continues', () => {
    const catching = states().filter(([, { Catch }]) => Catch);
    expect(catching.map(([name, { Catch }]) => [name, Catch?.[0]?.ErrorEquals, Catch?.[0]?.Next])).toEqual(
      ['Fetch whole history', 'Load whole history'].map((name) => [name, ['States.ALL'], 'Features']),
    );
  });

  test('runs a few batches at once, as child executions, and continues unless most of them fail', () => {
    expect(Object.fromEntries(states())['For each batch']).toMatchObject({
      MaxConcurrency: 4,
      ToleratedFailurePercentage: 50,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
    });
  });

  test('equals the stored definition (npm run synth:definition updates it)', () => {
    expect(JSON.parse(readFileSync(DEFINITION_FILE, 'utf8'))).toEqual(synthesiseDefinition());
  });
});
